"""Why a row was refused or skipped: codes with parameters, in words when somebody reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "required": _("%(field)s is missing."),
    "required_one": _("One of these is needed: %(fields)s."),
    "too_long": _("%(field)s is longer than %(limit)s characters."),
    "email": _("“%(value)s” is not an e-mail address."),
    "phone": _("“%(value)s” is not a phone number."),
    "date": _("“%(value)s” is not a date."),
    "number": _("“%(value)s” is not a number."),
    "whole": _("“%(value)s” is not a whole number."),
    "range": _("%(field)s is out of range: %(value)s."),
    "negative": _("%(field)s cannot be negative: %(value)s."),
    "boolean": _("“%(value)s” is neither yes nor no."),
    "currency": _("“%(value)s” is not a currency code."),
    "country": _("“%(value)s” is not a country."),
    "choice": _("“%(value)s” is not one of: %(choices)s."),
    "unknown": _("%(field)s: there is no “%(value)s”."),
    "near": _("%(field)s: “%(value)s” is not known; did you mean “%(match)s”?"),
    "several": _("%(field)s: several fit “%(value)s”."),
    "extra_cells": _("The row has more cells than the header."),
    "deleted": _("Deleted in the system it comes from."),
    "same_in_file": _("The same as row %(row)s of the file."),
    "repeated": _("The same as an earlier row of the file."),
    "exists": _("Exists already."),
    "in_trash": _("Lies in the trash."),
    "unchanged": _("Exists already and is the same."),
    "out_of_reach": _("Exists already, outside your reach."),
    "not_yours_to_give": _("You may not give records to this owner."),
    "no_customer": _("There is no customer “%(value)s”."),
    "won_needs_customer": _("A won opportunity needs a customer."),
    "closed_needs_date": _("A closed opportunity needs a date."),
    "ambiguous_customer": _("Several customers are called “%(value)s”."),
    "converted": _("Converted in the system it comes from; its owner or its customer is not known here."),
    "username": _("“%(value)s” cannot be a user name."),
    "not_positive": _("%(field)s is greater than zero: %(value)s. Returns and credits are no orders."),
    "amount_differs": _("%(quantity)s × %(price)s does not give the amount %(value)s."),
    "no_amount": _("The row has neither a price nor an amount."),
    "order_refused": _("Another row of this order was refused."),
    "several_customers": _("The rows of order %(value)s name several customers."),
    "several_currencies": _("The rows of order %(value)s name several currencies."),
    "order_too_long": _("Order %(value)s has more than %(limit)s lines."),
    "total_differs": _("The lines of order %(value)s come to %(sum)s, the file says %(total)s."),
    "no_product": _("There is no product “%(value)s”."),
}


class BadValue(Exception):
    """One cell, or one row, that cannot come in."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def as_list(self) -> list[Any]:
        return [self.code, {name: str(value)[:120] for name, value in self.params.items()}]


def words(reason: list[Any]) -> str:
    """A stored reason in the active language. ``reason``: [code, params]; several: a list of them."""
    if reason and isinstance(reason[0], list):
        return " ".join(words(each) for each in reason)
    code, params = reason
    return str(MESSAGES[code]) % params
