"""What a recycle rule would have moved in the thirteen weeks behind us, night by night, from what the log and the rows
of these days say.

The facts of a customer (in whose hands since when, last activity, last order) stand still between two happenings, so
one statement looks at these stretches and not at every customer on every night. The limits of each night come from
``Today.limit``, as the nightly run takes them; where one lies among the facts of a customer, ``width_bucket`` says.

As of each night: the owner, his assignment, activities, orders, won opportunities, open opportunities, protection.
As they stand today: grade, state and source, teams, and whatever else keeps a customer. A customer counts once, on the
first night on which it would have fallen: what would have become of it in the pool nobody knows.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from crm.named_sql import named_sql
from customers.conditions import ALWAYS_EXEMPTS, EXEMPTS, of_use, sale_days
from customers.limits import Today, rules_in_force
from customers.models import Customer, RecycleRule

WEEKS = 13
NIGHTS = 7 * WEEKS
AT = datetime.time(2)  # when the nightly run looks


@dataclass
class Simulated:
    """``fallen``: (week from 0, owner) → how many. ``at_once``: those of the first night, overdue before it."""

    nights: list[datetime.date]
    fallen: Counter[tuple[int, int]] = field(default_factory=Counter)
    at_once: int = 0

    @property
    def total(self) -> int:
        return self.fallen.total()

    def as_json(self) -> dict[str, Any]:
        return {
            "first": self.nights[0].isoformat(), "last": self.nights[-1].isoformat(), "total": self.total,
            "at_once": self.at_once, "rows": [[week, owner, n] for (week, owner), n in sorted(self.fallen.items())],
        }  # fmt: skip


def simulate(rule: RecycleRule, *, now: datetime.datetime) -> Simulated:
    """As if ``rule`` were on and came in its place among those in force; the others move nobody here."""
    rules = rules_in_force(trying=rule)
    nights = nights_before(Today.at(now))
    sql, params = _statement(rules, rule, nights)
    result = Simulated([night.date for night in nights])
    with transaction.atomic(), connection.cursor() as cursor:
        # A sort of the stretches of a million customers belongs into memory.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(sql, params)
        for night, owner, number in cursor.fetchall():
            result.fallen[night // 7, owner] += number
            result.at_once += number if night == 0 else 0
    return result


def nights_before(today: Today) -> list[Today]:
    """The moments of the last ninety-one nightly runs, the oldest first."""
    last = today.date if today.now >= _run_on(today, today.date) else today.date - datetime.timedelta(days=1)
    days = [last - datetime.timedelta(days=back) for back in range(NIGHTS - 1, -1, -1)]
    return [Today(_run_on(today, day), today.zone, today.calendar) for day in days]


def _run_on(today: Today, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, AT, tzinfo=today.zone)


# --- the statement ---

# Whose hands a customer was in. Nothing changed since the first night: the row says it. Else the log does; an event
# that names no owner (an import) began the stay of whom the next event takes it from.
_STAYS = """
WITH ruled AS MATERIALIZED (
    SELECT c.id, c.owner_id, c.team_id, c.grade, c.state, c.source_id, c.protected_until, c.last_contact_at,
           coalesce(c.assigned_at, c.created_at) AS since, c.created_at,
           coalesce(c.entered_pool_at, c.assigned_at, c.created_at) >= %(first)s AS is_changed
    FROM customers_customer c WHERE c.deleted_at IS NULL {kept}
), told AS (
    SELECT r.id, e.id AS event, e.at, e.verb, (e.facts->>'to')::bigint AS owner, (e.facts->>'from')::bigint AS former,
           e.facts ? 'pool' AS is_pool, r.owner_id, r.created_at
    FROM ruled r JOIN records_event e ON e.customer_id = r.id AND e.subject_kind = 'customer'
    WHERE r.is_changed AND (e.facts ?| array['to', 'pool'] OR e.verb = 'import')
), stay AS (
    SELECT id, owner_id AS owner, since AS start, NULL::timestamptz AS until FROM ruled
    WHERE owner_id IS NOT NULL AND (NOT is_changed OR NOT EXISTS (SELECT FROM told t WHERE t.id = ruled.id))
    UNION ALL
    SELECT id, CASE WHEN is_pool AND owner IS NULL THEN NULL
                    WHEN owner IS NULL THEN coalesce(lead(former) OVER w, CASE WHEN lead(event) OVER w IS NULL
                                                     THEN owner_id END)
                    ELSE owner END, at, lead(at) OVER w
    FROM told WINDOW w AS (PARTITION BY id ORDER BY event)
    UNION ALL
    SELECT DISTINCT ON (id) id, former, created_at, at FROM told
    WHERE former IS NOT NULL AND NOT EXISTS (
        SELECT FROM told b WHERE b.id = told.id AND b.event < told.event)
), held AS MATERIALIZED (
    SELECT row_number() OVER () AS stay, s.id, s.owner, s.start, s.until, r.last_contact_at, r.protected_until
    FROM stay s JOIN ruled r USING (id) JOIN accounts_user u ON u.id = s.owner
    WHERE (s.until IS NULL OR s.until > %(first)s) AND s.start < %(last)s AND {is_of_rule}
)"""

# What sets a clock back (a value), or begins and ends what keeps the customer (delta), and when a run first sees it.
# A date is seen by the run of the next day.
_FACTS = """, fact AS (
    SELECT stay, start AS seen, start AS touched, start AS sold, 0 AS delta FROM held
    UNION ALL
    SELECT h.stay, a.at, a.at, NULL, 0 FROM held h JOIN customers_activity a ON a.customer_id = h.id
    WHERE a.at >= greatest(h.start, %(oldest)s) AND a.at < coalesce(h.until, %(last)s) AND a.at < %(last)s
      AND a.at <= h.last_contact_at AND a.state = 'done' AND a.deleted_at IS NULL
    {facts}
    UNION ALL
    SELECT h.stay, greatest(p.at, h.start), NULL, NULL, 1 FROM held h CROSS JOIN LATERAL ({protected}) p
    WHERE h.until IS NULL AND h.protected_until IS NOT NULL AND h.protected_until > greatest(p.at, h.start)
    UNION ALL
    SELECT h.stay, h.protected_until, NULL, NULL, -1 FROM held h CROSS JOIN LATERAL ({protected}) p
    WHERE h.until IS NULL AND h.protected_until IS NOT NULL AND h.protected_until > greatest(p.at, h.start)
), stretch AS (
    SELECT stay, seen, max(touched) OVER w AS touched, max(sold) OVER w AS sold, sum(delta) OVER w AS keeps,
           lead(seen) OVER w AS next
    FROM fact WINDOW w AS (PARTITION BY stay ORDER BY seen ROWS UNBOUNDED PRECEDING)
), verdict AS (
    SELECT h.id, h.owner, greatest(width_bucket(s.seen, %(runs)s::timestamptz[]), {falls}) AS night,
           width_bucket(least(s.next, h.until, %(end)s), %(runs)s::timestamptz[]) AS border
    FROM stretch s JOIN held h USING (stay) WHERE s.keeps <= 0
), fallen AS (
    SELECT DISTINCT ON (id) night, owner FROM verdict WHERE night < border ORDER BY id, night
)
SELECT night, owner, count(*) FROM fallen GROUP BY 1, 2 ORDER BY 1, 2
"""
_PROTECTED = """SELECT coalesce(max(e.at), h.start) AS at FROM records_event e
    WHERE e.customer_id = h.id AND e.subject_kind = 'customer' AND e.verb = 'protect'"""


def _statement(rules: list[RecycleRule], rule: RecycleRule, nights: list[Today]) -> tuple[str, dict[str, Any]]:
    runs = [night.now for night in nights]
    limits = {
        name: [night.limit(days, working=rule.counts_working_days) for night in nights]
        for name, days in (("idle", rule.idle_days), ("order", rule.order_days), ("fresh", rule.fresh_days))
        if days
    }
    params: dict[str, Any] = {
        **limits, "runs": runs, "first": runs[0], "last": runs[-1], "rule": rule.pk,
        "end": runs[-1] + datetime.timedelta(seconds=1), "zone": str(nights[0].zone),
        "oldest": limits["idle"][0] if "idle" in limits else runs[-1],
    }  # fmt: skip
    facts = _sales(params) if "order" in limits else ""
    kept, spans = _exemptions(rule, params)
    sql = _STAYS.format(kept=kept, is_of_rule=_is_of_rule(rules, params))
    sql += _FACTS.format(facts=facts + spans, protected=_PROTECTED, falls=_falls(rule, limits))
    return sql, params


def _falls(rule: RecycleRule, limits: dict[str, Any]) -> str:
    """The first night whose limit lies behind the fact: so many limits are not after it."""
    places = {"idle": "s.touched", "order": "s.sold", "fresh": "h.start"}
    found = {name: f"width_bucket({places[name]}, %({name})s::timestamptz[])" for name in limits}
    clocks = [found[name] for name in ("idle", "order") if name in found]
    over = f"{'greatest' if rule.needs_both else 'least'}({', '.join(clocks)})"
    return f"{over}, {found['fresh']}" if "fresh" in found else over


def _is_of_rule(rules: list[RecycleRule], params: dict[str, Any]) -> str:
    """The first rule that names the customer's kind, as customers.limits has it; the team is that of the stay's owner.

    One who owns it still has the team that stands on the row.
    """
    whens = []
    for number, each in enumerate(rules):
        lists = {
            "r.grade": each.grades, "r.state": each.states, "r.source_id": each.sources,
            "CASE WHEN s.until IS NULL THEN r.team_id ELSE u.team_id END": each.all_teams,  # type: ignore[attr-defined]
        }  # fmt: skip
        named = []
        for place, (column, values) in enumerate(lists.items()):
            if values:
                params[f"kind_{number}_{place}"] = list(values)
                named.append(f"{column} = ANY(%(kind_{number}_{place})s)")
        params[f"rule_{number}"] = each.pk
        whens.append(f"WHEN {' AND '.join(named) or 'true'} THEN %(rule_{number})s::bigint")
    return f"CASE {' '.join(whens)} END = %(rule)s"


def _sales(params: dict[str, Any]) -> str:
    """Days older than the first night's limit are over on every night."""
    parts = []
    for name in sale_days.names():
        sql, values = named_sql(sale_days[name](), name)
        params |= values
        parts.append(
            f"""UNION ALL SELECT h.stay, {_midnight("d.day + 1")}, NULL, {_midnight("d.day")}, 0
            FROM held h JOIN ({sql}) d(customer, day) ON d.customer = h.id
            WHERE {_midnight("d.day + 1")} BETWEEN greatest(h.start, %(order_oldest)s) AND
                  least(h.until, %(last)s)"""
        )
    params["order_oldest"] = params["order"][0]
    return " ".join(parts)


def _midnight(day: str) -> str:
    """The company's."""
    return f"(({day})::timestamp AT TIME ZONE %(zone)s)"


def _exemptions(rule: RecycleRule, params: dict[str, Any]) -> tuple[str, str]:
    """As a condition on the row for what is known of today only, and as facts for what is known of each day."""
    known, always = of_use(EXEMPTS), of_use(ALWAYS_EXEMPTS)
    chosen = {code: (known[code], None if choice is True else choice)
              for code, choice in rule.exempt.items() if code in known}  # fmt: skip
    chosen |= {code: (condition, None) for code, condition in always.items()}
    today = [condition.expression(choice) for condition, choice in chosen.values() if condition.over_time is None]
    spans = [(code, condition.over_time(choice)) for code, (condition, choice) in chosen.items() if condition.over_time]
    parts = []
    for code, rows in spans:
        sql, values = named_sql(rows, f"span_{code}")
        params |= values
        for seen, delta in (("greatest(x.since, h.start)", 1), ("x.until", -1)):
            parts.append(
                f"""UNION ALL SELECT h.stay, {seen}, NULL, NULL, {delta} FROM held h JOIN (
                SELECT customer, {_midnight("since + 1")} AS since, {_midnight("until + 1")} AS until
                FROM ({sql}) d(customer, since, until)) x ON x.customer = h.id
                WHERE {seen} IS NOT NULL AND coalesce(x.until, 'infinity') > greatest(x.since, h.start)"""
            )
    return _kept_today(today, params), " ".join(parts)


def _kept_today(expressions: list[Any], params: dict[str, Any]) -> str:
    parts = []
    for number, expression in enumerate(expressions):
        kept = Customer.objects.live().alias(kept=expression).filter(kept=True).order_by().values("pk")
        sql, values = named_sql(kept, f"kept_{number}")
        params |= values
        parts.append(f"AND c.id NOT IN ({sql})")
    return " ".join(parts)
