from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Pool(models.Model):
    """Where customers without owner wait for somebody to claim them."""

    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    # Takes customers that lose their owner and fit no rule.
    is_default = models.BooleanField(_("takes what fits nowhere else"), default=False)

    objects: ClassVar[models.Manager["Pool"]] = models.Manager()

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
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> "Pool":
        return cls.objects.get(is_default=True)


class PoolMember(models.Model):
    """Who sees a pool and claims from it; administrators also set its rules."""

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


def install_default_pool(**_signal: Any) -> None:
    """Makes the pool that takes what fits nowhere else, once."""
    if not Pool.objects.filter(is_default=True).exists():
        Pool.objects.get_or_create(name="Shared pool", defaults={"is_default": True})
