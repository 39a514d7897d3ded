from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from crm.money import AmountField
from records.models import RecordQuerySet, dictionary_key
from sales.models.document import Document, DocumentLine, line_constraints
from sales.models.walks import LISTED, listed_by
from sales.states import COUNTED, ORDER_MOVES, OrderState

__all__ = ["COUNTED", "Order", "OrderLine"]


UNPAID = Q(received__lt=models.F("gross"))


class OrderQuerySet(RecordQuerySet):
    def counted(self) -> Self:
        """Confirmed and not cancelled: what reports and grades count."""
        return self.live().filter(state__in=COUNTED)

    def unpaid(self) -> Self:
        return self.live().filter(UNPAID)

    def open(self) -> Self:
        """Begun and not yet over: not delivered, or not paid."""
        unpaid = Q(received__lt=models.F("gross") - models.F("returned"))
        running = Q(state__in=["draft", "confirmed", "partly_shipped", "shipped"])
        return self.live().filter(running | Q(state__in=COUNTED) & unpaid)


class Order(Document):
    """What a customer bought. Confirmed, its lines and totals stay as they are; receipts settle its instalments."""

    kind = "order"
    access = Path("order", parent="customer", parent_owner="other_owner", parent_team="other_team")
    MOVES = ORDER_MOVES
    EDITABLE = (
        "contact", "opportunity", "currency", "prices_include_tax", "terms", "ordered_on", "their_number",
        "external_id", "external_system",
    )  # fmt: skip

    state = models.CharField(
        _("state"), max_length=14, choices=OrderState.choices, default=OrderState.DRAFT, editable=False
    )
    quote = models.OneToOneField(
        "sales.Quote", models.PROTECT, null=True, editable=False, related_name="order", verbose_name=_("quote")
    )
    ordered_on = models.DateField(_("ordered"))
    their_number = models.CharField(_("number at the customer's"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("confirmed"), null=True, editable=False)
    cancelled_on = models.DateField(_("cancelled"), null=True, editable=False)
    cancel_reason = dictionary_key("order_cancel_reason", verbose_name=_("why it was cancelled"), editable=False)
    # Net at the rate of the confirmation's day, for reports; owner and team stamped on the same day.
    net_company = AmountField(_("net in the company's currency"), null=True, editable=False)
    owner_at_confirm = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    team_at_confirm = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    # What came back or was given up; written by a trigger from the returns. ``returned`` lowers what is to be paid.
    returned = AmountField(_("returned"), default=0, db_default=0, editable=False)
    returned_net = AmountField(_("returned, net"), default=0, db_default=0, editable=False)
    returned_net_company = AmountField(_("returned, net in the company's currency"), default=0, db_default=0,
                                       editable=False)  # fmt: skip
    # Cost at the same rate, for margins; of an order that is given away the cost as it stands.
    cost_company = models.GeneratedField(
        expression=Case(
            When(net_company__isnull=True, then=None),
            When(net=0, then=F("cost")),
            default=F("cost") * F("net_company") / F("net"),
        ),
        output_field=AmountField(null=True), db_persist=True, null=True,
        verbose_name=_("cost in the company's currency"),
    )  # fmt: skip
    # What receipts have settled; written by a trigger.
    received = AmountField(_("received"), default=0, editable=False)
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-id"]
        indexes = [
            # The list of orders: by day, newest first.
            *listed_by("-ordered_on", "order_day", "state"),
            *listed_by("-created_at", "order_new", "state"),
            # A person's orders for which money is to come: the page of today.
            models.Index(fields=["owner"], name="order_unpaid_own", condition=LISTED & UNPAID),
            # Search by a part of the number (sales.number_search).
            GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="order_number_part"),
            # A customer's orders on its page; first and last one for its state and grade.
            models.Index(fields=["customer", "-id"], name="order_of_customer", condition=LISTED),
            # Reports: what was confirmed in a period.
            models.Index(
                fields=["confirmed_on"],
                include=["net_company", "cost_company", "customer", "owner_at_confirm", "team_at_confirm"],
                name="order_counted", condition=LISTED & Q(confirmed_on__isnull=False),
            ),
            # Reports: what was cancelled in a period.
            models.Index(
                fields=["cancelled_on"], name="order_cancelled", condition=LISTED & Q(cancelled_on__isnull=False)
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[*COUNTED, OrderState.RETURNED]) | Q(confirmed_on__isnull=False),
                name="order_confirmed_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_on__isnull=False, cancel_reason__isnull=False),
                name="order_cancelled_has_day_and_reason",
                violation_error_message=_("Say why the order is cancelled."),
            ),
            # Within what is to be paid, at every commit: instalments are together that, and hold no more each.
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=models.F("gross")), name="order_received_within_its_total"
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=models.F("gross")), name="order_returned_within_its_total"
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""), name="order_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
        ]  # fmt: skip

    @property
    def is_draft(self) -> bool:
        return self.state == OrderState.DRAFT

    @property
    def payable(self) -> Any:
        """What the customer owes for it, paid or not: the total less what came back; nothing once it is cancelled."""
        return Decimal(0) if self.state == OrderState.CANCELLED else self.gross - self.returned

    @property
    def is_paid(self) -> bool:
        return self.state in COUNTED and self.received >= self.payable

    @property
    def outstanding(self) -> Any:
        return self.payable - self.received


class OrderLine(DocumentLine):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order"))

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")
        ordering = ["order_id", "position", "id"]
        constraints = line_constraints("order_line")
        indexes = [models.Index(fields=["order", "position"], name="order_line_of_order")]
