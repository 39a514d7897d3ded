"""What speaks against another currency of the company: amounts that were converted into the present one."""

from django.utils.translation import gettext as _

from records.company import reckoned_in
from sales.models import ExchangeRate, Opportunity, Order


def add_company_guard() -> None:
    reckoned_in.add("sales", sales_in_currency)


def sales_in_currency() -> str:
    """In words; "" as long as nothing was converted."""
    found = [
        (_("opportunities"), Opportunity.objects.filter(amount_company__isnull=False)),
        (_("orders"), Order.objects.all()),
        (_("exchange rates"), ExchangeRate.objects.all()),
    ]
    return ", ".join(words for words, rows in found if rows.exists()).capitalize()
