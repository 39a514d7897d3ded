"""What a nightly run did, by rule and person, and whom: read from the events of its batch.

One walk of the index of the batch's events; a run over 100,000 customers is counted in about a fifth of a second.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import ChurnRule, Customer, Pool, RecycleRule
from customers.phrases import derived_in_words
from records.batches import BatchReport, reports
from records.models import Batch, JobRun

PAGE = 50


@dataclass(frozen=True)
class Source:
    """``sql``: of a batch, one row for each thing done: ``what`` as a text, ``person``, ``customer``.
    ``told(whats)``: each of them in words, with the address of its rule or ""."""

    sql: str
    told: Callable[[Iterable[str]], dict[str, tuple[str, str]]]


@dataclass
class Group:
    """One rule, or one thing that was done, with the people concerned: (name, how many, address of whom)."""

    label: str
    url: str
    people: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(number for _name, number, _url in self.people)


@dataclass(frozen=True)
class RunReport:
    groups: list[Group]
    said: list[str]
    is_stopped: bool
    who: "Who | None" = None


@dataclass(frozen=True)
class Who:
    """The customers of one line, a page at a time: (name or number, address or "")."""

    title: str
    rows: list[tuple[str, str]]
    older: str


def add_run_reports() -> None:
    for verb in SOURCES:
        reports.add(verb, BatchReport("customers/run_report.html", report_of))


def report_of(batch: Batch, user: Any, asked: Any) -> RunReport:
    """``asked``: the query of the page; ``what`` and ``person`` choose the line whose customers are shown."""
    source = SOURCES[batch.verb]
    counted = _rows(f"SELECT what, person, count(*) FROM ({source.sql}) t GROUP BY 1, 2", {"batch": batch.pk})
    words = source.told({what for what, _person, _n in counted})
    names = dict(User.objects.filter(pk__in={row[1] for row in counted} - {None}).values_list("pk", "name"))
    groups: dict[str, Group] = {}
    for what, person, number in sorted(counted, key=lambda row: (words[row[0]][0], -row[2], names.get(row[1], ""))):
        group = groups.setdefault(what, Group(*words[what]))
        query = urlencode({"what": what, "person": person or ""})
        group.people.append((names.get(person, "–"), number, f"?{query}#who"))
    run = JobRun.objects.filter(batch=batch).first()
    who = _who(batch, source, words, names, user, asked) if asked.get("what") in words else None
    return RunReport(list(groups.values()), run.lines if run else [], bool(run and run.state == "stopped"), who)


def last_run_of(rule: RecycleRule) -> tuple[Batch, list[tuple[str, int]]] | None:
    """The latest run, and of how many customers it relieved whom by this rule."""
    batch = Batch.objects.filter(verb="customers.recycle").order_by("-pk").first()
    if batch is None:
        return None
    sql = f"SELECT person, count(*) FROM ({_RECYCLED}) t WHERE what = %(what)s GROUP BY 1"
    found = dict(_rows(sql, {"batch": batch.pk, "what": str(rule.pk)}))
    names = dict(User.objects.filter(pk__in=found).values_list("pk", "name"))
    people = sorted(((names[pk], number) for pk, number in found.items()), key=lambda row: (-row[1], row[0]))
    return batch, people


def _who(batch: Batch, source: Source, words: dict, names: dict, user: Any, asked: Any) -> Who:
    what, person = asked["what"], _number(asked.get("person"))
    sql = f"""SELECT DISTINCT customer FROM ({source.sql}) t
              WHERE what = %(what)s AND person IS NOT DISTINCT FROM %(person)s AND customer > %(after)s
              ORDER BY 1 LIMIT {PAGE + 1}"""
    params = {"batch": batch.pk, "what": what, "person": person, "after": _number(asked.get("after")) or 0}
    ids = [row[0] for row in _rows(sql, params)]
    older = ""
    if len(ids) > PAGE:
        older = "?" + urlencode({"what": what, "person": person or "", "after": ids[PAGE - 1]}) + "#who"
    title = f"{words[what][0]} · {names.get(person, '–')}"
    return Who(title, _named(ids[:PAGE], user), older)


def _named(ids: list[int], user: Any) -> list[tuple[str, str]]:
    """Names of what the reader reaches or sees in a pool; the others by their number."""
    own = dict(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "name"))
    pooled = Customer.objects.of_pools(Pool.objects.visible_to(user)).filter(pk__in=ids)
    waiting = dict(pooled.values_list("pk", "name"))
    shown = []
    for pk in ids:
        url = reverse("customers:detail", args=[pk]) if pk in own else ""
        shown.append((own.get(pk) or waiting.get(pk) or _("Customer %(number)s") % {"number": pk}, url))
    return shown


def _rows(sql: str, params: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _number(text: Any) -> int | None:
    return int(text) if text and str(text).isdecimal() and len(str(text)) < 19 else None


# --- each job ---

_RECYCLED = """SELECT coalesce(facts->>'rule', '') AS what, (facts->>'from')::bigint AS person, customer_id AS customer
    FROM records_event WHERE batch_id = %(batch)s AND verb = 'recycle'"""
_CHURNED = """SELECT e.verb || ':' || coalesce(e.facts->>'rule', '') AS what, h.customer_owner AS person,
        e.customer_id AS customer
    FROM records_event e JOIN customers_churncase h ON h.id = e.subject_id
    WHERE e.batch_id = %(batch)s AND e.subject_kind = 'churn' AND e.verb <> 'undo'"""
_DERIVED = """SELECT f.key || ':' || (f.value->>0) || ':' || (f.value->>1) AS what, c.owner_id AS person,
        e.customer_id AS customer
    FROM records_event e JOIN customers_customer c ON c.id = e.customer_id CROSS JOIN LATERAL jsonb_each(e.facts) f
    WHERE e.batch_id = %(batch)s AND e.verb = 'derive' AND f.key IN ('state', 'life_cycle', 'grade')"""


def _rules(model: Any, url: str, numbers: Iterable[str]) -> dict[str, tuple[str, str]]:
    """A rule by its name; one that is gone by its number."""
    ids = [int(number) for number in numbers if number]
    held = dict(model._base_manager.filter(pk__in=ids).values_list("pk", "name"))
    known = {str(pk): (name, reverse(url, args=[pk])) for pk, name in held.items()}
    gone = {str(pk): (_("Rule %(number)s, deleted since") % {"number": pk}, "") for pk in ids if pk not in held}
    return {**known, **gone, "": (_("Without a rule"), "")}


def _told_recycled(whats: Iterable[str]) -> dict[str, tuple[str, str]]:
    found = _rules(RecycleRule, "customers:recycle_rule", whats)
    return {what: found[what] for what in whats}


def _told_churned(whats: Iterable[str]) -> dict[str, tuple[str, str]]:
    verbs = {
        "return": _("Open again after a deferral"), "keep": _("Kept: bought again"),
        "win_back": _("Won back: bought again"),
    }  # fmt: skip
    rules = _rules(ChurnRule, "customers:churn_rule", [what.partition(":")[2] for what in whats])
    told = {}
    for what in whats:
        verb, _colon, number = what.partition(":")
        told[what] = (verbs[verb], "") if verb in verbs else rules[number]
    return told


def _told_derived(whats: Iterable[str]) -> dict[str, tuple[str, str]]:
    told = {}
    for what in whats:
        name, before, after = what.split(":")
        told[what] = (capfirst(derived_in_words({name: [before, after]})), "")
    return told


SOURCES = {
    "customers.recycle": Source(_RECYCLED, _told_recycled),
    "customers.churn": Source(_CHURNED, _told_churned),
    "customers.derive": Source(_DERIVED, _told_derived),
}
