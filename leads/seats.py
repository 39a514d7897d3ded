"""Who can take leads of a rule at this moment: active, with the right, on duty, in working hours, under the caps."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company, User
from accounts.workdays import Calendar
from leads.best_converter import measured
from leads.models import AssignmentRule, Lead, RuleMember
from leads.strategies import UNLIMITED, Seat, strategies_of
from leads.working_time import is_working_time

# Why a lead waits, in words.
REASONS = {
    "no_rule": _("no rule is for it"),
    "no_members": _("the rule has no people"),
    "left": _("nobody of the rule is active"),
    "off_duty": _("nobody is on duty"),
    "away": _("everybody is absent"),
    "hours": _("outside working hours"),
    "holding_cap": _("everybody holds as many open leads as allowed"),
    "daily_cap": _("everybody has got as many leads as allowed today"),
    "nobody": _("nobody can take it now"),
    "undone": _("its assignment was undone; assign it by hand"),
    "all_had": _("everybody had it and nobody contacted it in time; assign it by hand"),
}


# The same of one person.
ABSENT = {
    "left": _("not active, or without the right to work leads"),
    "off_duty": _("off duty"),
    "away": _("absent"),
    "hours": _("outside her working hours"),
    "holding_cap": _("holds as many open leads as allowed"),
    "daily_cap": _("has got as many leads as allowed today"),
}


@dataclass
class Seating:
    """The seats of one rule, and why the other members have none."""

    seats: list[Seat] = field(default_factory=list)
    # Member → why she has none.
    why: dict[int, str] = field(default_factory=dict)
    # Everybody of the rule who may take leads at all, present or not.
    people: set[int] = field(default_factory=set)

    @property
    def absent(self) -> Counter[str]:
        """Reason → how many have no seat because of it."""
        return Counter(self.why.values())

    @property
    def room(self) -> int:
        return sum(seat.room for seat in self.seats)

    @property
    def reason(self) -> str:
        """The code of REASONS that says why nobody is left."""
        if not self.seats and not self.why:
            return "no_members"
        why = {*self.why.values(), *(seat.limit for seat in self.seats if seat.room <= 0)}
        return why.pop() if len(why) == 1 else "nobody"


def lock_ring(rule: AssignmentRule) -> None:
    """One at a time gives leads of this rule. A statement of its own: what follows must see what the last one wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"leads.rule:{rule.pk}"])


def lock_people(rule: AssignmentRule) -> None:
    """Holding caps count over all rules: whoever gives to the same people waits. By id, before any lead."""
    people = User.objects.filter(rule_memberships__rule=rule).order_by("pk")
    list(people.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def seating_of(rule: AssignmentRule, *, now: datetime) -> Seating:
    """Reads members and counters as they stand; inside a transaction after the locks, or for a dry run without."""
    company = Company.get()
    calendar = Calendar.of(company)
    members = list(rule.members.select_related("user").order_by("pk"))
    able = set(access.holders("lead", "work").values_list("pk", flat=True))
    ways = strategies_of(rule)
    held = _held(members, always=any(way.needs_held for way in ways))
    today = now.astimezone(company.zone).date()
    seating = Seating()
    for member in members:
        if not member.is_active:
            continue
        why = _absence(rule, member.user, able, company, calendar, now)
        if why != "left":
            seating.people.add(member.user_id)
        room = {} if why else _rooms(member, held[member.user_id], today)
        why = why or next((name for name, free in room.items() if free <= 0), "")
        if why:
            seating.why[member.pk] = why
        else:
            seating.seats.append(_seat(member, held[member.user_id], room))
    if any(way.needs_measure for way in ways):
        measure(seating.seats, rule, now=now)
    return seating


def measure(seats: list[Seat], rule: AssignmentRule, *, now: datetime) -> None:
    """Writes on each seat what its person closed and converted in the days that the rule measures."""
    found = measured([seat.user_id for seat in seats], days=rule.measured_days, now=now)
    for seat in seats:
        seat.converted, seat.closed = found.get(seat.user_id, (0, 0))


def takes_part(user: User | None, *, now: datetime) -> bool:
    """For the one who gets what nobody else can take: active, on duty and with the right; caps do not count."""
    if user is None or not user.is_active or user.absence_at(now, Company.get().zone):
        return False
    return access.allows(user, "work", "lead")


def _held(members: list[RuleMember], *, always: bool) -> Counter[int]:
    return held_by([member.user_id for member in members if always or member.holding_cap is not None])


def held_by(people: list[int]) -> Counter[int]:
    """How many open leads each person holds."""
    rows = Lead.objects.live().open().filter(owner_id__in=people).values("owner_id").annotate(held=Count("pk"))
    return Counter({row["owner_id"]: row["held"] for row in rows.order_by("owner_id")})


def _absence(
    rule: AssignmentRule, user: User, able: set[int], company: Company, calendar: Calendar, now: datetime
) -> str:
    if user.pk not in able:
        return "left"
    if why := user.absence_at(now, company.zone):
        return why
    if rule.in_working_hours:
        zone = ZoneInfo(user.time_zone) if user.time_zone else None
        if not is_working_time(company, calendar, now, zone):
            return "hours"
    return ""


def _rooms(member: RuleMember, held: int, today: date) -> dict[str, int]:
    rooms = {}
    if member.holding_cap is not None:
        rooms["holding_cap"] = member.holding_cap - held
    if member.daily_cap is not None:
        rooms["daily_cap"] = member.daily_cap - (member.given_today if member.day == today else 0)
    return rooms


def _seat(member: RuleMember, held: int, rooms: dict[str, int]) -> Seat:
    limit = min(rooms, key=rooms.__getitem__, default="")
    return Seat(
        member_id=member.pk, user_id=member.user_id, team_id=member.user.team_id, weight=member.weight,
        position=member.position, held=held, room=rooms.get(limit, UNLIMITED), limit=limit,
    )  # fmt: skip


def write_ring(seating: Seating, *, now: datetime) -> None:
    """Stores what each has got. Who could not take part moves up to the ring's highest, so that nobody is flooded on
    the day she returns."""
    if not any(seat.taken for seat in seating.seats):
        return
    today = now.astimezone(Company.get().zone).date()
    highest = max(seat.position for seat in seating.seats)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, _ring_params(seating, today))
    full = [seat.member_id for seat in seating.seats if seat.room <= 0]
    behind = RuleMember.objects.filter(Q(pk__in=[*seating.why, *full]), position__lt=highest)
    behind.update(position=highest)


_WRITE = """
UPDATE leads_rulemember m SET position = t.position, given = m.given + t.taken, day = %(today)s,
       given_today = CASE WHEN m.day = %(today)s THEN m.given_today ELSE 0 END + t.taken
FROM unnest(%(ids)s::bigint[], %(positions)s::numeric[], %(taken)s::bigint[]) AS t(id, position, taken)
WHERE m.id = t.id
"""


def _ring_params(seating: Seating, today: date) -> dict[str, Any]:
    seats = [seat for seat in seating.seats if seat.taken]
    return {
        "today": today,
        "ids": [seat.member_id for seat in seats],
        "positions": [seat.position for seat in seats],
        "taken": [seat.taken for seat in seats],
    }
