import hashlib
import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A key to the API that acts as its user. Only its hash is kept: the token itself is shown once."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.WRITE)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_on = models.DateField(_("last used"), null=True, editable=False)

    objects: ClassVar[models.Manager["ApiToken"]] = models.Manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @classmethod
    def issue(cls, user: object, *, name: str = "", scope: str = "write") -> str:
        """A new token of the user, in clear. It cannot be read again."""
        token = f"tw_{secrets.token_urlsafe(32)}"
        cls.objects.create(user=user, name=name, scope=scope, digest=digest_of(token))
        return token

    @classmethod
    def find(cls, token: str) -> "ApiToken | None":
        """The token's row with its active user; None for anything else."""
        found = cls.objects.select_related("user").filter(digest=digest_of(token), user__is_active=True)
        return found.first()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
