from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Rule
from records.refusals import Refused
from sales.models.named import Named


class PipelineQuerySet(models.QuerySet["Pipeline"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Pipeline(Named, Rule):
    """A way that opportunities go. Its stages are open steps; won and lost are states of the opportunity."""

    class GoingBack(models.TextChoices):
        FREE = "free", _("whoever works the opportunity")
        ASSIGNER = "assigner", _("only who may assign it (supervisors)")
        NEVER = "never", _("nobody")

    kind = "pipeline"
    EDITABLE = ("name", "name_zh", "name_ru", "is_active", "going_back")

    # Set for the one that came with the product; import and forms look for "default".
    code = models.SlugField(_("code"), max_length=48, unique=True, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)
    going_back = models.CharField(
        _("who may put an opportunity back"), max_length=8, choices=GoingBack.choices, default=GoingBack.FREE
    )

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
        return self.stages.offered()[0]


class StageQuerySet(models.QuerySet["Stage"]):
    def offered(self) -> Self:
        """Without the retired ones, which stand only in history."""
        return self.filter(retired_at__isnull=True)


class Stage(Named, Rule):
    """An open step. A retired one keeps its place for history; what is open there goes on in ``retired_into``."""

    class Forecast(models.TextChoices):
        COMMIT = "commit", _("commit")
        BEST = "best", _("best case")
        PIPELINE = "pipeline", _("pipeline")
        OMITTED = "omitted", _("not in the forecast")

    kind = "stage"
    EDITABLE = (
        "name", "name_zh", "name_ru", "probability", "expected_days", "rot_days", "forecast", "allows_quotes",
    )  # fmt: skip

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

    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    retired_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="heir_of", editable=False,
        verbose_name=_("goes on in"),
    )  # fmt: skip

    objects = StageQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_into__isnull=True)
                | Q(retired_at__isnull=False, retired_into__isnull=False),
                name="stage_retired_has_an_heir",
            ),
        ]  # fmt: skip

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def standing_in(self) -> "Stage":
        """Itself, or where what stood here goes on."""
        stage = self
        while stage.retired_into is not None:
            stage = stage.retired_into
        return stage

    def refuse_if_retired(self) -> None:
        """Call in the transaction that puts something here: whoever retires the stage waits for it, or is seen."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT retired_at FROM sales_stage WHERE id = %s FOR KEY SHARE", [self.pk])
            (retired,) = cursor.fetchone()
        if retired is not None:
            raise Refused(_("“%(stage)s” is retired.") % {"stage": self}, reason="retired", stage=self.pk)


class StageGate(Rule):
    """The condition of one transition, from one stage or (``source`` empty) from any that lies before.

    ``needs``: what the opportunity must have. ``open_to``: numbers of the roles that may take the step; empty: whoever
    may change the opportunity. ``within_days``: who waits longer in the stage before needs somebody who may assign.
    """

    kind = "stage_gate"
    EDITABLE = ("needs", "open_to", "within_days", "is_closed")

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
    needs = ArrayField(
        models.CharField(max_length=16, choices=Need.choices), default=list, blank=True, verbose_name=_("needs")
    )
    open_to = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("roles that may"))
    within_days = models.PositiveSmallIntegerField(
        _("within days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    is_closed = models.BooleanField(_("nobody goes this way"), default=False)

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
