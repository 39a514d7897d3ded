"""On duty, off duty, absent: who says it, until when, and that nothing is given meanwhile."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import duty
from accounts.models import User

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)
UTC = ZoneInfo("UTC")
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def day(number, month=12):
    return datetime.date(2026, month, number)


def absence(person, at=NOW):
    return User.objects.get(pk=person.pk).absence_at(at, UTC)


def plan(person, first, last):
    duty.plan_absence(person, first, last, by=person, today=NOW.date())


def test_off_duty_for_an_hour_ends_by_itself(alice):
    duty.go_off_duty(alice, by=alice, now=NOW, until=NOW + HOUR)
    assert absence(alice) == absence(alice, NOW + HOUR - datetime.timedelta(seconds=1)) == "off_duty"
    assert absence(alice, NOW + HOUR) == ""


def test_off_duty_without_an_end_holds_until_somebody_says_otherwise(alice, tess):
    duty.go_off_duty(alice, by=alice, now=NOW)
    assert absence(alice, NOW + 100 * DAY) == "off_duty"
    duty.come_on_duty(alice, by=tess)
    assert absence(alice) == ""


def test_absent_on_planned_days_both_included_in_her_own_zone(alice):
    alice.time_zone = "Asia/Shanghai"
    alice.save()
    plan(alice, day(7), day(8))
    at = datetime.datetime(2026, 12, 6, 15, 59, tzinfo=datetime.UTC)
    assert (absence(alice, at), absence(alice, at + datetime.timedelta(minutes=1))) == ("", "away")
    assert absence(alice, at + 2 * DAY) == "away"
    assert absence(alice, at + 2 * DAY + datetime.timedelta(minutes=1)) == ""


def test_days_of_absence_are_those_of_the_clock_also_when_it_changes(alice):
    alice.time_zone = "Europe/Berlin"
    alice.save()
    duty.plan_absence(alice, datetime.date(2027, 3, 28), datetime.date(2027, 3, 28), by=alice, today=NOW.date())
    start = datetime.datetime(2027, 3, 27, 23, 0, tzinfo=datetime.UTC)  # a day of 23 hours
    assert [absence(alice, start + hours * HOUR) for hours in (-1, 0, 22, 23)] == ["", "away", "away", ""]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(day(8), day(7), "order"), (day(1, 11), day(2, 11), "past"), (day(9), day(12), "overlap"),
     (datetime.date(2026, 12, 20), datetime.date(2036, 1, 1), "far")],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused(alice, first, last, code):
    plan(alice, day(7), day(9))
    with pytest.raises(ValidationError) as refused:
        plan(alice, first, last)
    assert refused.value.code == code
    assert len(User.objects.get(pk=alice.pk).absences) == 1


def test_a_planned_absence_is_taken_out_and_twice_is_once(alice):
    plan(alice, day(7), day(9))
    for _twice in range(2):
        duty.cancel_absence(alice, day(7), by=alice)
    assert User.objects.get(pk=alice.pk).absences == []


def test_the_history_names_who_sent_her_off_duty(alice, tess):
    duty.go_off_duty(alice, by=tess, now=NOW)
    event = alice.events.order_by("pgh_id").last()
    assert (event.is_on_duty, event.pgh_context.metadata["user"]) == (False, tess.pk)


def test_one_click_in_the_top_bar_and_back_to_the_page(signed_in, alice):
    client = signed_in(alice)
    assert "On duty. Go off duty" in client.get("/").text
    answer = client.post(reverse("accounts:duty_switch"), {"on": "0", "next": "/leads/"})
    assert answer.url == "/leads/" and absence(alice) == "off_duty"
    assert "Off duty. Go back on duty" in client.get("/").text
    client.post(reverse("accounts:duty_switch"), {"on": "1"})
    assert absence(alice) == ""


def test_who_gets_no_leads_has_no_switch(signed_in, finn):
    assert "duty_switch" not in signed_in(finn).get("/").text
    assert "Go off duty" not in signed_in(finn).get("/").text


@time_machine.travel(NOW, tick=False)
def test_until_tomorrow_means_the_morning_of_the_working_day(signed_in, alice):
    signed_in(alice).post(reverse("accounts:duty_switch"), {"until": "tomorrow"})
    assert User.objects.get(pk=alice.pk).off_duty_until == datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("clock", ["", "25:00", "09:00", "lunch"])
def test_a_time_that_makes_no_sense_changes_nothing(signed_in, alice, clock):
    signed_in(alice).post(reverse("accounts:duty_switch"), {"until": "clock", "clock": clock})
    assert absence(alice) == ""


def test_a_supervisor_switches_her_people_and_nobody_elses(signed_in, tess, alice, charlie):
    client = signed_in(tess)
    client.post(reverse("accounts:duty_switch"), {"person": alice.pk, "on": "0"})
    assert client.post(reverse("accounts:duty_switch"), {"person": charlie.pk, "on": "0"}).status_code == 404
    assert (absence(alice), absence(charlie)) == ("off_duty", "")
    text = client.get(reverse("accounts:duty")).text
    assert "Alice" in text and "Charlie" not in text


def test_a_colleague_cannot_plan_for_me(signed_in, alice, bob):
    data = {"person": alice.pk, "first": "2026-12-07", "last": "2026-12-08"}
    assert signed_in(bob).post(reverse("accounts:duty_plan"), data).status_code == 404
    assert User.objects.get(pk=alice.pk).absences == []


@time_machine.travel(NOW, tick=False)
def test_the_api_tells_who_is_off_duty_and_absent(api, alice, tess):
    plan(alice, day(7), day(9))
    duty.go_off_duty(alice, by=alice, now=NOW, until=NOW + HOUR)
    told = api(tess, f"users/{alice.pk}").json()
    assert told["absences"] == [{"first": "2026-12-07", "last": "2026-12-09"}]
    assert (told["is_on_duty"], told["off_duty_until"]) == (True, "2026-11-23T11:00:00Z")
