"""An export holds exactly what the filter says, in the list's order, and runs nothing in a spreadsheet."""

import csv
import io

import openpyxl
import pytest

from crm.lists import export_file, export_views
from crm.lists.export_formats import safe
from records.models import Attachment, Batch, Collaborator
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(alice, bob, charlie):
    rows = [customer(f"Firma {n}", owner=owner, grade="AB"[n % 2]) for n, owner in enumerate([alice, bob, charlie] * 3)]
    Collaborator.objects.create(subject_kind="customer", subject_id=rows[2].pk, user=alice)
    return rows


def names(client, query="", **data):
    answer = client.post(f"/lists/customers/export/?{query}", {"format": "csv", **data})
    text = b"".join(answer.streaming_content).decode()
    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "Name"
    return [row[0] for row in rows]


@pytest.mark.parametrize("person", ["alice", "tess", "erin", "olga"])
def test_an_export_is_the_list(signed_in, request, world, person):
    user = request.getfixturevalue(person)
    client = signed_in(user)
    from customers.models import Customer

    for query, where in (("", {}), ("grade=A", {"grade": "A"})):
        seen = Customer.objects.visible_to(user).filter(**where).order_by("sort_key", "pk")
        assert names(client, f"sort=name&{query}") == [row.name for row in seen]


def test_an_export_is_recorded_with_its_filter(signed_in, alice, world):
    names(signed_in(alice), "grade=A")
    batch = Batch.objects.get()
    assert (batch.verb, batch.by, batch.counts["rows"]) == ("export", alice, 3)
    assert batch.params["query"] == "grade=A"


@pytest.mark.parametrize("person", ["finn", "nobody"])
def test_who_may_not_export_gets_403(signed_in, request, world, person):
    client = signed_in(request.getfixturevalue(person))
    assert client.post("/lists/customers/export/", {"format": "csv"}).status_code == 403
    assert not Batch.objects.exists()


def test_a_filter_without_sense_exports_nothing(signed_in, alice, world):
    assert names(signed_in(alice), "grade=Z") == []


def test_the_mark_for_office_software_is_optional(signed_in, alice, world):
    client = signed_in(alice)
    for data, starts in (({"bom": "1"}, True), ({}, False)):
        answer = client.post("/lists/customers/export/", {"format": "csv", **data})
        assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf") is starts


def test_only_the_chosen_columns_go_out(signed_in, alice, world):
    client = signed_in(alice)
    client.post("/lists/customers/columns/", {"columns": ["name", "grade"]})
    answer = client.post("/lists/customers/export/", {"format": "csv"})
    assert b"".join(answer.streaming_content).decode().splitlines()[0] == "Name,Grade"


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1+1", "'-1+1"), ("+1|cmd", "'+1|cmd"), ("\tx", "'\tx"), ("Acme", "Acme"),
     ("+4930123456", "+4930123456")],
)  # fmt: skip
def test_no_text_becomes_a_formula_in_csv(text, written):
    assert safe(text) == written


def test_no_text_becomes_a_formula_in_xlsx(signed_in, alice):
    customer("=HYPERLINK(1)", owner=alice)
    answer = signed_in(alice).post("/lists/customers/export/", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["A2"].data_type == "s" or sheet["A2"].quotePrefix is not None


def test_many_rows_become_a_file_for_the_one_who_asked(signed_in, alice, bob, world, monkeypatch):
    sent = []
    monkeypatch.setattr(export_views, "AT_ONCE", 2)
    monkeypatch.setattr(export_views.write_export, "delay_on_commit", sent.append)
    answer = signed_in(alice).post("/lists/customers/export/", {"format": "csv"})
    batch = Batch.objects.get()
    assert sent == [batch.pk]
    for _twice in range(2):
        export_views.write_export(batch.pk)
    assert Attachment.objects.count() == 1
    page = signed_in(alice).get(answer.url).content.decode()
    url = f"/lists/customers/batches/{batch.pk}/file/"
    assert url in page
    assert b"Firma 0" in b"".join(signed_in(alice).get(url).streaming_content)
    assert signed_in(bob).get(url).status_code == 404


def test_a_right_lost_before_the_file_is_written_ends_the_export(alice, world):
    from django.http import QueryDict

    from crm.lists.asked import Asked
    from customers.lists import customer_list

    asked = Asked(customer_list, QueryDict(), alice)
    batch = export_file.start_export(asked, "csv", asked.columns, with_bom=True)
    alice.user_roles.all().delete()
    export_file.write_file(Batch.objects.get())
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert not Attachment.objects.exists()
