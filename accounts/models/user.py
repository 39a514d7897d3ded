from datetime import datetime, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.company import validate_time_zone
from crm.versioned import Versioned


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **{"name": username, **fields})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(),
    exclude=["password", "last_login", "version"],
)  # fmt: skip
class User(AbstractBaseUser, Versioned):
    """A person who signs in. Deactivated when she leaves, never deleted: her name stays on what she did."""

    kind = "user"
    EDITABLE = ("username", "name", "email", "phone", "team", "language", "time_zone", "is_active", "is_on_duty")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    username = models.CharField(
        _("user name"), max_length=80, unique=True, validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and @ . + - _"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    roles = models.ManyToManyField(
        "accounts.Role", through="accounts.UserRole", related_name="users", verbose_name=_("roles")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    # On duty: takes part in assignment. A person switches it off for a holiday without losing anything.
    is_on_duty = models.BooleanField(_("on duty"), default=True)
    # Off duty only until then (lunch); and days of absence planned ahead, in order: accounts.duty.
    off_duty_until = models.DateTimeField(_("off duty until"), null=True, blank=True, editable=False)
    absences = ArrayField(DateRangeField(), verbose_name=_("absences"), default=list, blank=True, editable=False)
    # A demo person signs in on this machine only (crm.demo_gate).
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once",
                violation_error_message=_("This user name is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def absence_at(self, now: datetime, zone: tzinfo) -> str:
        """Why she is given nothing at this moment: ``"off_duty"``, ``"away"``, or ``""``. Days are those of her own
        zone, else of ``zone``."""
        if not self.is_on_duty or (self.off_duty_until is not None and now < self.off_duty_until):
            return "off_duty"
        today = now.astimezone(ZoneInfo(self.time_zone) if self.time_zone else zone).date()
        return "away" if any(today in days for days in self.absences) else ""

    @property
    def absence_now(self) -> str:
        """For the top bar, in the zone of her request."""
        return self.absence_at(timezone.now(), timezone.get_current_timezone())

    @property
    def works_leads(self) -> bool:
        """Whether rules can give her leads at all."""
        from accounts import access

        return access.allows(self, "work", "lead")

    @property
    def is_staff(self) -> bool:
        """May open the admin site. Django's admin asks under this name."""
        from accounts import access

        return access.allows(self, "administer", "system")

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class UserRole(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="user_roles")
    role = models.ForeignKey("accounts.Role", models.PROTECT, related_name="user_roles")

    class Meta:
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of a user")
        ordering = ["user_id", "role_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], name="user_has_a_role_once",
                violation_error_message=_("This person has this role already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} – {self.role}"
