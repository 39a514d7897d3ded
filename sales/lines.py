"""The products of an opportunity. As soon as one has a price, the opportunity's amount is the sum of its lines."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from records.log import log_event
from records.refusals import Refused
from sales.models import Opportunity, OpportunityLine, Product


@transaction.atomic
def add_line(
    opportunity: Opportunity, product: Product, *, by: Any, quantity: Decimal = Decimal(1),
    unit_price: Decimal | None = None, discount: Decimal = Decimal(0),
) -> OpportunityLine:  # fmt: skip
    """Without ``unit_price`` the product's own counts, when its currency is the opportunity's."""
    _lock_open(opportunity)
    if unit_price is None and product.currency == opportunity.currency:
        unit_price = product.price
    line = OpportunityLine(
        opportunity=opportunity, product=product, quantity=quantity, unit_price=unit_price, discount=discount
    )
    line.reckon()
    line.save()
    _sum_up(opportunity, "add_product", line, by=by)
    return line


@transaction.atomic
def change_line(
    line: OpportunityLine, *, by: Any, quantity: Decimal, unit_price: Decimal | None, discount: Decimal = Decimal(0)
) -> None:
    _lock_open(line.opportunity)
    line.quantity, line.unit_price, line.discount = quantity, unit_price, discount
    line.reckon()
    line.save(update_fields=["quantity", "unit_price", "discount", "amount"])
    _sum_up(line.opportunity, "change_product", line, by=by)


@transaction.atomic
def remove_line(line: OpportunityLine, *, by: Any) -> None:
    opportunity = line.opportunity
    _lock_open(opportunity)
    gone = OpportunityLine.objects.filter(pk=line.pk).delete()[0]
    if gone:
        _sum_up(opportunity, "remove_product", line, by=by)


def _lock_open(opportunity: Opportunity) -> None:
    opportunity.lock()
    if opportunity.is_deleted or not opportunity.is_open:
        raise Refused(
            _("The products of a closed opportunity stay as they are. Reopen it first."),
            reason="state",
            state=opportunity.state,
            allowed=("reopen",),
        )


def _sum_up(opportunity: Opportunity, verb: str, line: OpportunityLine, *, by: Any) -> None:
    before = opportunity.amount
    total = opportunity.lines.aggregate(total=Sum("amount"))["total"]
    if total is not None and total != before:
        opportunity.amount = total
        opportunity.amount_company = opportunity.converted()
        opportunity.save(update_fields=["amount", "amount_company"])
        opportunity.refresh_from_db(fields=["version"])
    facts = {"product": line.product_id, "quantity": line.quantity, "amount": line.amount}
    changes = {"amount": (before, opportunity.amount)} if opportunity.amount != before else None
    log_event(verb, opportunity, by=by, facts=facts, changes=changes)
