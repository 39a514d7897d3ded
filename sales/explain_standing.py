"""Why a customer stands where it does: state, life cycle and grade in words, with the figures they come from."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access
from accounts.models import Company
from crm.formats import current_formats
from customers.states import CustomerState, LifeCycle
from sales.derive_sql import COUNTS, NET, OPPORTUNITY, ORDER

_FACTS = f"""
SELECT (SELECT count(*) FROM {ORDER} WHERE customer_id = %(id)s AND deleted_at IS NULL AND {COUNTS}),
       (SELECT count(*) FROM {OPPORTUNITY} WHERE customer_id = %(id)s AND deleted_at IS NULL AND state = 'open'),
       (SELECT sum(net) FROM ({NET}) facts WHERE customer_id = %(id)s AND day > %(since)s AND day <= %(today)s)
"""


@dataclass(frozen=True)
class Facts:
    """``net``: of the last twelve months, in the company's currency; None without orders."""

    orders: int
    open: int
    net: Decimal | None


def explain_standing(user: Any, customer: Any, *, now: datetime.datetime | None = None) -> list[tuple[Any, str]]:
    """(label, text) for the page of details. Sums of money only for who may see orders."""
    today = (now or timezone.now()).astimezone(Company.get().zone).date()
    facts = _facts(customer.pk, today)
    return [
        (_("State"), f"{customer.get_state_display()}: {_why_state(customer, facts)}"),
        (_("Life cycle"), f"{customer.get_life_cycle_display()}: {_why_life_cycle(customer)}"),
        (_("Grade"), f"{customer.grade}: {_why_grade(user, customer, facts, today)}"),
    ]


def _facts(pk: int, today: datetime.date) -> Facts:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"id": pk, "today": today, "since": today - relativedelta(years=1)})
        return Facts(*cursor.fetchone())


def _why_state(customer: Any, facts: Facts) -> str:
    shown = current_formats()
    if customer.state in (CustomerState.BUYING, CustomerState.REPEAT):
        return ngettext("%(count)s confirmed order", "%(count)s confirmed orders", facts.orders) % {
            "count": shown.number(facts.orders)
        }
    if customer.state == CustomerState.PROSPECT:
        return _("no order, no open opportunity, no intention")
    reasons = []
    if facts.open:
        text = ngettext("%(count)s open opportunity", "%(count)s open opportunities", facts.open)
        reasons.append(text % {"count": shown.number(facts.open)})
    if customer.intention_id:
        reasons.append(_("the intention is set: %(intention)s") % {"intention": customer.intention})
    return ", ".join(reasons)


def _why_life_cycle(customer: Any) -> str:
    return {
        LifeCycle.ACQUIRE: _("it has not bought yet"),
        LifeCycle.MAINTAIN: _("it has bought"),
        LifeCycle.RETAIN: _("it may be lost"),
        LifeCycle.LOST: _("it was confirmed as lost"),
    }[customer.life_cycle]


def _why_grade(user: Any, customer: Any, facts: Facts, today: datetime.date) -> str:
    if customer.grade_until and customer.grade_until >= today:
        return _("set by hand, holds until %(date)s") % {"date": current_formats().date(customer.grade_until)}
    rule = (
        _(
            "by net orders of the last 12 months, every night: A are the largest customers that together make 80 %%, "
            "B those up to 95 %%, C the others with orders, D those without"
        )
        % {}
    )
    if not access.allows(user, "view", "order"):
        return rule
    net = current_formats().money(facts.net or Decimal(0), Company.get().currency)
    return _("net orders of the last 12 months: %(net)s; %(rule)s") % {"net": net, "rule": rule}
