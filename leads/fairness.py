"""How fairly the rules gave leads in a period, and what became of them: per rule and person.

Counted are the leads that a rule gave to a person between two days of the company (a lead twice given to her once), as
far as the viewer reaches them today. *Contacted in time*: contacted before the limit that ran with the assignment;
*handed on*: taken from her since because nobody contacted it; *qualified*, *converted*, *open*: hers still. The share
expected is that of her weight among those who take part now; only ways that give in turn promise one. *Spread* is the
greatest difference between two of those who take part, by weight.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse

from accounts import access
from accounts.models import Company, User
from leads.models import AssignmentRule, Lead, RuleMember
from leads.states import OPEN

# What the figures are called in the address of the list behind them.
FIGURES = ("received", "in_time", "handed_on", "qualified", "converted", "is_open")
IN_TURN = ("round_robin", "weighted")

# One row per rule, person and lead, with what became of it. Parameters: _params. Index: event_lead_assign. Who lost it
# is a set looked up row by row, not a join: nobody can say beforehand how many such facts there are.
_ROWS = """
SELECT g.rule, g.person, g.lead, true AS received, g.due IS NOT NULL AS has_limit,
       coalesce(l.contacted_at <= to_timestamp(g.due), false) AS in_time, (g.lead, g.person) IN (
           SELECT subject_id, (facts->>'from')::bigint FROM records_event
           WHERE subject_kind = 'lead' AND verb IN ('assign', 'to_queue') AND at >= %s
             AND facts->>'because' IN ('not_contacted', 'fallback', 'all_had') AND facts->>'from' IS NOT NULL
       ) AS handed_on,
       l.owner_id = g.person AND (l.qualified_at IS NOT NULL OR l.state = 'converted') AS qualified,
       l.owner_id = g.person AND l.state = 'converted' AS converted,
       l.owner_id = g.person AND l.state = ANY(%s) AS is_open
FROM (
    SELECT (facts->>'rule')::bigint AS rule, (facts->>'to')::bigint AS person, subject_id AS lead,
           max((facts->>'due')::bigint) AS due
    FROM records_event
    WHERE subject_kind = 'lead' AND verb = 'assign' AND at >= %s AND at < %s AND facts->'rule' IS NOT NULL
    GROUP BY 1, 2, 3
) g
JOIN leads_lead l ON l.id = g.lead AND l.deleted_at IS NULL
"""


@dataclass
class PersonRow:
    """``expected``: her share of all, 0 to 1; None where the rule promises none or she does not take part."""

    name: str
    number: int
    is_member: bool
    figures: dict[str, int]
    has_limit: int = 0
    share: float = 0.0
    expected: float | None = None
    urls: dict[str, str] = field(default_factory=dict)


@dataclass
class RuleFairness:
    rule: AssignmentRule
    people: list[PersonRow]
    total: int = 0
    spread: float | None = None


def fairness(user: Any, *, first: date, last: date) -> list[RuleFairness]:
    """Every rule that the viewer may change, in their order."""
    rules = list(AssignmentRule.objects.for_user(user).select_related("team").in_order())
    counted = _counted(user, [rule.pk for rule in rules], first, last)
    members: dict[int, list[RuleMember]] = {}
    for member in RuleMember.objects.filter(rule__in=rules, is_active=True).order_by("pk"):
        members.setdefault(member.rule_id, []).append(member)
    people = {person for _rule, person in counted} | {m.user_id for held in members.values() for m in held}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    able = set(access.holders("lead", "work").values_list("pk", flat=True))
    return [
        _of_rule(rule, [m for m in members.get(rule.pk, []) if m.user_id in able], counted, names, first, last)
        for rule in rules
    ]


def behind(rows: QuerySet, *, rule: int, person: int, first: date, last: date, figure: str) -> QuerySet:
    """The leads behind one figure: the same rows, narrowed to it. ``figure``: one of FIGURES."""
    if figure not in FIGURES:
        return rows.none()
    sql = f"SELECT lead FROM ({_ROWS}) figures WHERE rule = %s AND person = %s AND {figure}"
    return rows.filter(pk__in=RawSQL(sql, [*_params(first, last), rule, person]))


def _counted(user: Any, rules: list[int], first: date, last: date) -> dict[tuple[int, int], tuple[int, ...]]:
    """(rule, person) → the figures in the order of FIGURES, then how many had a limit."""
    try:
        reach, within = Lead.objects.visible_to(user).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return {}
    counts = ", ".join(f"count(*) FILTER (WHERE {figure})" for figure in (*FIGURES, "has_limit"))
    sql = f"""SELECT rule, person, {counts} FROM ({_ROWS}) figures
              WHERE rule = ANY(%s) AND lead IN ({reach}) GROUP BY rule, person"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_params(first, last), rules, *within])
        return {(rule, person): tuple(numbers) for rule, person, *numbers in cursor.fetchall()}


def _params(first: date, last: date) -> list[Any]:
    start, end = _moment(first), _moment(last + timedelta(days=1))
    return [start, sorted(OPEN), start, end]


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=Company.get().zone)


def _of_rule(
    rule: AssignmentRule, members: list[RuleMember], counted: dict[tuple[int, int], tuple[int, ...]],
    names: dict[int, str], first: date, last: date,
) -> RuleFairness:  # fmt: skip
    weights = {member.user_id: _weight(rule, member) for member in members}
    numbers = {person: found for (of, person), found in counted.items() if of == rule.pk}
    told = RuleFairness(rule, [], total=sum(found[0] for found in numbers.values()))
    for person in sorted({*weights, *numbers}, key=lambda pk: names.get(pk, "")):
        *figures, limited = numbers.get(person, (0,) * (len(FIGURES) + 1))
        row = PersonRow(names.get(person, ""), person, person in weights, dict(zip(FIGURES, figures, strict=True)))
        row.has_limit = limited
        row.share = figures[0] / told.total if told.total else 0.0
        if rule.strategy in IN_TURN and person in weights:
            row.expected = weights[person] / sum(weights.values())
        row.urls = {figure: _url(rule.pk, person, first, last, figure) for figure in FIGURES}
        told.people.append(row)
    told.spread = _spread(weights, numbers)
    return told


def _weight(rule: AssignmentRule, member: RuleMember) -> int:
    return member.weight if rule.strategy == "weighted" else 1


def _spread(weights: dict[int, int], numbers: dict[int, tuple[int, ...]]) -> float | None:
    levels = [numbers[person][0] / weight if person in numbers else 0.0 for person, weight in weights.items()]
    return max(levels) - min(levels) if len(levels) > 1 else None


def _url(rule: int, person: int, first: date, last: date, figure: str) -> str:
    return f"{reverse('leads:list')}?given={rule}.{person}.{first}.{last}.{figure}"


def parsed(text: str) -> dict[str, Any] | None:
    """What stands in such an address; None for what makes no sense."""
    parts = text.split(".")
    if len(parts) != 5 or any(not number.isdecimal() or len(number) > 18 for number in parts[:2]):
        return None
    try:
        first, last = (date.fromisoformat(day) for day in parts[2:4])
    except ValueError:
        return None
    if not 2000 <= first.year <= last.year <= 2200:
        return None
    return {"rule": int(parts[0]), "person": int(parts[1]), "first": first, "last": last, "figure": parts[4]}
