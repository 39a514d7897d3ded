from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PointKind(models.TextChoices):
    PHONE = "phone", _("phone")
    MOBILE = "mobile", _("mobile")
    EMAIL = "email", _("e-mail")
    WECHAT = "wechat", _("WeChat")
    WHATSAPP = "whatsapp", _("WhatsApp")
    TELEGRAM = "telegram", _("Telegram")
    FAX = "fax", _("fax")
    WEB = "web", _("web")


# Kinds that are dialled, so that one number is the same under each of them.
DIALLED = (PointKind.PHONE, PointKind.MOBILE, PointKind.WHATSAPP, PointKind.FAX)


class Consent(models.TextChoices):
    UNKNOWN = "unknown", _("not asked")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")


class ContactPoint(models.Model):
    """One way to reach a customer, or a contact of it."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="points", db_index=False)
    contact = models.ForeignKey("customers.Contact", models.CASCADE, null=True, related_name="points", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=PointKind.choices)
    value = models.CharField(_("value"), max_length=254)
    # E.164 for what is dialled, folded address for e-mail; equal for the same point in any notation.
    normalised = models.CharField(max_length=254, editable=False)
    # Of an e-mail address, when it says which company it is.
    domain = models.CharField(max_length=190, blank=True, editable=False)
    label = models.CharField(_("label"), max_length=60, blank=True)
    is_main = models.BooleanField(_("main"), default=False)
    is_valid = models.BooleanField(_("valid"), default=True)
    consent = models.CharField(_("consent"), max_length=8, choices=Consent.choices, default=Consent.UNKNOWN)
    consent_at = models.DateTimeField(_("consent since"), null=True, blank=True)

    objects: ClassVar[models.Manager["ContactPoint"]] = models.Manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["-is_main", "id"]
        indexes = [
            # All points of a customer and its contacts, for its page.
            models.Index(fields=["customer"], name="point_customer"),
            models.Index(fields=["contact"], name="point_contact", condition=Q(contact__isnull=False)),
            # Duplicate signals: same number or address, same domain.
            models.Index(fields=["normalised", "kind"], name="point_normalised"),
            models.Index(fields=["domain"], name="point_domain", condition=~Q(domain="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "contact", "kind", "normalised"], name="point_once", nulls_distinct=False,
                violation_error_message=_("This is noted here already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=PointKind.values), name="point_kind_is_known"),
            models.CheckConstraint(
                condition=Q(consent="unknown") | Q(consent_at__isnull=False), name="point_consent_has_its_moment"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.value
