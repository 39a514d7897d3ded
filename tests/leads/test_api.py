"""``/api/v1/leads``."""

import pytest

from accounts.models import ApiToken
from leads.models import Lead
from records.models import Event
from tests.leads import makers
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def test_a_name_is_enough_and_the_lead_is_the_askers(api, alice):
    made = api(alice, "leads", {"name": "Anna Weber"})
    assert made.status_code == 201
    assert {"name": "Anna Weber", "owner": alice.pk, "state": "assigned", "version": 1}.items() <= made.json().items()
    assert Event.objects.get(subject_kind="lead", verb="create").by == alice


def test_an_owner_other_than_oneself_needs_the_right(api, alice, bob, charlie, tess):
    assert api(alice, "leads", {"name": "A", "owner": bob.pk}).status_code == 403
    assert api(tess, "leads", {"name": "A", "owner": bob.pk}).json()["owner"] == bob.pk
    assert "owner" in api(tess, "leads", {"name": "A", "owner": charlie.pk}).json()["errors"]
    assert Lead.objects.count() == 1


def test_a_change_needs_the_version_that_was_seen(api, alice):
    lead = makers.lead(owner=alice)
    assert api(alice, f"leads/{lead.pk}", {"city": "Kiel"}, method="patch").status_code == 428
    changed = api(alice, f"leads/{lead.pk}", {"city": "Kiel"}, method="patch", version=lead.version)
    assert changed.status_code == 200 and changed.json()["version"] == lead.version + 1
    late = api(alice, f"leads/{lead.pk}", {"city": "Bonn"}, method="patch", version=lead.version)
    assert late.status_code == 412
    lead.refresh_from_db()
    assert lead.city == "Kiel"


def test_a_deleted_lead_lies_in_the_trash(api, alice):
    lead = makers.lead(owner=alice)
    assert api(alice, f"leads/{lead.pk}", method="delete").status_code == 204
    assert api(alice, f"leads/{lead.pk}").status_code == 404
    assert Lead._base_manager.get(pk=lead.pk).is_deleted


def test_a_lead_out_of_reach_does_not_exist(api, bob, nobody, alice):
    lead = makers.lead(owner=alice)
    for path, method in (("", "get"), ("", "patch"), ("", "delete"), ("/lose", "post"), ("/assign", "post")):
        answer = api(bob, f"leads/{lead.pk}{path}", {"owner": bob.pk} if path == "/assign" else {}, method=method)
        assert answer.status_code == 404, path + method
    assert api(nobody, "leads").status_code == 403
    assert api(nobody, "leads", {"name": "A"}).status_code == 403


def test_the_verbs_lead_through_the_states(api, alice, tess, bob):
    lead = makers.lead(owner=alice)
    for verb, state in (("contact", "contacted"), ("qualify", "qualified")):
        assert api(alice, f"leads/{lead.pk}/{verb}", {}).json()["state"] == state
    lost = api(alice, f"leads/{lead.pk}/lose", {"reason": "No budget", "note": "next year"}).json()
    assert (lost["state"], lost["lost_reason"]) == ("lost", "no_budget")
    assert api(alice, f"leads/{lead.pk}/reopen").json()["state"] == "assigned"
    assert api(alice, f"leads/{lead.pk}/assign", {"owner": bob.pk}).status_code == 403
    assert api(tess, f"leads/{lead.pk}/assign", {"owner": bob.pk}).json()["owner"] == bob.pk


def test_a_state_that_forbids_the_verb_says_which_it_allows(api, alice):
    lead = makers.lead(owner=alice)
    refused = api(alice, f"leads/{lead.pk}/reopen", {})
    assert refused.status_code == 409
    assert refused.json()["state"] == "assigned"
    assert "qualify" in refused.json()["allowed"]
    assert api(alice, f"leads/{lead.pk}/lose", {"reason": " "}).status_code == 409


def test_a_reason_in_words_of_ones_own_is_kept_as_note(api, alice):
    lead = makers.lead(owner=alice)
    lost = api(alice, f"leads/{lead.pk}/lose", {"reason": "They moved abroad", "note": "told by phone"}).json()
    assert (lost["state"], lost["lost_reason"]) == ("lost", "other")
    lead.refresh_from_db()
    assert lead.lost_note == "They moved abroad – told by phone"


def test_a_lead_becomes_a_customer_with_an_opportunity(api, alice):
    lead = makers.lead(owner=alice, company="Acme GmbH")
    asked = {"opportunity": {"name": "Pumps", "amount": {"amount": "12.50", "currency": "EUR"}}}
    made = api(alice, f"leads/{lead.pk}/convert", asked).json()
    assert made["state"] == "converted" and made["customer"] and made["opportunity"]
    assert api(alice, f"leads/{lead.pk}/convert", {}).status_code == 409


@pytest.mark.parametrize(
    "sent",
    [{"name": "a\x00b"}, {"name": 7}, {"colour": "red"}, {"email": "nobody"}, {"phone": "12"}, {"name": "x" * 201},
     {"source": "nowhere"}, {"estimated_value": {"amount": "1e30", "currency": "EUR"}}, {"owner": 2**70}, {},
     {"name": "A", "estimated_value": {"amount": "1", "currency": "QQQ"}}, {"name": "A", "rating_by_hand": "boiling"}],
)  # fmt: skip
def test_what_cannot_be_is_refused(api, alice, sent):
    assert api(alice, "leads", sent).status_code == 422
    assert not Lead.objects.exists()


def test_filters_and_words_narrow_within_reach(api, alice, bob, tess):
    api(alice, "leads", {"name": "Quokka"})
    api(bob, "leads", {"name": "Numbat"})
    assert [row["name"] for row in api(tess, "leads?q=quokka").json()["items"]] == ["Quokka"]
    assert [row["name"] for row in api(tess, f"leads?owner={bob.pk}&state=assigned").json()["items"]] == ["Numbat"]
    assert api(alice, "leads?q=numbat").json()["items"] == []
    assert b"Numbat" not in api(alice, "leads").content


def test_all_pages_together_are_what_the_person_sees(api, alice, bob, tess, charlie):
    for person in (alice, bob, charlie):
        for number in range(4):
            makers.lead(f"Lead {number}", owner=person)
    seen, cursor = [], ""
    while cursor is not None:
        page = api(tess, f"leads?limit=3&cursor={cursor}").json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert len(seen) == 8
    assert set(seen) == set(Lead.objects.visible_to(tess).values_list("pk", flat=True))


def test_a_page_of_thirty_asks_as_often_as_one_of_three(api, alice, count_queries):
    for number in range(3):
        makers.lead(f"Lead {number}", owner=alice)
    few = count_queries(lambda: api(alice, "leads"))
    for number in range(27):
        makers.lead(f"More {number}", owner=alice)
    assert count_queries(lambda: api(alice, "leads")) == few


@pytest.mark.django_db(transaction=True)
def test_one_key_at_the_same_moment_makes_one_lead(alice):
    from django.test import Client

    token = ApiToken.issue(alice)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}

    def post(_number):
        return Client().post("/api/v1/leads", {"name": "A"}, content_type="application/json", headers=headers)

    answers = at_once(post, [1, 2])
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Lead.objects.count() == 1
