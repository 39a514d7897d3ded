"""Statements kept in the process: the same as written anew, at whatever moment, for whomever."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from accounts import access
from crm.kept_sql import At, Kept, On, Written, kept
from customers.models import Customer
from customers.today import Day, blocks_of, figures_of, today_blocks, today_figures, today_for
from records.models import Collaborator
from tests.customers.makers import customer
from tests.sales import makers as sales

NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def test_a_moment_keeps_its_name_however_far_it_is_moved():
    moved = At.of("now", NOW) - 30 * DAY + DAY
    assert (moved, moved.name, moved.shift) == (NOW - 29 * DAY, "now", -29 * DAY)
    later = Written("", [moved, On.of("date", NOW.date()) + DAY, 7]).at({"now": NOW + DAY, "date": NOW.date() + DAY})
    assert later.params == [NOW - 28 * DAY, NOW.date() + 2 * DAY, 7]
    assert At.of("now", NOW) - NOW == datetime.timedelta(0)


def test_what_would_go_stale_or_changed_meanwhile_is_not_kept():
    held, times = Kept(), []

    def ask(key, params, holds=True):
        def write():
            times.append(key)
            return Written("SELECT", params)

        return held.written(key, write, {"now": NOW}, holds=lambda: holds)

    for _again in range(2):
        ask("named", [At.of("now", NOW)])
        ask("nameless", [NOW])
        ask("nameless day", [NOW.date()])
        ask("changed", [1], holds=False)
    assert times == ["named", "nameless", "nameless day", "changed", "nameless", "nameless day", "changed"]


def test_the_least_asked_go_first():
    held, times = Kept(most=2), []
    for key in "abacab":
        held.written(key, lambda key=key: times.append(key) or Written(key, []), {}, holds=lambda: True)
    assert times == ["a", "b", "c", "b"]


@pytest.fixture
def statements():
    """What is sent, with its parameters; who asks for rights and shares is left out."""
    seen = []

    def note(execute, sql, params, many, context):
        if "records_collaborator" not in sql and ("json_agg" in sql or "count(*)" in sql):
            seen.append((sql, list(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["alice", "tess", "erin", "olga", "finn", "nobody"])
def test_today_asks_with_a_kept_statement_what_it_asks_with_a_new_one(everybody, who, statements):
    def asked(moment):
        statements.clear()
        day = Day(everybody[who], moment)
        blocks_of(day, {name: today_blocks[name] for name in today_blocks.names() if not today_blocks[name].varies})
        figures_of(day, today_figures)
        return list(statements)

    kept.clear()
    asked(NOW)
    again = asked(NOW + 9 * DAY)
    kept.clear()
    assert again == asked(NOW + 9 * DAY)


@pytest.mark.django_db
def test_today_of_who_was_given_something_since_shows_it(everybody):
    """Shares, rights and teams are part of what a statement is kept under."""
    tess, deal = everybody["tess"], sales.opportunity(owner=everybody["charlie"], close_on=NOW.date() - DAY)

    def overdue():
        access.forget(tess)
        return {str(one.label): one.value for one in today_for(tess, now=NOW).figures}["Opportunities overdue"]

    assert [overdue(), overdue()] == ["0", "0"]
    share = Collaborator.objects.create(user=tess, subject_kind="opportunity", subject_id=deal.pk)
    assert overdue() == "1"
    share.until = timezone.now() - DAY
    share.save()
    assert overdue() == "0"
    everybody["charlie"].team.supervisor = tess
    everybody["charlie"].team.save()
    assert overdue() == "1"


@pytest.mark.django_db
def test_figures_and_lines_of_today_equal_plain_queries(everybody):
    alice, tess = everybody["alice"], everybody["tess"]
    for number in range(12):
        owner = everybody[("alice", "bob", "charlie")[number % 3]]
        sales.opportunity(f"Deal {number}", owner=owner, close_on=NOW.date() + (number - 6) * DAY, now=NOW)
        customer(f"Customer {number}", owner=owner)
    Customer.objects.filter(name__endswith="1").update(next_contact_at=NOW - DAY)
    for moment in (NOW, NOW + 2 * DAY, NOW + 60 * DAY):
        day = moment.date()
        visible = sales.Opportunity.objects.visible_to(tess).filter(state="open")
        figures = {str(one.label): one.value for one in today_for(tess, now=moment).figures}
        assert figures["Opportunities overdue"] == str(visible.filter(close_on__lt=day).count())
        late = Customer.objects.visible_to(tess).filter(next_contact_at__lt=moment)
        assert figures["Contacts overdue"] == str(late.count())
        blocks = {str(one.title): one for one in today_for(alice, now=moment).blocks}
        mine = visible.filter(owner=alice, close_on__lte=day + 7 * DAY).order_by("close_on", "pk")
        assert [item.title for item in blocks["Closing soon"].items] == [deal.name for deal in mine[:8]]
        idle = Customer.objects.filter(owner=alice, next_contact_at=None).order_by("pk")
        assert [item.title for item in blocks["Nothing planned"].items] == [one.name for one in idle[:8]]
