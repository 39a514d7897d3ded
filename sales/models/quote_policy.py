from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class QuotePolicy(models.Model):
    """The company's rule for quotes: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    discount_limit = models.DecimalField(
        _("discount without approval, %"), max_digits=5, decimal_places=2, default=Decimal(100),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("A quote with a larger discount on any line waits for approval. 100: no quote waits."),
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
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def get(cls) -> Any:
        return cls.objects.filter(pk=1).first() or cls()
