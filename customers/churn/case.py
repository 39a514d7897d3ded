"""What people do with a churn case; each verb moves the customer's life cycle with it.

Locks in the house's order: the customer, then its case.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.derived import derive, lock_customers
from customers.models import ChurnCase, Customer
from records.log import log_event
from records.models import DictionaryEntry, Event
from records.moves import move
from records.refusals import Refused

LONGEST = datetime.timedelta(days=366)


@transaction.atomic
def open_case(customer: Customer, *, by: Any, note: str = "", now: datetime.datetime | None = None) -> ChurnCase:
    """Opened by hand: ``note`` says what makes us think that the customer may leave."""
    customer.lock()
    _refuse_known(customer)
    case = ChurnCase(customer=customer, created_by=by, opened_on=_day(now), note=note.strip()[:500])
    case.copy_hints()
    case.save(force_insert=True)
    log_event("create", case, by=by)
    derive([customer.pk])
    return case


def defer(
    case: ChurnCase, measures: str, until: datetime.date, *, by: Any, now: datetime.datetime | None = None
) -> Event:
    """Something is done to keep the customer; on ``until`` the case is open again. Meanwhile no rule takes it away."""
    measures, today = measures.strip(), _day(now)
    if not measures:
        raise Refused(_("Say what is done to keep this customer."), reason="measures")
    if not today < until <= today + LONGEST:
        raise Refused(_("Choose a day that lies ahead, within a year."), reason="until")
    return _decide(case, "defer", by, facts={"until": until}, measures=measures[:2000], deferred_until=until)


def confirm(
    case: ChurnCase, reason: DictionaryEntry, *, by: Any, competitor: str = "", note: str = "",
    now: datetime.datetime | None = None,
) -> Event:  # fmt: skip
    """The customer is lost. ``reason``: an entry of the dictionary ``churn_reason``."""
    if reason is None or reason.list != "churn_reason":
        raise Refused(_("Say why this customer is lost."), reason="reason")
    with transaction.atomic():
        lock_customers([case.customer_id])
        held = Customer._base_manager.get(pk=case.customer_id)
        return _decide(
            case, "confirm", by, facts={"reason": reason.code, "owner": held.owner_id, "team": held.team_id},
            reason=reason, competitor=competitor.strip()[:200], end_note=note.strip()[:500], confirmed_on=_day(now),
            owner_at_confirm_id=held.owner_id, team_at_confirm_id=held.team_id,
        )  # fmt: skip


def win_back(case: ChurnCase, *, by: Any, note: str = "", now: datetime.datetime | None = None) -> Event:
    """A lost customer is ours again."""
    stamps = {"end_note": note.strip()[:500]} if note.strip() else {}
    return _decide(case, "win_back", by, ended_on=_day(now), **stamps)


@transaction.atomic
def take_back(case: ChurnCase, *, by: Any) -> Event:
    """A case that was a mistake goes to the trash; the customer stands as if there had been none."""
    lock_customers([case.customer_id])
    event = case.trash(by=by)
    derive([case.customer_id])
    return event


@transaction.atomic
def _decide(case: ChurnCase, verb: str, by: Any, facts: dict | None = None, **stamps: Any) -> Event:
    lock_customers([case.customer_id])
    event = move(case, verb, by=by, facts=facts, **stamps)
    derive([case.customer_id])
    return event


def _refuse_known(customer: Customer) -> None:
    held = ChurnCase.objects.live().filter(customer=customer).exclude(state__in=("won_back", "kept"))
    case = held.order_by("-pk").first()
    if case is None:
        return
    if case.is_unsettled:
        raise Refused(_("This customer has a churn case already."), reason="known", case=case.pk, state=case.state)
    raise Refused(_("This customer is lost already: win it back first."), reason="lost", case=case.pk, state=case.state)


def _day(now: datetime.datetime | None) -> datetime.date:
    """The business day: today where the company is."""
    return (now or timezone.now()).astimezone(Company.get().zone).date()
