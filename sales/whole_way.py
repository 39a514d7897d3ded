"""The whole way on the pages of a quote and of an order, from the quote to the last receipt; and what is next."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.formats import current_formats
from sales.business_day import today
from sales.models import Order, Quote
from sales.states import OrderState, QuoteState

Step = dict[str, Any]
SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Next:
    """What is next, in words. ``act``: the verb of the head that does it; else ``url`` leads there (or nowhere)."""

    text: str
    act: str = ""
    url: str = ""
    label: str = ""
    is_post: bool = False


def way_of_order(order: Order, money: Any, *, sees_quote: bool = False) -> list[Step]:
    """``money``: sales.order_page.Money of the order."""
    steps = []
    if order.quote_id:
        url = reverse("sales:quote_detail", args=[order.quote_id]) if sees_quote else ""
        steps.append(_step(_("Quote"), True, order.quote.number if order.quote else "", url))
    steps.append(_step(_("Order"), order.state != OrderState.DRAFT, order.get_state_display()))
    if order.state in (OrderState.CANCELLED, OrderState.RETURNED):
        return [
            *steps[:-1],
            {**steps[-1], "label": order.get_state_display().capitalize(), "state": "failed", "text": ""},
        ]
    steps += [*_steps_of_money(order, money), _step_of_goods(order), _step_of_payment(order)]
    return _with_now(steps)


def _steps_of_money(order: Order, money: Any) -> list[Step]:
    open_ones = [one for one in money.instalments if one.instalment.amount]
    invoiced = [one.invoice for one in open_ones if one.invoice]
    is_free = order.state != OrderState.DRAFT and not order.payable
    words = {"done": len(invoiced), "count": len(open_ones)}
    told = _("%(done)s of %(count)s") % words if open_ones else ""
    url = reverse("sales:invoice_detail", args=[invoiced[0].pk]) if len(invoiced) == 1 else ""
    plan_text = _("%(count)s instalments") % {"count": len(open_ones)} if len(open_ones) > 1 else ""
    return [
        _step(_("Payment planned"), is_free or bool(open_ones), plan_text, "#payment" if open_ones else ""),
        _step(_("Invoiced"), is_free or (bool(open_ones) and len(invoiced) == len(open_ones)),
              invoiced[0].number if url else told, url),
    ]  # fmt: skip


def _step_of_goods(order: Order) -> Step:
    is_there = order.state in (OrderState.DELIVERED, OrderState.CLOSED)
    is_under_way = order.state in (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED)
    return _step(_("Delivered"), is_there, order.get_state_display() if is_under_way else "")


def _step_of_payment(order: Order) -> Step:
    formats = current_formats()
    words = {"got": formats.money(order.received, order.currency), "all": formats.money(order.payable, order.currency)}
    text = _("%(got)s of %(all)s") % words if order.received and not order.is_paid else ""
    return _step(_("Paid"), order.is_paid, text, "#payment" if order.received else "")


def next_of_order(order: Order, money: Any, acts: set[str]) -> Next:
    """The first thing that the reader can do, else whom or what the order waits for."""
    soon = today() + SOON
    return (
        _next_before_money(order, money, acts)
        or _next_of_money(order, money, until=soon)
        or _next_of_goods(order, money, acts)
        or _next_of_money(order, money)
        or _next_at_last(order, money, acts)
    )


def _next_before_money(order: Order, money: Any, acts: set[str]) -> Next | None:
    if order.state == OrderState.DRAFT and not order.gross:
        return Next(_("Add the lines of the order"), url="#lines", label=_("To the lines"))
    if order.state == OrderState.DRAFT:
        return Next(_("Confirm the order"), "confirm") if "confirm" in acts else Next(_("Waits for confirmation"))
    if order.state in (OrderState.CANCELLED, OrderState.RETURNED) or money.credit > 0:
        if money.may_refund:
            return Next(_("Pay the credit back"), url="#refund", label=_("Refund"))
        return None if order.is_paid or order.outstanding else Next(_("Nothing is open any more"))
    return None


def _next_of_money(order: Order, money: Any, *, until: datetime.date | None = None) -> Next | None:
    """The plan and the invoices that are due by ``until``, or at any time."""
    if not order.payable:
        return None
    if not any(one.instalment.amount for one in money.instalments):
        if money.may_invoice:
            url = reverse("sales:order_invoice_whole", args=[order.pk])
            return Next(_("Invoice the whole order, or plan the payment below"), url=url, label=_("Issue the invoice"),
                        is_post=True)  # fmt: skip
        return Next(_("Plan the payment"), url="#payment", label=_("To the plan")) if money.may_plan else None
    planned = (one for one in money.instalments if until is None or one.instalment.due_on <= until)
    waiting = [one for one in planned if one.instalment.amount and not one.invoice]
    if waiting and money.may_invoice:
        first = waiting[0].instalment
        words = {"position": first.position, "date": current_formats().date(first.due_on)}
        url = reverse("sales:order_invoice", args=[order.pk, first.pk])
        return Next(_("Invoice instalment %(position)s, due on %(date)s") % words, url=url,
                    label=_("Issue the invoice"), is_post=True)  # fmt: skip
    return None


def _next_of_goods(order: Order, money: Any, acts: set[str]) -> Next | None:
    has_plan = any(one.instalment.amount for one in money.instalments) or not order.payable
    if "ship" in acts and has_plan:
        return Next(_("Ship the goods"), "ship")
    return Next(_("Note when the goods are there"), "deliver") if "deliver" in acts and has_plan else None


def _next_at_last(order: Order, money: Any, acts: set[str]) -> Next:
    due = next((one.instalment for one in money.instalments if one.instalment.outstanding), None)
    if due is not None:
        words = {"amount": current_formats().money(due.outstanding, due.currency),
                 "date": current_formats().date(due.due_on)}  # fmt: skip
        text = _("%(amount)s is to come in by %(date)s") % words
        url = reverse("sales:instalment_receive", args=[due.pk]) if money.may_receive else ""
        return Next(text, url=url, label=_("Enter receipt") if url else "")
    if "close" in acts:
        return Next(_("All is paid and delivered: close the order"), "close")
    return Next(_("Nothing is left to do") if order.state == OrderState.CLOSED else _("Waits for a colleague"))


def way_of_quote(quote: Quote, order: Order | None, *, sees_order: bool = False) -> list[Step]:
    """From the draft over approval and answer to the order, and how far that one is."""
    ended = {QuoteState.DECLINED, QuoteState.EXPIRED, QuoteState.SUPERSEDED, QuoteState.WITHDRAWN}
    place = {QuoteState.DRAFT: 0, QuoteState.PENDING: 0, QuoteState.APPROVED: 1, QuoteState.SENT: 2}
    done = place.get(QuoteState(quote.state), 3)
    names = (_("Approved"), _("Sent"), _("Accepted"))
    if quote.state in ended:
        reached = [_step(names[1], True)] if quote.sent_at else []
        end = {**_step(quote.get_state_display().capitalize(), False), "state": "failed"}
        return [_step(_("Quote"), True), *reached, end]
    steps = [_step(_("Quote"), True, quote.get_state_display())]
    steps += [_step(name, number < done) for number, name in enumerate(names)]
    url = reverse("sales:order_detail", args=[order.pk]) if order and sees_order else ""
    steps.append(_step(_("Order"), order is not None, order.number if order else "", url))
    if order is None or order.state in (OrderState.CANCELLED, OrderState.RETURNED):
        return _with_now(steps)
    has_bill = order.invoices.exists()
    return _with_now([*steps, _step(_("Invoiced"), has_bill), _step_of_goods(order),
                      {**_step_of_payment(order), "url": f"{url}#payment" if url else ""}])  # fmt: skip


def next_of_quote(quote: Quote, order: Order | None, acts: set[str], *, sees_order: bool = False) -> Next:
    if order is not None:
        url = reverse("sales:order_detail", args=[order.pk]) if sees_order else ""
        return Next(_("It goes on with order %(number)s") % {"number": order.number}, url=url, label=_("To the order"))
    if quote.state == QuoteState.DRAFT and not quote.gross and not quote.lines.exists():
        return Next(_("Add the lines of the quote"), url="#lines", label=_("To the lines"))
    last = current_formats().date(quote.valid_until)
    texts = {
        "submit": _("Submit the quote: it can be sent, or waits for approval"),
        "approve": _("Approve the quote, or return it"),
        "send": _("Send the quote to the customer"),
        "accept": _("Note the customer's answer, until %(date)s") % {"date": last},
        "order": _("Make the order"),
    }
    act = next((name for name in texts if name in acts), "")
    if act:
        return Next(texts[act], act)
    if "revise" in acts:
        return Next(_("Revise the quote if the customer still wants it"), "revise")
    waits = {QuoteState.PENDING: _("Waits for approval"), QuoteState.SENT: _("Waits for an answer until %(date)s")}
    text = waits.get(QuoteState(quote.state), _("Nothing is left to do"))
    return Next(text % {"date": last} if quote.state == QuoteState.SENT else text)


def _step(label: Any, is_done: bool, text: Any = "", url: str = "") -> Step:
    return {"label": label, "state": "done" if is_done else "next", "url": url, "text": text}


def _with_now(steps: list[Step]) -> list[Step]:
    """The first that is not done is where it stands."""
    for step in steps:
        if step["state"] == "next":
            step["state"] = "now"
            break
    return steps
