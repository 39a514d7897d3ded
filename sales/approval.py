"""Whether a quote may go out as it is, or somebody with the right *approve* has to look at it first."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Company
from crm.formats import current_formats
from records.models import Event
from sales.business_day import today_of_company
from sales.consistency import largest_drop
from sales.models import Quote
from sales.models.quote_policy import QuotePolicy
from sales.models.rate import in_company_currency


@transaction.atomic
def submit_quote(quote: Quote, *, by: Any) -> Event:
    """Approved at once, unless discount, amount or margin are beyond the limits."""
    quote.lock()
    return quote.submit(by=by, reason=reason_to_approve(quote, by=by))


def reason_to_approve(quote: Quote, *, by: Any) -> str:
    """In words for whoever approves; "" when nobody has to."""
    policy = QuotePolicy.get()
    reasons = [_discount(quote, policy, by), _amount(quote, policy), _margin(quote, policy), _drop(quote, policy)]
    return " ".join(reason for reason in reasons if reason)[:500]


def _discount(quote: Quote, policy: QuotePolicy, by: Any) -> str:
    limit, most = policy.discount_for(access.role_ids_of(by) if by else ()), quote.largest_discount
    if most <= limit:
        return ""
    shown = {"most": _number(most), "limit": _number(limit)}
    return _("A discount of %(most)s %% is above the limit of %(limit)s %%.") % shown


def _amount(quote: Quote, policy: QuotePolicy) -> str:
    """Where no rate is known for today, the amount cannot be compared, and somebody has to look."""
    if policy.amount_limit is None:
        return ""
    net = in_company_currency(quote.net, quote.currency, on=today_of_company(quote.created_at))
    if net is not None and net <= policy.amount_limit:
        return ""
    formats = current_formats()
    shown = {
        "amount": formats.money(quote.net, quote.currency),
        "limit": formats.money(policy.amount_limit, Company.get().currency),
    }
    return _("An amount of %(amount)s is above the limit of %(limit)s.") % shown


def _margin(quote: Quote, policy: QuotePolicy) -> str:
    """Only of the lines whose cost is known: the others would look like pure gain."""
    if policy.margin_limit is None:
        return ""
    known = [line for line in quote.lines.all() if line.cost is not None and line.amount]
    earned = sum((line.amount for line in known), Decimal(0))
    spent = sum((line.cost * line.quantity for line in known), Decimal(0))
    if not earned or (earned - spent) * 100 / earned >= policy.margin_limit:
        return ""
    return _("The margin is below the limit of %(limit)s %%.") % {"limit": _number(policy.margin_limit)}


def _drop(quote: Quote, policy: QuotePolicy) -> str:
    """Below what this customer was quoted or paid for the same product."""
    if policy.drop_limit is None:
        return ""
    drop = largest_drop(quote)
    if drop <= policy.drop_limit:
        return ""
    shown = {"drop": _number(drop.quantize(Decimal("0.1"))), "limit": _number(policy.drop_limit)}
    return _("A price is %(drop)s %% below an earlier one; the limit is %(limit)s %%.") % shown


def _number(value: Decimal) -> str:
    return current_formats().number(value.normalize())
