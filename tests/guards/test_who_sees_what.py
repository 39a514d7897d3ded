"""Every list, search, drop-down, export, figure and API answer agrees on who sees what.

The surfaces are taken from their registers, so that a new one is asked as well; what each person may see stands in
``places.py``, written down by hand. No surface shows a word of a record that the person does not reach.
"""

import csv
import io
import json
import re
from itertools import takewhile

import pytest
from django.core.cache import cache
from django.urls import resolve
from django.utils import timezone

from accounts.models import Company
from crm.endpoints.collection import collections
from crm.forms.lookup import lookup_of, lookups
from crm.lists.spec import lists
from customers.panels import panels
from customers.today import today_for
from records.kinds import kinds
from records.search import find, searchables
from reports.register import reports
from tests.guards import places

pytestmark = pytest.mark.django_db
PEOPLE = ("alice", "bob", "charlie", "tess", "erin", "ada", "olga", "finn", "nobody")


@pytest.fixture
def seeded(everybody):
    cache.clear()
    cache.set("company-zone", "UTC", timeout=60)
    resolve("/")  # every room has added to the registers
    return places.seed(everybody)


@pytest.fixture
def ask(signed_in, api, seeded):
    """``ask(who, url)``: the text of the answer, or None where the person has no business at all."""

    def get(who, url, **sent):
        client = signed_in(seeded.people[who])
        answer = client.post(url, sent) if sent else client.get(url)
        assert answer.status_code in (200, 403), f"{url} as {who}: {answer.status_code}"
        return text_of(answer) if answer.status_code == 200 else None

    return get


def text_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_every_list_its_search_and_its_export(seeded, ask):
    for spec in list(lists):
        for who in PEOPLE:
            besides = of_pools(seeded, who) if spec.name == "pool" else set()
            expected = besides if spec.name == "pool" else None if spec.rows else seeded.of(spec.kind, who)
            is_found = spec.has_search and spec.kind in seeded.kinds
            searched = [f"{spec.url}?q={shared_beginning(seeded, spec.kind)}"] if is_found else []
            for url in (spec.url, *searched):
                must_show(seeded, spec.kind, who, ask(who, url), url, expected, besides=besides)
            file = ask(who, f"/lists/{spec.name}/export/", format="csv", columns="all")
            if file is not None:
                must_show(seeded, spec.kind, who, file, f"the export of {spec.name}", expected, besides=besides)
                rows = len(list(csv.reader(io.StringIO(file)))) - 1
                assert expected is None or spec.kind not in seeded.kinds or rows == len(expected), (spec.name, who)


def test_every_collection_of_the_api_and_its_search(seeded, api):
    for collection in list(collections):
        kind = getattr(collection.model, "kind", "")
        for who in PEOPLE:
            searched = [f"&q={shared_beginning(seeded, kind)}"] if collection.search and kind in seeded.kinds else []
            for more in ("", *searched):
                url = f"{collection.name}?limit=200{more}"
                answer = api(seeded.people[who], url)
                assert answer.status_code in (200, 403), (url, who, answer.status_code)
                must_keep_still(seeded, who, answer.content.decode(), url)
                if kind in seeded.kinds:
                    items = answer.json()["items"] if answer.status_code == 200 else []
                    shown = {item["id"] for item in items}
                    assert shown == ids_of(seeded, kind, who), (url, who)


def test_every_searchable_kind_and_every_drop_down(seeded, ask):
    for kind in [searchable.kind for searchable in searchables if searchable.kind in seeded.kinds]:
        beginning = shared_beginning(seeded, kind)
        for who in PEOPLE:
            groups = find(seeded.people[who], beginning, shown=100)
            hits = {hit.pk for group in groups if group.kind == kind for hit in group.hits}
            assert hits == ids_of(seeded, kind, who), (kind, who)
            must_keep_still(seeded, who, ask(who, f"/search/?q={beginning}"), f"the search for {beginning}")
            offered = ask(who, f"/lookup/{kind}/?q={beginning}")
            must_show(seeded, kind, who, offered, f"the drop-down of {kind}", seeded.of(kind, who))
            may_choose = set(lookup_of(kind).rows(seeded.people[who]).values_list("pk", flat=True))
            assert may_choose == ids_of(seeded, kind, who), (kind, who)
    for name in lookups.names():
        for who in PEOPLE:
            must_keep_still(seeded, who, ask(who, f"/lookup/{name}/?q=zq"), f"the drop-down of {name}")


@pytest.mark.slow
def test_the_page_of_every_record_and_what_hangs_on_a_customer(seeded, signed_in):
    pages = {kinds[kind].url_of(record).partition("#")[0]: (kind, at) for (kind, at), record in seeded.records.items()}
    for url, (kind, place) in reversed(pages.items()):
        for who in PEOPLE if url else ():
            answer = signed_in(seeded.people[who]).get(url, follow=True)
            is_seen = place in seeded.places(kind, who)
            assert answer.status_code in ((200,) if is_seen else (403, 404)), (url, kind, place, who)
            must_keep_still(seeded, who, text_of(answer) if is_seen else "", url)
            if kind == "customer" and is_seen:
                must_show_panels(seeded, who, place, text_of(answer))


def must_show_panels(seeded, who, place, text):
    """The records of this customer in every panel whose kind has one."""
    of_panel = {collection.name: collection.kind for collection in collections}
    for kind in {of_panel[name] for name in panels.names() if name in of_panel and name != "leads"}:
        if place in seeded.places(kind, who):
            assert found({seeded.words[kind, place]}, text), f"{kind} is missing on the page of {place} for {who}"


@pytest.mark.slow
def test_every_report_its_export_and_its_api(seeded, ask, api):
    for report in list(reports):
        for who in PEOPLE:
            for query in questions_of(report, seeded.people[who]):
                answer = api(seeded.people[who], f"reports/{report.name}?{query}")
                assert (answer.status_code == 200) == report.is_for(seeded.people[who]), (report.name, who)
                must_keep_still(seeded, who, answer.content.decode(), f"{report.name}?{query}")
            url = f"/reports/{report.name}/"
            must_keep_still(seeded, who, ask(who, f"{url}?period=all"), url)
            must_keep_still(seeded, who, ask(who, f"{url}export/?period=all", format="csv"), f"{url}export/")


def questions_of(report, person):
    """Each choice of each question once."""
    extra = report.extra(person)
    firsts = {name: next(iter(choices)) for name, (_label, choices) in extra.items() if choices}
    asked = [firsts] + [{**firsts, name: code} for name, (_label, choices) in extra.items() for code in choices]
    return {"&".join(f"{name}={code}" for name, code in one.items()) for one in asked}


def test_figures_of_reports_count_what_the_lists_show(seeded, api, ask):
    for who in ("alice", "bob", "charlie", "tess", "erin"):
        person = seeded.people[who]
        funnel = api(person, "reports/funnel").json()["totals"]
        assert funnel["created"] == len(seeded.places("opportunity", who)), who
        rows = api(person, "reports/contribution?measure=orders&by=customer").json()["rows"]
        ordered = {seeded.words["customer", place] for place in seeded.places("order", who)}
        assert found(words_of(seeded, "customer"), json.dumps(rows)) == ordered, who
        for row in rows:
            if row.get("list"):
                must_keep_still(seeded, who, ask(who, row["list"]), row["list"])


def test_today_shows_what_is_in_reach_and_its_figures_are_those_of_their_lists(seeded, ask):
    for who in PEOPLE:
        must_keep_still(seeded, who, ask(who, "/"), "today")
        today = today_for(seeded.people[who], now=timezone.now())
        for item in [item for block in today.blocks for item in block.items]:
            assert ask(who, item.url) is not None, (item.title, who)
        for figure in [figure for figure in today.figures if figure.url]:
            text = ask(who, figure.url)
            shown = re.search(r'id="list-count">([^< ]+)', text)
            assert (shown[1] if shown else "0") == figure.value, (figure.label, who)


def test_a_customer_in_a_pool_is_named_to_its_members_and_masked_for_all(seeded, ask, api):
    for place, pool in seeded.pools.items():
        secret, name = seeded.secrets[place], seeded.words["customer", place]
        for who in PEOPLE:
            is_member = who in places.OF_POOL[place]
            file = ask(who, "/lists/pool/export/", format="csv", columns="all") or ""
            page = ask(who, f"/customers/pool/?pool={pool.pk}") or ""
            told = api(seeded.people[who], f"customers?pool={pool.pk}&limit=200").content.decode()
            assert {name in page, name in told} == {is_member}, (place, who)
            assert secret not in page + told + file, (place, who)
            assert name not in (ask(who, f"/customers/pool/?q={secret}") or ""), "the address is guessed by search"
            by_address = api(seeded.people[who], f"customers?pool={pool.pk}&q={secret}")
            assert by_address.status_code == 403 or by_address.json()["items"] == [], "the address is guessed by search"
            assert find(seeded.people[who], secret) == []


def test_an_existence_note_tells_name_and_owner_and_nothing_else(seeded, ask):
    for place in ("alice", "charlie", "pool"):
        word, record = seeded.words["customer", place], seeded.records["customer", place]
        for who in ("alice", "bob", "charlie", "tess"):
            note = ask(who, "/customers/similar/", name=word)
            is_seen = place in seeded.places("customer", who)
            assert word in note and (f"/customers/{record.pk}/" in note) == is_seen, (place, who)
            assert seeded.secrets[place] not in note and seeded.words["contact", place] not in note
    Company.get()
    Company.objects.update(tells_existence=False)
    assert seeded.words["customer", "charlie"] not in ask("bob", "/customers/similar/", name="Zqcustomercharlie")


def test_every_kind_that_somebody_owns_lies_in_the_places(seeded):
    """A new kind gets its line in ``places.py``, or all that is asked above says nothing of it."""
    owned = {kind.code for kind in kinds if hasattr(kind.model, "access") and kind.code != "product"}
    assert owned <= seeded.kinds, f"no record of {sorted(owned - seeded.kinds)} lies in any place"


def must_show(seeded, kind, who, text, where, expected, *, besides=frozenset()):
    """Exactly these words of the kind (None: some), and none of what is out of reach."""
    must_keep_still(seeded, who, text, where, besides=besides)
    if kind in seeded.kinds and expected is not None:
        assert found(words_of(seeded, kind), text) == expected, f"{where} as {who}"


def must_keep_still(seeded, who, text, where, *, besides=frozenset()):
    """No word of what this person does not reach."""
    told = found(seeded.all_words, text) - seeded.known(who) - set(besides)
    assert not told, f"{where} tells {who} of {sorted(told)}"


def found(words, text):
    return {word for word in words if re.search(rf"\b{re.escape(word)}\b", text or "")}


def words_of(seeded, kind):
    return {word for (made, _place), word in seeded.words.items() if made == kind}


def ids_of(seeded, kind, who):
    return {seeded.records[kind, place].pk for place in seeded.places(kind, who)}


def of_pools(seeded, who):
    return {seeded.words["customer", place] for place, people in places.OF_POOL.items() if who in people}


def shared_beginning(seeded, kind):
    """What a search for all of them is typed as."""
    words = [word.casefold() for word in words_of(seeded, kind)]
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(min(words), max(words), strict=False))
    return "zq" if words[0].startswith("zq") else "".join(letter for letter, _other in alike)
