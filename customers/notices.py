"""The words of this room's notices, rendered when they are read."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.shell import url_or_nothing
from customers.models import Customer, Pool
from messaging.notices import NoticeKind, notice_kinds


def add_notice_kinds() -> None:
    for code, icon, text, url in (
        ("alerts", "bell", _alerts, _customers_page),
        ("escalated", "clock-exclamation", _escalated, _customers_page),
        ("recycled", "recycle", _recycled, _pool_page),
        ("recycle_stopped", "hand-stop", _stopped, _pool_page),
        ("assigned", "user-check", _assigned, _customer_page),
        ("assigned_many", "users", _assigned_many, _customers_page),
        ("given_back", "arrow-back-up", _given_back, _customer_page),
        ("activity_in_pool", "pool", _activity_in_pool, _pool_page),
        ("churn_to_settle", "heart-broken", _churn, _churn_page),
    ):
        notice_kinds.add(code, NoticeKind(icon, text, url))


def _alerts(notice: Any) -> str:
    return _("Your customers: %(what)s.") % {"what": _counts(notice)}


def _escalated(notice: Any) -> str:
    return _("Your team's customers have been waiting for days: %(what)s.") % {"what": _counts(notice)}


def _counts(notice: Any) -> str:
    numbers = notice.facts
    texts = {
        "never": ngettext("%(n)s never contacted", "%(n)s never contacted", numbers.get("never", 0)),
        "overdue": ngettext("%(n)s overdue", "%(n)s overdue", numbers.get("overdue", 0)),
        "idle": ngettext("%(n)s without contact for too long", "%(n)s without contact for too long",
                         numbers.get("idle", 0)),
        "drop": ngettext("%(n)s about to fall into the pool", "%(n)s about to fall into the pool",
                         numbers.get("drop", 0)),
    }  # fmt: skip
    return ", ".join(text % {"n": numbers[code]} for code, text in texts.items() if numbers.get(code))


def _recycled(notice: Any) -> str:
    text = ngettext(
        "%(n)s of your customers fell into the pool “%(pool)s”.",
        "%(n)s of your customers fell into the pool “%(pool)s”.",
        notice.count,
    )
    return text % {"n": notice.count, "pool": _pool(notice)}


def _stopped(notice: Any) -> str:
    return _("The brake of the pool “%(pool)s” stopped a run: %(n)s of %(watched)s customers would have moved.") % {
        "pool": _pool(notice), "n": notice.count, "watched": notice.facts.get("watched"),
    }  # fmt: skip


def _assigned(notice: Any) -> str:
    return _("“%(customer)s” was assigned to you.") % {"customer": _customer(notice)}


def _assigned_many(notice: Any) -> str:
    text = ngettext("%(n)s customer was assigned to you.", "%(n)s customers were assigned to you.", notice.count)
    return text % {"n": notice.count}


def _given_back(notice: Any) -> str:
    return _("“%(customer)s” fell into the pool while you wrote; your activity won it back.") % {
        "customer": _customer(notice)
    }


def _activity_in_pool(notice: Any) -> str:
    return _("Your activity with “%(customer)s” is stored, but the customer has fallen into the pool.") % {
        "customer": _customer(notice)
    }


def _churn(notice: Any) -> str:
    text = ngettext("%(n)s of your customers may leave: decide.", "%(n)s of your customers may leave: decide.",
                    notice.count)  # fmt: skip
    return text % {"n": notice.count}


def _customer(notice: Any) -> str:
    return Customer.objects.filter(pk=notice.facts.get("customer")).values_list("name", flat=True).first() or "–"


def _pool(notice: Any) -> str:
    return Pool.objects.filter(pk=notice.facts.get("pool")).values_list("name", flat=True).first() or "–"


def _customer_page(notice: Any) -> str:
    return reverse("customers:detail", args=[notice.facts["customer"]])


def _pool_page(notice: Any) -> str:
    return f"{reverse('customers:pool')}?pool={notice.facts.get('pool', '')}"


def _customers_page(notice: Any) -> str:
    return url_or_nothing("customers:list")


def _churn_page(notice: Any) -> str:
    return f"{reverse('customers:churn')}?state=open"
