"""The signs of churn that orders give: a customer that ordered in its own rhythm, or at all, and orders no more."""

import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.formats import current_formats
from customers.churn.signs import Signal, signs
from customers.models import Customer
from sales.derive_sql import COUNTS, ORDER

# The mean interval of its orders (PRODUCT §11, RFM), of at least two on different days.
_RHYTHM = f"""
SELECT customer_id, max(confirmed_on) AS last, (max(confirmed_on) - min(confirmed_on))::numeric / (count(*) - 1) AS days
FROM {ORDER} WHERE {COUNTS} AND confirmed_on <= %s AND deleted_at IS NULL {{which}}
GROUP BY 1 HAVING count(*) > 1 AND max(confirmed_on) > min(confirmed_on)
"""
_LATE = f"SELECT customer_id FROM ({_RHYTHM.format(which='')}) r WHERE %s - last > %s * days"
_OF_ONE = _RHYTHM.format(which="AND customer_id = %s")


def add_churn_signals() -> None:
    signs.add(
        "order_interval",
        Signal(
            gettext_lazy("No order for so many times its own interval"), gettext_lazy("times"), Decimal(2),
            late_by_interval, _because_interval, _rhythm_of,
        ),
    )  # fmt: skip
    signs.add(
        "order_days",
        Signal(
            gettext_lazy("No order for so many days, after there was one"), gettext_lazy("days"), Decimal(180),
            late_by_days, _because_days, _last_order_of,
        ),
    )  # fmt: skip


def late_by_interval(number: Decimal, on: datetime.date) -> RawSQL:
    """Customers whose last order lies more than ``number`` times their mean interval back."""
    return RawSQL(_LATE, (on, on, number))


def late_by_days(number: Decimal, on: datetime.date) -> QuerySet:
    """Customers who ordered once, and not within the last ``number`` days."""
    return Customer.objects.live().filter(last_order_on__lt=on - datetime.timedelta(days=int(number))).values("pk")


def _because_interval(number: Decimal) -> str:
    return _("no order for %(number)s times its own interval") % {"number": _shown(number)}


def _because_days(number: Decimal) -> str:
    text = ngettext("no order for %(number)s day", "no order for %(number)s days", int(number))
    return text % {"number": _shown(number)}


def _shown(number: Decimal) -> str:
    return current_formats().number(number, places=0 if number == int(number) else 1)


def _rhythm_of(customer: int, on: datetime.date) -> str:
    """“an order every 32 days, the last one on 3 May 2026”."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, (on, customer))
        row = cursor.fetchone()
    if row is None:
        return ""
    days = round(row[2])
    text = ngettext("an order every day, the last one on %(last)s", "an order every %(days)s days, the last one on "
                    "%(last)s", days)  # fmt: skip
    return text % {"days": days, "last": current_formats().date(row[1])}


def _last_order_of(customer: int, on: datetime.date) -> str:
    last = Customer.objects.filter(pk=customer).values_list("last_order_on", flat=True).first()
    return _("the last order was on %(last)s") % {"last": current_formats().date(last)} if last else ""
