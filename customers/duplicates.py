"""Duplicate signals (PRODUCT §3): same phone, e-mail, tax number, company name, e-mail domain.

A signal that hits more than twenty records says nothing. What is within reach is named and linked; of the rest only
that it exists: kind, name, owner, date (records.existence: logged, thirty an hour, can be switched off).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import normalise
from crm.register import Register
from customers.models import ContactPoint, Customer
from customers.models.contact_point import DIALLED
from records.existence import to_tell

MOST_HITS = 20

LABELS = {
    "phone": _("same phone"), "email": _("same e-mail"), "tax_number": _("same tax number"),
    "name": _("same name"), "domain": _("same e-mail domain"),
}  # fmt: skip


@dataclass(frozen=True)
class Signals:
    """Normalised values; empty where nothing was typed."""

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    tax_number: str = ""
    company_key: str = ""

    @classmethod
    def read(
        cls, *, name: str = "", phones: Iterable[str] = (), emails: Iterable[str] = (), tax_number: str = "",
        country: str = "",
    ) -> "Signals":  # fmt: skip
        return cls(
            phones=frozenset(filter(None, (normalise.phone(text, country) for text in phones))),
            emails=frozenset(filter(None, (normalise.email(text) for text in emails))),
            tax_number="".join(tax_number.upper().split()),
            company_key=normalise.company_key(name)[:255] if len(name.strip()) > 1 else "",
        )

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(filter(None, (normalise.email_domain(address) for address in self.emails)))


@dataclass(frozen=True)
class Match:
    """``record`` may be the same as what is typed. ``url`` is empty where it is out of reach."""

    kind: str
    pk: int
    name: str
    owner: str
    since: date
    signals: tuple[str, ...]
    url: str
    record: Any

    @property
    def reasons(self) -> list[str]:
        return [str(LABELS[signal]) for signal in self.signals]


@dataclass(frozen=True)
class Found:
    within: list[Match] = field(default_factory=list)
    elsewhere: list[Match] = field(default_factory=list)


# kind → function(user, signals) → Found, for kinds of other rooms (leads)
sources: Register[Any] = Register("source of duplicates")


def similar(user: Any, signals: Signals, *, but_not: int | None = None) -> Found:
    """What the person may be told. Asking for something out of reach counts against her hour."""
    hits = customer_hits(signals)
    hits.pop(but_not or 0, None)
    rows = {row.pk: row for row in Customer.objects.live().filter(pk__in=hits).select_related("owner").order_by("pk")}
    seen = set(Customer.objects.visible_to(user).filter(pk__in=hits).values_list("pk", flat=True))
    within = [_match(rows[pk], hits[pk], seen=True) for pk in rows if pk in seen]
    elsewhere = [_match(rows[pk], hits[pk], seen=False) for pk in rows if pk not in seen]
    for source in sources:
        more = source(user, signals)
        within, elsewhere = within + more.within, elsewhere + more.elsewhere
    return Found(within, existence_notes(user, elsewhere))


def customer_hits(signals: Signals) -> dict[int, tuple[str, ...]]:
    """Customer id → the signals that it shares. One statement per signal that was typed."""
    live = Customer.objects.live()
    found: dict[int, list[str]] = {}
    points = ContactPoint.objects.filter(customer__deleted_at__isnull=True)
    asked = (
        ("phone", points.filter(normalised__in=signals.phones, kind__in=DIALLED), "customer_id", signals.phones),
        ("email", points.filter(normalised__in=signals.emails, kind="email"), "customer_id", signals.emails),
        ("tax_number", live.filter(tax_number=signals.tax_number), "pk", signals.tax_number),
        ("name", live.filter(company_key=signals.company_key), "pk", signals.company_key),
        ("domain", points.filter(domain__in=signals.domains), "customer_id", signals.domains),
    )
    for signal, rows, key, typed in asked:
        if not typed:
            continue
        ids = list(rows.order_by().values_list(key, flat=True).distinct()[: MOST_HITS + 1])
        if len(ids) <= MOST_HITS:
            for pk in ids:
                found.setdefault(pk, []).append(signal)
    return {pk: tuple(signals) for pk, signals in found.items()}


def existence_notes(user: Any, matches: list[Match]) -> list[Match]:
    """Those that may be told. The domain alone tells nothing."""
    asked = [match for match in matches if match.signals != ("domain",)]
    told = {(record.kind, record.pk) for record in to_tell(user, [match.record for match in asked])}
    return [match for match in asked if (match.kind, match.pk) in told]


def _match(row: Customer, signals: tuple[str, ...], *, seen: bool) -> Match:
    url = reverse("customers:detail", args=[row.pk]) if seen else ""
    owner = str(row.owner) if row.owner else str(_("in a pool"))
    return Match("customer", row.pk, row.name, owner, row.created_at.date(), signals, url, row)
