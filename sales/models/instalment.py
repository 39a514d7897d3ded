import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.money import AmountField, CurrencyField
from sales.models.follows_order import LISTED_BY_ITS_ORDER, ListedByOrder, ListedByOrderQuerySet, listed_by_order
from sales.models.order import Order
from sales.states import InstalmentState


class InstalmentQuerySet(ListedByOrderQuerySet):
    """Live are those of orders that count: nobody waits for the money of a draft or of a cancelled order."""

    def open(self) -> Self:
        return self.exclude(state=InstalmentState.PAID)

    def overdue(self, today: datetime.date) -> Self:
        return self.open().filter(due_on__lt=today)


class Instalment(ListedByOrder):
    """One part of an order's total with its day. Together they always are what is to be paid (the total less returns):
    a deferred trigger holds that.

    ``received`` and ``state`` follow the receipts by a trigger. An instalment of zero stands for what was credited.
    """

    kind = "instalment"
    access = LISTED_BY_ITS_ORDER

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="instalments", db_index=False, verbose_name=_("order")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    due_on = models.DateField(_("due"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    condition = models.CharField(_("condition"), max_length=200, blank=True)
    received = AmountField(_("received"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=11, choices=InstalmentState.choices, default=InstalmentState.PLANNED, editable=False
    )

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["order_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="instalment_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="instalment_amount_not_negative",
                violation_error_message=_("An instalment is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("amount")), name="instalment_received_within_its_amount"
            ),
        ]  # fmt: skip
        indexes = [
            # What becomes due: the nightly job.
            models.Index(fields=["due_on"], name="instalment_due", condition=~Q(state="paid")),
            # The list of instalments, in the order of their days.
            *listed_by_order("due_on", "instalment_day", "state"),
            # What is overdue and what is to come in, of the whole company: years of paid ones stand before it.
            models.Index(
                fields=["due_on", "id"],
                include=["currency", "amount", "received"],
                name="instalment_open",
                condition=Q(is_live=True) & ~Q(state="paid"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} / {self.position}"

    @property
    def outstanding(self) -> Any:
        return self.amount - self.received

    @property
    def live_invoice(self) -> Any:
        """The invoice that stands for it, voided ones aside; prefetch ``invoices`` for many."""
        found = [one for one in self.invoices.all() if one.is_standing]  # type: ignore[attr-defined]
        return found[0] if found else None

    def is_overdue(self, today: datetime.date) -> bool:
        return self.state != InstalmentState.PAID and self.due_on < today
