"""The states of this room's records and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpportunityState(models.TextChoices):
    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


OPPORTUNITY_MOVES = {
    "move": ({OpportunityState.OPEN}, OpportunityState.OPEN),
    "win": ({OpportunityState.OPEN}, OpportunityState.WON),
    "lose": ({OpportunityState.OPEN}, OpportunityState.LOST),
    "reopen": ({OpportunityState.WON, OpportunityState.LOST}, OpportunityState.OPEN),
}


class QuoteState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PENDING = "pending", _("waiting for approval")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


_Q = QuoteState
QUOTE_MOVES = {
    "submit": ({_Q.DRAFT}, _Q.PENDING),
    "approve": ({_Q.PENDING}, _Q.APPROVED),
    "return": ({_Q.PENDING, _Q.APPROVED}, _Q.DRAFT),
    "send": ({_Q.APPROVED}, _Q.SENT),
    "accept": ({_Q.SENT}, _Q.ACCEPTED),
    "decline": ({_Q.SENT}, _Q.DECLINED),
    "expire": ({_Q.SENT}, _Q.EXPIRED),
    "revise": ({_Q.APPROVED, _Q.SENT, _Q.DECLINED, _Q.EXPIRED, _Q.WITHDRAWN}, _Q.SUPERSEDED),
    "withdraw": ({_Q.DRAFT, _Q.PENDING, _Q.APPROVED, _Q.SENT}, _Q.WITHDRAWN),
}
# What the customer may have seen: from here on the database keeps every word of it.
FROZEN_QUOTES = (_Q.SENT, _Q.ACCEPTED, _Q.DECLINED, _Q.EXPIRED, _Q.SUPERSEDED)


class OrderState(models.TextChoices):
    DRAFT = "draft", _("draft")
    CONFIRMED = "confirmed", _("confirmed")
    PARTLY_SHIPPED = "partly_shipped", _("partly shipped")
    SHIPPED = "shipped", _("shipped")
    DELIVERED = "delivered", _("delivered")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")
    RETURNED = "returned", _("returned")


_O = OrderState
# ship: a part of the goods leads to *partly shipped*. return: a part of them leaves the state as it is.
# cancel_rest: what was not shipped yet is given up, and the order counts as shipped.
ORDER_MOVES = {
    "confirm": ({_O.DRAFT}, _O.CONFIRMED),
    "ship": ({_O.CONFIRMED, _O.PARTLY_SHIPPED}, _O.SHIPPED),
    "cancel_rest": ({_O.PARTLY_SHIPPED}, _O.SHIPPED),
    "deliver": ({_O.CONFIRMED, _O.SHIPPED}, _O.DELIVERED),
    "close": ({_O.DELIVERED}, _O.CLOSED),
    "cancel": ({_O.DRAFT, _O.CONFIRMED}, _O.CANCELLED),
    "return": ({_O.PARTLY_SHIPPED, _O.SHIPPED, _O.DELIVERED, _O.CLOSED}, _O.RETURNED),
}
# Confirmed, and neither cancelled nor returned as a whole.
COUNTED = (_O.CONFIRMED, _O.PARTLY_SHIPPED, _O.SHIPPED, _O.DELIVERED, _O.CLOSED)
# Of these everything was shipped, whether or not its shipments were written down.
SHIPPED_STATES = (_O.SHIPPED, _O.DELIVERED, _O.CLOSED, _O.RETURNED)


class InstalmentState(models.TextChoices):
    PLANNED = "planned", _("planned")
    DUE = "due", _("due")
    PARTLY_PAID = "partly_paid", _("partly paid")
    PAID = "paid", _("paid")
