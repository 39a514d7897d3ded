from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.money import AmountField
from records.models import Rule


class QuotePolicy(Rule):
    """The company's rule for quotes: one row. ``role_limits``: number of a role → percent that it may give."""

    kind = "quote_policy"
    EDITABLE = ("discount_limit", "role_limits", "amount_limit", "margin_limit", "drop_limit", "validity_days")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    discount_limit = models.DecimalField(
        _("discount without approval, %"), max_digits=5, decimal_places=2, default=Decimal(100),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("A quote with a larger discount on any line waits for approval. 100: no quote waits."),
    )  # fmt: skip

    role_limits = models.JSONField(_("discount without approval by role, %"), default=dict, blank=True)
    amount_limit = AmountField(
        _("net amount without approval"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("In the company's currency. A larger quote waits for approval. Empty: no limit."),
    )  # fmt: skip
    margin_limit = models.DecimalField(
        _("margin without approval, %"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("A quote with a smaller margin waits, as far as costs are known. Empty: no limit."),
    )  # fmt: skip
    drop_limit = models.DecimalField(
        _("below earlier prices without approval, %"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("A quote that goes further below what the customer was quoted or paid waits. Empty: no limit."),
    )  # fmt: skip
    validity_days = models.PositiveSmallIntegerField(
        _("days that a quote is valid"), default=30, validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=_("Proposed on a new quote; its author may choose another day."),
    )  # fmt: skip

    objects: ClassVar[models.Manager["QuotePolicy"]] = models.Manager()

    class Meta:
        verbose_name = _("rule for quotes")
        verbose_name_plural = _("rule for quotes")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="quote_policy_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(discount_limit__gte=0, discount_limit__lte=100), name="quote_policy_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(margin_limit__isnull=True) | models.Q(margin_limit__range=(0, 100)),
                name="quote_policy_margin_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(drop_limit__isnull=True) | models.Q(drop_limit__range=(0, 100)),
                name="quote_policy_drop_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(validity_days__range=(1, 366)), name="quote_policy_valid_for_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def get(cls) -> Any:
        return cls.objects.get_or_create(pk=1)[0]

    def discount_for(self, role_ids: Iterable[int]) -> Decimal:
        """What somebody with these roles may give without approval: the widest of their limits, else everybody's."""
        own = [Decimal(self.role_limits[str(pk)]) for pk in role_ids if str(pk) in self.role_limits]
        return max(own, default=self.discount_limit)

    def role_limits_in_words(self, limits: dict[str, str]) -> str:
        """For the history of changes: "Sales supervisor 25 %"."""
        names = access.role_names()
        return ", ".join(f"{names.get(int(pk), f'#{pk}')} {limit} %" for pk, limit in limits.items())


def valid_days() -> int:
    """For how long a new quote is valid unless its author says otherwise."""
    return QuotePolicy.get().validity_days
