"""Leads and customers that may be the same as a lead: by phone, e-mail, tax number, company name, e-mail domain.

A signal that hits more than twenty records is none (PRODUCT §3): a switchboard, a name like "Trading".
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.models import Customer
from leads.keys import keys_of
from leads.models import Lead
from records.existence import ExistenceNote, notes_for
from records.kinds import kinds

MOST = 20
SIGNALS = {
    "tax": _("same tax number"),
    "email": _("same e-mail"),
    "phone": _("same phone"),
    "company": _("same company name"),
    "domain": _("same e-mail domain"),
}
# What says more than that two people work at one company.
STRONG = {"tax", "email", "phone"}


@dataclass(frozen=True)
class Duplicate:
    """A record within reach that may be the same."""

    kind: str
    record: Any
    label: Any
    url: str
    reasons: list[Any]
    is_strong: bool


@dataclass(frozen=True)
class Duplicates:
    found: list[Duplicate] = field(default_factory=list)
    # Out of reach: that it exists, and whose it is.
    notes: list[ExistenceNote] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found or self.notes)

    @property
    def customers(self) -> list[Customer]:
        return [one.record for one in self.found if one.kind == "customer"]


def duplicates_of(lead: Lead, user: Any) -> Duplicates:
    values = {name: getattr(lead, name) for name in ("name", "company", "phone", "mobile", "email", "country")}
    return find_duplicates({**values, "website": lead.website, "tax_number": lead.tax_number}, user, but=lead.pk)


def find_duplicates(values: Mapping[str, Any], user: Any, *, but: int = 0) -> Duplicates:
    """For what stands in a form, or in a lead (``but``: its own number)."""
    keys = _keys(values)
    if not keys:
        return Duplicates()
    hits = hits_of(keys, but=but)
    found: list[Duplicate] = []
    hidden: list[Any] = []
    for kind, model in (("customer", Customer), ("lead", Lead)):
        ids = [pk for of, pk in hits if of == kind]
        rows = {row.pk: row for row in model.objects.live().filter(pk__in=ids).select_related("owner")}
        seen = set(model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
        found += [_duplicate(kind, rows[pk], hits[kind, pk]) for pk in ids if pk in seen and pk in rows]
        hidden += [rows[pk] for pk in ids if pk in rows and pk not in seen and STRONG & hits[kind, pk]]
    found.sort(key=lambda one: (not one.is_strong, one.kind != "customer", -len(one.reasons), one.record.pk))
    return Duplicates(found, notes_for(user, hidden))


def _duplicate(kind: str, record: Any, signals: set[str]) -> Duplicate:
    reasons = [text for signal, text in SIGNALS.items() if signal in signals]
    return Duplicate(kind, record, kinds[kind].label, kinds[kind].url_of(record), reasons, bool(STRONG & signals))


def _keys(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Signal → the keys by which it is looked for."""
    keys = keys_of(values, country=Company.get().country)
    wanted = {
        "phone": [keys["phone_key"], keys["mobile_key"]],
        "email": [keys["email_key"]],
        "tax": [keys["tax_key"]],
        "company": [keys["company_key"]],
        "domain": [keys["domain_key"]],
    }
    wanted = {signal: sorted({key for key in found if key}) for signal, found in wanted.items()}
    return {signal: found for signal, found in wanted.items() if found}


def hits_of(keys: Mapping[str, list[str]], *, but: int = 0) -> dict[tuple[str, int], set[str]]:
    """(kind, id) → signals, for signals with their keys; one statement, one equality per key."""
    if not keys:
        return {}
    branches, params = [], []
    for signal, sql in _branches():
        if signal in keys:
            branches.append(f"({sql} LIMIT {MOST + 1})")
            params.append(keys[signal])
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branches), params)
        rows = {tuple(row) for row in cursor.fetchall()} - {("lead", but, signal) for signal in SIGNALS}
    by_signal = defaultdict(set)
    for kind, pk, signal in rows:
        by_signal[signal].add((kind, pk))
    hits: dict[tuple[str, int], set[str]] = defaultdict(set)
    for signal, records in by_signal.items():
        if len(records) <= MOST:
            for record in sorted(records):
                hits[record].add(signal)
    return hits


def _branches() -> Iterator[tuple[str, str]]:
    columns = {"phone": ("phone_key", "mobile_key"), "email": ("email_key",), "tax": ("tax_key",)}
    columns |= {"company": ("company_key",), "domain": ("domain_key",)}
    for signal, names in columns.items():
        for name in names:
            # A converted lead is seen as its customer.
            yield (
                signal,
                f"""SELECT 'lead', id, '{signal}' FROM leads_lead
                WHERE {name} = ANY(%s) AND {name} <> '' AND deleted_at IS NULL AND state <> 'converted'""",
            )
    for signal, name in (("phone", "normalised"), ("email", "normalised"), ("domain", "domain")):
        yield (
            signal,
            f"""SELECT DISTINCT 'customer', p.customer_id, '{signal}' FROM customers_contactpoint p
            JOIN customers_customer c ON c.id = p.customer_id
            WHERE p.{name} = ANY(%s) AND p.{name} <> '' AND c.deleted_at IS NULL""",
        )
    for signal, name, key in (("company", "company_key", "k"), ("tax", "tax_number", "upper(k)")):
        yield (
            signal,
            f"""SELECT 'customer', id, '{signal}' FROM customers_customer
            WHERE {name} = ANY(array(SELECT {key} FROM unnest(%s::text[]) k)) AND {name} <> ''
              AND deleted_at IS NULL""",
        )
