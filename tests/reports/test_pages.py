"""The pages of reports: what is asked, compared and taken along."""

import csv
import datetime
import io

import pytest
from python_calamine import CalamineWorkbook

from records.models import Batch
from reports.asked import Asked
from reports.contribution import contribution
from reports.period import Period, preset
from tests.customers import makers as customers
from tests.reports import rows
from tests.sales import makers

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 8, 12)
WON = "/reports/contribution/?measure=won&by=customer&period=all"


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def some(alice):
    """Sixty customers with a win each; one has a name that a spreadsheet would run."""
    names = ["=1+1", *(f"C {number:02}" for number in range(59))]
    rows.saved([
        rows.opportunity("Won", owner=alice, customer=customers.customer(name, owner=alice), stage=makers.stage(),
                         opened_on=day("2026-05-01"), state="won", closed_on=day("2026-05-05"), amount=1000 - number)
        for number, name in enumerate(names)
    ])  # fmt: skip


def plain(table):
    return [["" if value is None else str(value) for value in row] for row in table]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_the_whole_table_and_leaves_a_note(some, signed_in, erin, kind):
    answer = signed_in(erin).post(WON.replace("?", "export/?"), {"format": kind})
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        found = plain(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
    whole = contribution(erin, Asked(Period(), measure="won", by="customer"), size=None)
    assert found[0] == ["#", "Customer", "Value, EUR", "Count", "Share", "Cumulative", "Class"]
    assert [row[1].lstrip("'") for row in found[1:]] == [row.label for row in whole.rows]
    assert [float(row[2]) for row in found[1:]] == [float(row.value) for row in whole.rows]
    batch = Batch.objects.get(verb="export")
    assert (batch.by, batch.params["report"], batch.counts["rows"]) == (erin, "contribution", 60)


def test_a_text_never_becomes_a_formula(some, signed_in, erin):
    content = b"".join(signed_in(erin).post(WON.replace("?", "export/?"), {"format": "csv"}).streaming_content)
    assert "'=1+1" in content.decode()


def test_an_export_needs_the_right(some, signed_in, alice):
    assert signed_in(alice).post(WON.replace("?", "export/?"), {"format": "csv"}).status_code == 403
    assert "/export/" not in signed_in(alice).get(WON).content.decode()
    assert not Batch.objects.filter(verb="export").exists()


def test_pages_go_on_where_the_one_before_ended(some, signed_in, erin):
    client = signed_in(erin)
    first, second = client.get(WON), client.get(f"{WON}&page=2")
    assert [row.place for row in second.context["figures"].rows] == list(range(51, 61))
    assert "page=2" in first.content.decode()
    assert "page=3" not in second.content.decode()


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (preset("last_month", TODAY), ("2026-06-01", "2026-06-30")),
        (preset("last_quarter", TODAY), ("2026-01-01", "2026-03-31")),
        # One that still runs is compared as far as it has come.
        (preset("this_year", TODAY), ("2025-01-01", "2025-08-12")),
        (preset("this_quarter", TODAY), ("2026-04-01", "2026-05-12")),
        (Period(day("2026-03-10"), day("2026-03-19")), ("2026-02-28", "2026-03-09")),
    ],
)
def test_the_period_before_is_of_the_same_span(period, before):
    assert period.before(TODAY) == Period(*map(day, before))


def test_all_time_has_nothing_before():
    assert preset("all", TODAY).before(TODAY) is None


def test_a_compared_figure_says_what_it_was(some, signed_in, erin):
    asked = "/reports/funnel/?from=2026-05-02&to=2026-05-02&compare=on"
    page = signed_in(erin).get(asked, headers={"HX-Request": "true"}).content.decode()
    assert "before: 60" in page


def test_filters_stand_open_only_when_used(some, signed_in, erin, north):
    client = signed_in(erin)
    assert '<details class="report-more">' in client.get("/reports/funnel/").content.decode()
    assert '<details class="report-more" open>' in client.get(f"/reports/funnel/?team={north.pk}").content.decode()


def test_the_hub_offers_what_is_within_rights(signed_in, erin, alice, finn):
    offered = {name: signed_in(person).get("/reports/").content.decode() for name, person in
               (("erin", erin), ("alice", alice), ("finn", finn))}  # fmt: skip
    assert ["Margin by product" in page for page in offered.values()] == [True, False, False]
    assert ["/reports/funnel/" in page for page in offered.values()] == [True, True, False]
    assert all("/reports/contribution/" in page for page in offered.values())


def test_the_api_has_the_figures_of_the_page(some, erin, api):
    answer = api(erin, "reports/contribution?measure=won&by=customer").json()
    assert answer["totals"]["rows"] == 60
    assert answer["rows"][0] == {
        "place": 1, "key": answer["rows"][0]["key"], "name": "=1+1", "value": "1000.00", "count": 1,
        "share": answer["rows"][0]["share"], "cumulative": answer["rows"][0]["share"], "class": "A",
        "list": answer["rows"][0]["list"],
    }  # fmt: skip
    assert api(erin, "reports/way").json()["totals"] == {"leads": 0, "won": 0}
    assert api(erin, "reports/contribution?measure=margin").status_code == 200


def test_margin_is_hidden_in_the_api_too(alice, api):
    assert api(alice, "reports/contribution?measure=margin").status_code == 403
