from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach
from customers.states import CustomerState, Grade
from records.models import Rule


class PoolQuerySet(models.QuerySet["Pool"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> Self:
        """The pools whose customers the person sees and may claim."""
        reach = access.reach_of(user, "pool", "view")
        if reach == Reach.NONE:
            return self.none()
        if reach == Reach.ALL:
            return self.active()
        people = Q(user_id=user.pk)
        if reach == Reach.TEAM:
            people |= Q(user__team_id__in=access.team_ids_of(user))
        members = PoolMember.objects.filter(people, pool_id=OuterRef("pk"))
        return self.active().filter(Q(is_open=True) | Exists(members))

    def allowing(self, user: Any, action: str) -> Self:
        """The pools in which the person may do ``action``: everywhere by reach *all*, else what she administers."""
        reach = access.reach_of(user, "pool", action)
        if reach == Reach.ALL:
            return self.all()
        if reach == Reach.NONE:
            return self.none()
        return self.filter(memberships__user_id=user.pk, memberships__is_administrator=True)


class Pool(Rule):
    """Where customers without owner wait for somebody to claim them. A new pool has every limit off.

    The limits hold for claims from this pool; what a supervisor assigns passes them.
    """

    kind = "pool"
    EDITABLE = (
        "name", "is_active", "is_open", "holding_cap", "uncounted_grades", "uncounted_states", "claims_per_day",
        "claim_interval", "cooldown_days", "freeze_hours", "brake_percent",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    # Takes customers that lose their owner and fit no rule.
    is_default = models.BooleanField(_("takes what fits nowhere else"), default=False)
    is_open = models.BooleanField(
        _("open to everybody who may claim"), default=False, help_text=_("Otherwise for the members only."),
    )  # fmt: skip

    holding_cap = models.PositiveIntegerField(
        _("customers a person may hold"), null=True, blank=True,
        help_text=_("Counts all customers that the person owns. Empty: no limit."),
    )  # fmt: skip
    uncounted_grades = ArrayField(
        models.CharField(max_length=1, choices=Grade.choices), default=list, blank=True,
        verbose_name=_("grades that do not count"),
    )  # fmt: skip
    uncounted_states = ArrayField(
        models.CharField(max_length=8, choices=CustomerState.choices), default=list, blank=True,
        verbose_name=_("states that do not count"),
    )  # fmt: skip
    claims_per_day = models.PositiveIntegerField(
        _("claims a day"), null=True, blank=True, help_text=_("Also those that were given back. Empty: no limit."),
    )  # fmt: skip
    claim_interval = models.PositiveIntegerField(
        _("minutes between two claims"), null=True, blank=True, help_text=_("Empty: none."),
    )  # fmt: skip
    cooldown_days = models.PositiveIntegerField(
        _("days until the former owner may claim again"), null=True, blank=True, help_text=_("Empty: at once."),
    )  # fmt: skip
    freeze_hours = models.PositiveIntegerField(
        _("hours a customer rests before anybody may claim it"), null=True, blank=True, help_text=_("Empty: none."),
    )  # fmt: skip
    brake_percent = models.PositiveSmallIntegerField(
        _("brake, in percent"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("A run that would move a greater share of the customers under these rules stops and asks."),
    )  # fmt: skip

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="pool_name_once", violation_error_message=_("A pool of this name exists already.")
            ),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="pool_one_default"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_active=True), name="pool_default_is_active",
                violation_error_message=_("The pool that takes what fits nowhere else stays active."),
            ),
            models.CheckConstraint(
                condition=Q(brake_percent__range=(1, 100)), name="pool_brake_is_a_share",
                violation_error_message=_("The brake is a share from 1 to 100 percent."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> "Pool":
        return cls.objects.get(is_default=True)

    def counts(self, customer: Any) -> bool:
        """Whether a customer of this kind takes a place under the holding cap."""
        return customer.grade not in self.uncounted_grades and customer.state not in self.uncounted_states


class PoolMember(models.Model):
    """Who sees a pool and claims from it; administrators also set its limits and rules."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="memberships")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="pool_memberships", verbose_name=_("person"))
    is_administrator = models.BooleanField(_("administers the pool"), default=False)

    objects: ClassVar[models.Manager["PoolMember"]] = models.Manager()

    class Meta:
        verbose_name = _("member of a pool")
        verbose_name_plural = _("members of a pool")
        ordering = ["pool_id", "user_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "user"], name="pool_member_once",
                violation_error_message=_("This person is a member already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} – {self.pool}"


class PoolClaim(models.Model):
    """A claim that was made, also if the customer was given back since: what the limits per day count."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="claims", db_index=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["PoolClaim"]] = models.Manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-at", "-id"]
        indexes = [
            # The limits of the next claim.
            models.Index(fields=["user", "pool", "-at"], name="pool_claim_limits"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.customer_id}"


def install_default_pool(**_signal: Any) -> None:
    """Makes the pool that takes what fits nowhere else, once."""
    if not Pool.objects.filter(is_default=True).exists():
        Pool.objects.get_or_create(name="Shared pool", defaults={"is_default": True, "is_open": True})
