"""The pages of leads: what they show to whom, and what their forms do."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.create import create_customer
from customers.models import Customer
from leads.assign import assign_leads
from leads.bulk import assign, assign_by_rules
from leads.create import create_lead
from leads.models import AssignmentRule, Lead
from leads.panels import leads_of, similar_leads
from leads.today import QUEUE, TO_CONTACT
from records.models import Batch, Event
from records.undo import undo_batch
from tests.customers.todays import block, figures
from tests.leads import makers


def page(client, name, *arguments, **query):
    return client.get(reverse(f"leads:{name}", args=arguments), query).content.decode()


def offered(text):
    """The verbs to which the page leads."""
    return set(re.findall(r'action="/leads/\d+/([a-z-]+)/"', text)) | set(
        re.findall(r'href="/leads/\d+/([a-z]+)/"', text)
    )


# --- the list ---


def test_the_list_shows_what_is_in_reach_and_nothing_else(signed_in, alice, bob, tess):
    makers.lead("Own lead", owner=alice)
    makers.lead("Bobs lead", owner=bob)
    makers.lead("Queued lead", team=tess.team)
    text = page(signed_in(alice), "list")
    assert "Own lead" in text and "Bobs lead" not in text and "Queued lead" not in text
    text = page(signed_in(tess), "list", work="waiting")
    assert "Queued lead" in text and "Own lead" not in text


def test_the_list_asks_as_often_for_thirty_rows_as_for_three(signed_in, alice, django_assert_max_num_queries):
    client = signed_in(alice)
    for number in (3, 27):
        for n in range(number):
            makers.lead(f"Lead {n}", owner=alice, sort_key=f"lead {n}")
        page(client, "list")
        with django_assert_max_num_queries(12):
            page(client, "list")


# --- one lead ---


def test_only_the_verbs_that_right_and_state_allow_are_offered(signed_in, alice, erin, olga):
    lead = makers.lead(owner=alice)
    assert {"log", "qualify", "convert", "lose", "edit", "delete"} <= offered(page(signed_in(alice), "detail", lead.pk))
    assert "assign" not in offered(page(signed_in(alice), "detail", lead.pk))
    assert offered(page(signed_in(erin), "detail", lead.pk)) == set()
    assert {"assign", "edit", "delete"} <= offered(page(signed_in(olga), "detail", lead.pk))
    assert not {"qualify", "convert", "log"} & offered(page(signed_in(olga), "detail", lead.pk))
    lead.qualify(by=alice)
    assert "qualify" not in offered(page(signed_in(alice), "detail", lead.pk))


def test_a_lead_in_the_queue_says_why_it_waits(signed_in, alice, tess):
    alice.is_on_duty = False
    alice.save()
    makers.rule(alice, name="North", team=tess.team)
    lead = makers.lead(team=tess.team)
    assign_leads(now=timezone.now())
    assert "nobody is on duty (North)" in page(signed_in(tess), "detail", lead.pk)


def test_the_timeline_says_which_rule_gave_the_lead_and_why(signed_in, alice, bob):
    makers.rule(alice, bob, name="Everything")
    lead = makers.lead()
    assign_leads(now=timezone.now())
    text = page(signed_in(alice), "detail", lead.pk)
    assert "Assigned to Alice" in text and "by the rule “Everything”" in text and "of 2 people" in text


# --- create ---


@pytest.mark.parametrize(("goes_to", "state"), [("me", "assigned"), ("rules", "new")])
def test_the_creator_takes_the_lead_or_leaves_it_to_the_rules(signed_in, alice, goes_to, state):
    signed_in(alice).post(reverse("leads:create"), {"name": "Li Wei", "goes_to": goes_to})
    lead = Lead.objects.get()
    assert (lead.state, lead.owner) == (state, alice if goes_to == "me" else None)
    assert lead.team == alice.team


def test_a_lead_is_given_only_to_people_in_reach(signed_in, tess, bob, charlie):
    client = signed_in(tess)
    data = {"name": "Li Wei", "goes_to": "person"}
    assert client.post(reverse("leads:create"), {**data, "owner": charlie.pk}).status_code == 422
    assert not Lead.objects.exists()
    client.post(reverse("leads:create"), {**data, "owner": bob.pk})
    assert Lead.objects.get().owner == bob


def test_nonsense_comes_back_by_field_with_what_was_typed(signed_in, alice):
    data = {"name": "Li Wei", "phone": "12", "email": "no address", "goes_to": "me"}
    answer = signed_in(alice).post(reverse("leads:create"), data)
    assert answer.status_code == 422 and not Lead.objects.exists()
    text = answer.content.decode()
    assert "This is not a phone number" in text and "This is not an e-mail address" in text and "Li Wei" in text


# --- convert ---


def test_the_best_match_is_offered_first_and_joined(signed_in, alice):
    customer = create_customer({"name": "Acme GmbH"}, by=alice)
    lead = create_lead({"name": "Anna", "company": "ACME"}, by=alice, owner=alice)
    client = signed_in(alice)
    form = client.get(reverse("leads:convert", args=[lead.pk])).context["form"]
    assert form["customer"].value() == str(customer.pk)
    client.post(reverse("leads:convert", args=[lead.pk]), {"customer": str(customer.pk)})
    lead.refresh_from_db()
    assert (lead.customer, lead.opportunity) == (customer, None)


def test_a_customer_out_of_reach_is_not_joined(signed_in, alice, charlie):
    hidden = create_customer({"name": "Acme"}, by=charlie)
    lead = create_lead({"name": "Anna"}, by=alice, owner=alice)
    data = {"customer": "other", "other": str(hidden.pk)}
    assert signed_in(alice).post(reverse("leads:convert", args=[lead.pk]), data).status_code == 422
    assert signed_in(alice).post(reverse("leads:convert", args=[lead.pk]), {"customer": hidden.pk}).status_code == 422
    lead.refresh_from_db()
    assert lead.state == "assigned"


def test_a_second_click_leads_to_what_the_first_one_made(signed_in, alice):
    lead = create_lead({"name": "Anna"}, by=alice, owner=alice)
    client, address = signed_in(alice), reverse("leads:convert", args=[lead.pk])
    assert client.post(address, {"customer": "new"}).status_code == 302
    assert client.post(address, {"customer": "new"}).url == reverse("leads:detail", args=[lead.pk])
    assert Customer.objects.count() == 1


# --- rules ---


def test_a_supervisor_sees_and_makes_rules_of_her_teams_only(signed_in, tess, alice, charlie, south):
    makers.rule(charlie, name="Company")
    makers.rule(alice, name="Ours", team=tess.team)
    client = signed_in(tess)
    text = page(client, "rules")
    assert "Ours" in text and "Company" not in text
    data = {"name": "New", "strategy": "round_robin", "members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0}
    member = {"members-0-user": alice.pk, "members-0-weight": 1, "members-0-is_active": "on"}
    for team in ("", south.pk):
        assert client.post(reverse("leads:rule_create"), {**data, **member, "team": team}).status_code == 422
    client.post(reverse("leads:rule_create"), {**data, **member, "team": tess.team.pk})
    rule = AssignmentRule.objects.get(name="New")
    assert (rule.is_active, [m.user for m in rule.members.all()], rule.created_by) == (False, [alice], tess)


def test_the_dry_run_counts_a_rule_that_is_still_off(signed_in, tess, alice):
    rule = makers.rule(alice, name="Ours", team=tess.team)
    AssignmentRule.objects.update(is_active=False)
    makers.lead(team=tess.team)
    assert "1 lead to Alice 1" in page(signed_in(tess), "rules_dry_run", rule=rule.pk)
    assert Lead.objects.waiting().count() == 1 and not Event.objects.exists()


def test_rules_change_their_order(signed_in, olga, alice):
    first, second = makers.rule(alice, name="First"), makers.rule(alice, name="Second")
    seen = f"{first.pk},{second.pk}"
    signed_in(olga).post(reverse("leads:rules_order"), {"seen": seen, "move": f"{second.pk}:up"})
    assert list(AssignmentRule.objects.in_order()) == [second, first]
    signed_in(olga).post(reverse("leads:rules_order"), {"seen": f"{second.pk},{first.pk}", "order": seen})
    assert list(AssignmentRule.objects.in_order()) == [first, second]


def test_who_orders_the_rules_of_her_team_leaves_the_others_in_their_places(signed_in, tess, alice, charlie):
    ours, company, also = (
        makers.rule(alice, name="Ours", team=tess.team), makers.rule(charlie, name="Company"),
        makers.rule(alice, name="Also", team=tess.team),
    )  # fmt: skip
    data = {"seen": f"{ours.pk},{also.pk}", "order": f"{also.pk},{ours.pk}"}
    signed_in(tess).post(reverse("leads:rules_order"), data)
    assert list(AssignmentRule.objects.in_order()) == [also, company, ours]


def test_a_copy_of_a_rule_is_switched_off_and_has_the_same_people(signed_in, olga, alice, bob):
    rule = makers.rule(alice, bob, name="Web", countries=["DE"], campaigns=["Spring"])
    rule.members.filter(user=bob).update(weight=3)
    answer = signed_in(olga).post(reverse("leads:rule_copy", args=[rule.pk]))
    copy = AssignmentRule.objects.get(name="Copy of Web")
    assert answer.url == reverse("leads:rule", args=[copy.pk])
    assert (copy.is_active, copy.countries, copy.campaigns) == (False, ["DE"], ["Spring"])
    assert dict(copy.members.values_list("user__username", "weight")) == {"alice": 1, "bob": 3}


def test_a_rule_is_told_in_sentences(signed_in, tess, alice, bob):
    rule = makers.rule(
        alice, name="Ours", team=tess.team, campaigns=["Spring", "Fair"], min_score=50, strategy="sticky",
        contact_within=30, in_working_hours=True, fallback=bob,
    )  # fmt: skip
    text = signed_in(tess).get(reverse("leads:rule", args=[rule.pk])).text
    assert "Queue of North · Campaign: Spring, Fair · Score from 50." in text
    assert "They go to: Alice." in text
    assert "The owner of the customer it belongs to; else: In turn." in text
    assert "Only in working hours." in text
    assert "Not contacted within 30 minutes, a lead goes to somebody who has not had it yet" in text
    assert "When nobody can take it, Bob gets it." in text


def test_campaigns_are_typed_one_per_line_and_what_one_way_asks_may_be_left_out(signed_in, tess, alice):
    data = {
        "name": "New", "team": tess.team.pk, "strategy": "best_converter", "campaigns": " Spring  fair \n\nAutumn\n",
        "measured_days": "30", "members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0, "members-0-user": alice.pk,
        "members-0-weight": 1, "members-0-is_active": "on",
    }  # fmt: skip
    assert signed_in(tess).post(reverse("leads:rule_create"), data).status_code == 302
    rule = AssignmentRule.objects.get(name="New")
    assert rule.campaigns == ["Spring fair", "Autumn"]
    assert (rule.measured_days, rule.least_sample, rule.tries_percent, rule.second_strategy) == (
        30, 20, 20, "round_robin",
    )  # fmt: skip
    wrong = signed_in(tess).post(reverse("leads:rule_create"), {**data, "measured_days": "0", "tries_percent": "90"})
    assert wrong.status_code == 422


def test_the_page_which_rule_takes_it_says_what_each_rule_asks(signed_in, tess, alice, bob):
    makers.rule(bob, name="Chinese", order=1, languages=["zh-hans"], countries=["DE"])
    makers.rule(alice, bob, name="Rest", order=2)
    makers.rule(alice, name="Last", order=3)
    bob.is_on_duty = False
    bob.save()
    lead = makers.lead(team=tess.team, country="DE")
    text = signed_in(tess).get(reverse("leads:explain", args=[lead.pk])).text
    assert "is not for it" in text and "Country: Germany" in text and "not so: Language" in text
    assert "Now it would go to Alice: next in the ring." in text
    assert "Bob: off duty" in text and "comes later" in text
    lead.refresh_from_db()
    assert lead.owner is None and not Event.objects.exists()


def test_of_two_who_edit_a_rule_the_second_is_told_and_keeps_what_she_typed(signed_in, olga, tess, alice):
    rule = makers.rule(alice, name="Ours", team=tess.team)
    rule.refresh_from_db()
    seen, url = rule.version, reverse("leads:rule", args=[rule.pk])
    member = rule.members.get()
    data = {
        "name": "Ours", "strategy": "round_robin", "team": tess.team.pk, "version": seen, "members-TOTAL_FORMS": 1,
        "members-INITIAL_FORMS": 1, "members-0-id": member.pk, "members-0-user": alice.pk, "members-0-weight": 3,
        "members-0-is_active": "on",
    }  # fmt: skip
    assert signed_in(tess).post(url, data).status_code == 302
    late = signed_in(olga).post(url, {**data, "name": "Theirs", "members-0-weight": 1})
    assert late.status_code == 409
    assert "Tess changed this rule" in late.text and 'value="Theirs"' in late.text
    rule.refresh_from_db()
    assert (rule.name, rule.members.get().weight, rule.version) == ("Ours", 3, seen + 1)
    assert f'name="version" value="{rule.version}"' in late.text
    again = signed_in(olga).post(url, {**data, "name": "Theirs", "version": rule.version})
    assert again.status_code == 302
    assert AssignmentRule.objects.get(pk=rule.pk).name == "Theirs"


# --- many at once ---


def test_many_are_assigned_as_one_batch_and_undone(alice, bob, tess):
    mine, taken = makers.lead("A", owner=alice), makers.lead("B", owner=bob)
    mine.qualify(by=alice)
    batch = Batch.start("assign_leads", by=tess)
    result = assign([mine.pk, taken.pk], by=tess, values={"owner": bob.pk}, batch=batch)
    batch.finish()
    mine.refresh_from_db()
    assert (result.done, [pk for pk, _why in result.refused], mine.owner, mine.state) == (
        1,
        [taken.pk],
        bob,
        "assigned",
    )
    undo_batch(batch, by=tess)
    mine.refresh_from_db()
    assert (mine.owner, mine.state) == (alice, "qualified")


def test_chosen_leads_are_given_away_by_the_rules(alice, tess):
    makers.rule(alice)
    chosen, other = makers.lead("A"), makers.lead("B")
    batch = Batch.start("assign_by_rules", by=tess)
    result = assign_by_rules([chosen.pk], by=tess, values={}, batch=batch)
    other.refresh_from_db()
    assert (result.done, result.refused, other.owner, batch.events.count()) == (1, [], None, 1)


# --- what leads add to other pages ---


def test_today_shows_new_leads_and_who_leads_sees_the_queue(alice, tess):
    makers.lead("Li Wei", owner=alice)
    makers.lead("Waiting", team=tess.team)
    now = timezone.now()
    assert [item.title for item in block(TO_CONTACT, alice, now=now).items] == ["Li Wei"]
    assert [figure.value for figure in figures(QUEUE, tess, now=now)] == ["1", "0", "2"]
    assert figures(QUEUE, alice, now=now) == []


def test_a_customers_page_shows_its_leads_in_reach(alice, charlie):
    customer = create_customer({"name": "Acme"}, by=alice)
    makers.lead("Referred", owner=alice, referred_by=customer)
    makers.lead("Hidden", owner=charlie, referred_by=customer)
    assert [row["name"] for row in leads_of(alice, customer)] == ["Referred"]


def test_who_makes_a_customer_is_told_of_leads_that_may_be_the_same(alice, charlie):
    from customers.duplicates import Signals

    create_lead({"name": "Anna", "phone": "+49301234567"}, by=alice, owner=alice)
    signals = Signals.read(phones=["+49301234567"])
    assert [match.name for match in similar_leads(alice, signals).within] == ["Anna"]
    (hidden,) = similar_leads(charlie, signals).elsewhere
    assert (hidden.name, hidden.url, hidden.owner) == ("Anna", "", "Alice")
