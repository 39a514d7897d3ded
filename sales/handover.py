"""What of this room goes from a leaver to her heirs: open opportunities, quotes and orders."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import access
from customers.share_open import share_anew
from records.handover.kinds import Giving, HandoverKind, handovers
from records.handover.owned import give_owned, undo_owned
from sales.models import Opportunity, Order, Quote
from sales.states import QuoteState

OPEN_QUOTES = (QuoteState.DRAFT, QuoteState.PENDING, QuoteState.APPROVED, QuoteState.SENT)


def add_handovers() -> None:
    # Quotes and orders have no right to assign of their own: they go with the customers.
    for model, label, rows, right, order in (
        (Opportunity, _("open opportunities"), _opportunities, "opportunity", 20),
        (Quote, _("open quotes"), _quotes, "customer", 30),
        (Order, _("open orders"), _orders, "customer", 40),
    ):
        after = _shared if model is Opportunity else None
        handovers.add(
            model.kind,
            HandoverKind(
                model.kind, label, rows, partial(_give, model, after), partial(undo_owned, model, after=after),
                (right, "assign"), (model.kind, "change"), order, region="customer__region_id", follows="customer",
                stays=_approvals if model is Quote else lambda _leaver, _by: (),
            ),
        )  # fmt: skip


def _give(model: Any, after: Any, shares: Mapping[int, Any], how: Giving) -> list[int]:
    return give_owned(model, shares, how, after=after)


def _shared(ids: list[int], by: Any) -> None:
    share_anew(Opportunity, ids, by=by)


def _opportunities(leaver: Any, _by: Any) -> QuerySet:
    return Opportunity.objects.open().filter(owner=leaver)


def _quotes(leaver: Any, _by: Any) -> QuerySet:
    return Quote.objects.live().filter(owner=leaver, state__in=OPEN_QUOTES)


def _orders(leaver: Any, _by: Any) -> QuerySet:
    return Order.objects.open().filter(owner=leaver)


def _approvals(leaver: Any, _by: Any) -> Iterable[str]:
    """Quotes wait for whoever may approve them, not for one person: told only when nobody else could."""
    waiting = Quote.objects.allowing(leaver, "approve").filter(state=QuoteState.PENDING)
    alone = set(waiting.order_by().values_list("pk", flat=True))
    for person in access.holders("quote", "approve").exclude(pk=leaver.pk).order_by("pk"):
        if not alone:
            return
        reached = Quote.objects.allowing(person, "approve").filter(pk__in=alone)
        alone -= set(reached.values_list("pk", flat=True))
    if alone:
        text = ngettext(
            "%(n)d quote waits for an approval that nobody else may give.",
            "%(n)d quotes wait for an approval that nobody else may give.",
            len(alone),
        )
        yield text % {"n": len(alone)}
