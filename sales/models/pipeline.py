from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sales.models.named import Named


class PipelineQuerySet(models.QuerySet["Pipeline"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Pipeline(Named):
    """A way that opportunities go. Its stages are open steps; won and lost are states of the opportunity."""

    # Set for the one that came with the product; import and forms look for "default".
    code = models.SlugField(_("code"), max_length=48, unique=True, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = PipelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["order", "name", "id"]

    @classmethod
    def first_choice(cls) -> "Pipeline":
        """Where an opportunity goes that names no pipeline."""
        return cls.objects.active()[0]

    def first_stage(self) -> "Stage":
        return self.stages.all()[0]


class Stage(Named):
    class Forecast(models.TextChoices):
        COMMIT = "commit", _("commit")
        BEST = "best", _("best case")
        PIPELINE = "pipeline", _("pipeline")
        OMITTED = "omitted", _("not in the forecast")

    pipeline = models.ForeignKey(
        Pipeline, models.PROTECT, related_name="stages", db_index=False, verbose_name=_("pipeline")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    probability = models.PositiveSmallIntegerField(_("probability, %"), validators=[MaxValueValidator(100)])
    expected_days = models.PositiveSmallIntegerField(_("usual days"), null=True, blank=True)
    # An opportunity that stands here longer is marked on the board.
    rot_days = models.PositiveSmallIntegerField(_("days until it is marked"), null=True, blank=True)
    forecast = models.CharField(_("forecast"), max_length=8, choices=Forecast.choices, default=Forecast.PIPELINE)
    allows_quotes = models.BooleanField(_("quotes may be made"), default=True)

    objects: ClassVar[models.Manager["Stage"]] = models.Manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline_id", "order", "id"]
        constraints = [
            # Deferred, so that two stages can swap their places.
            models.UniqueConstraint(
                fields=["pipeline", "order"], name="stage_order_once", deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another stage has this place."),
            ),
            # What the opportunity's composite foreign key refers to.
            models.UniqueConstraint(fields=["id", "pipeline"], name="stage_of_pipeline"),
            models.CheckConstraint(
                condition=Q(probability__lte=100), name="stage_probability_is_a_percentage",
                violation_error_message=_("A probability is between 0 and 100."),
            ),
        ]  # fmt: skip


class StageGate(models.Model):
    """What an opportunity must have before it enters a stage, from one stage or (``source`` empty) from any."""

    class Need(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        CONTACT = "contact", _("contact")
        AMOUNT = "amount", _("amount")
        CLOSE_ON = "close_on", _("expected close")
        PRODUCTS = "products", _("products")
        NEXT_STEP = "next_step", _("next step")
        COMPETITOR = "competitor", _("competitor")

    source = models.ForeignKey(
        Stage, models.CASCADE, null=True, blank=True, related_name="gates_out", verbose_name=_("from stage")
    )
    target = models.ForeignKey(
        Stage, models.CASCADE, related_name="gates_in", db_index=False, verbose_name=_("to stage")
    )
    needs = ArrayField(models.CharField(max_length=16, choices=Need.choices), default=list, verbose_name=_("needs"))

    objects: ClassVar[models.Manager["StageGate"]] = models.Manager()

    class Meta:
        verbose_name = _("stage gate")
        verbose_name_plural = _("stage gates")
        ordering = ["target_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "source"], name="stage_gate_once", nulls_distinct=False,
                violation_error_message=_("This transition has a gate already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source or '*'} → {self.target}"
