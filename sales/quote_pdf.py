"""The PDF of a quote, in the language of the quote. What people typed reaches it as data, never as markup."""

import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Company
from crm.formats import Formats, current_formats
from crm.places import country_name
from sales.amounts import totals
from sales.models import Quote, QuoteLine
from sales.paper import line_on_paper, plain_number, print_paper, sender_of, tongue


def quote_pdf(quote: Quote, *, now: datetime.datetime) -> bytes:
    """The same quote at the same moment gives the same bytes. What is not yet approved carries a word across it."""
    with translation.override(quote.language):
        data = paper_of(quote)
    return print_paper(data, now=now)


def paper_of(quote: Quote) -> dict[str, Any]:
    """All words and figures of the paper, in the active language."""
    formats, lines = current_formats(), list(quote.lines.all())
    return {
        **tongue(quote.language),
        "title": _("Quote"),
        "number": quote.number,
        "company": Company.get().title,
        "sender": sender_of(Company.get()),
        "watermark": "" if quote.state not in ("draft", "pending") else _("Draft"),
        "address": address_of(quote),
        "head": _head(quote, formats),
        "intro": quote.intro.replace("\r", ""),
        "columns": ["", _("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Tax"), _("Amount")],
        "lines": [line_on_paper(line, formats) for line in lines],
        "totals": _totals(quote, lines, formats),
        "total": [_("Total"), formats.money(quote.gross, quote.currency)],
        "terms": quote.terms.replace("\r", ""),
        "labels": {"page": _("Page"), "terms": _("Terms")},
    }


def address_of(quote: Quote) -> list[str]:
    customer = quote.customer
    town = " ".join(filter(None, (customer.postcode, customer.city)))
    parts = (
        customer.name,
        quote.contact.name if quote.contact else "",
        customer.street,
        town,
        country_name(customer.country),
    )
    return [str(part) for part in parts if part]


def _head(quote: Quote, formats: Formats) -> list[tuple[str, str]]:
    owner = quote.owner.name if quote.owner else ""
    pairs = [
        (_("Number"), quote.number),
        (_("Revision"), str(quote.revision) if quote.revision > 1 else ""),
        (_("Date"), formats.date(quote.created_at)),
        (_("Valid until"), formats.date(quote.valid_until)),
        (_("Your contact with us"), owner),
    ]
    return [pair for pair in pairs if pair[1]]


def _totals(quote: Quote, lines: list[QuoteLine], formats: Formats) -> list[tuple[str, str]]:
    of_rates = totals(
        [(line.tax_rate, line.amount) for line in lines], quote.currency, include_tax=quote.prices_include_tax
    ).rates
    taxes = [
        (_("Tax %(rate)s %%") % {"rate": plain_number(rate, formats)}, formats.money(tax, quote.currency))
        for rate, tax in of_rates.items()
        if rate
    ]
    return [(_("Net"), formats.money(quote.net, quote.currency)), *taxes]
