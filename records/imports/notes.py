"""What the import took for granted, and what it left for a person to settle: once per value, with a count."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

MOST = 500

MESSAGES = {
    "near": _("%(field)s “%(value)s” was taken for “%(match)s”."),
    "new_entry": _("%(field)s “%(value)s” is new and was added to the choices."),
    "new_customer": _("Customer “%(value)s” is new and was added."),
    "new_person": _("“%(value)s” is a private person and was added as a customer."),
    "new_stage": _("Stage “%(value)s” was added to pipeline “%(match)s”."),
    "new_pipeline": _("Pipeline “%(value)s” was added."),
    "new_user": _("“%(value)s” supervises a team and was added as a user."),
    "new_team": _("Team “%(value)s” was added."),
    "formulas": _("The file holds formulas: their last calculated values were read."),
    "lost_reason": _("Lost without a reason in the file: “%(match)s” was noted."),
    "currency": _("Amounts without a currency are in %(value)s."),
    "in_pool": _("Customers without an owner went into the pool “%(value)s”."),
    "kept_course": _("Stage, amount and owner of opportunities that exist stay as they are: move them in the product."),
    "owner_default": _("Rows without an owner were given to %(value)s."),
    "date_order": _("Dates such as %(value)s were read as day before month."),
    "date_order_mdy": _("Dates such as %(value)s were read as month before day."),
    "orders": _("%(rows)s rows are %(orders)s orders."),
    "order_state": _("Orders without a state were taken as confirmed on their day."),
    "cancel_reason": _("Cancelled without a reason in the file: “%(match)s” was noted."),
    "price_from_amount": _("Price and amount of a line did not agree: the amount counts."),
    # to settle
    "nobody": _("%(field)s: nobody is called “%(value)s”; left empty."),
    "none": _("%(field)s: there is no “%(value)s”; left empty."),
    "several": _("%(field)s: several fit “%(value)s”; left empty."),
    "phone": _("Phone “%(value)s” was kept as written: its country is not known."),
    "email": _("E-mail “%(value)s” was kept in the comment: it is not an address."),
    "ambiguous_customer": _("Several customers are called “%(value)s”; left empty."),
    "no_product": _("There is no product “%(value)s”; its name stands on the line."),
    "no_opportunity": _("There is no opportunity “%(value)s”; left empty."),
    "no_rate": _("There is no exchange rate for %(value)s on the day of these orders; they count in no report."),
    "total_differs": _("The lines of order %(value)s come to %(sum)s, the file says %(total)s."),
    "repeated_header": _("Several columns have the header “%(value)s”; they were left out."),
    "no_contact": _("Contact “%(value)s” was not found at the customer; left empty."),
}
SETTLE = frozenset({
    "nobody", "none", "several", "phone", "email", "ambiguous_customer", "no_contact", "no_product", "no_opportunity",
    "no_rate", "total_differs", "repeated_header",
})  # fmt: skip


class Notes:
    """Counts by (code, params); the first 500 different ones are kept."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def add(self, code: str, times: int = 1, **params: Any) -> None:
        key = (code, tuple(sorted((name, str(value)[:200]) for name, value in params.items())))
        if key in self._counts or len(self._counts) < MOST:
            self._counts[key] += times

    def drop(self, code: str, **params: Any) -> None:
        self._counts.pop((code, tuple(sorted((name, str(value)[:200]) for name, value in params.items()))), None)

    def as_json(self) -> dict[str, list[Any]]:
        """``assumed`` and ``settle``: lists of [code, params, count], the most frequent first."""
        told: dict[str, list[Any]] = {"assumed": [], "settle": []}
        for (code, params), count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0])):
            told["settle" if code in SETTLE else "assumed"].append([code, dict(params), count])
        return told


def words(note: list[Any]) -> str:
    code, params, _count = note
    return str(MESSAGES[code]) % params
