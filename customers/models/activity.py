from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.contact import FOLLOWS
from customers.models.follower import FollowerQuerySet, FollowsCustomer
from customers.states import ACTIVITY_MOVES, ActivityState
from records.models import Record, dictionary_key


class ActivityType(models.TextChoices):
    CALL = "call", _("call")
    VISIT = "visit", _("visit")
    EMAIL = "email", _("e-mail")
    CHAT = "chat", _("chat")
    SOCIAL = "social", _("social media")
    MEETING = "meeting", _("meeting")
    FAX = "fax", _("fax")
    SMS = "sms", _("SMS")
    NOTE = "note", _("note")


class Direction(models.TextChoices):
    OUT = "out", _("from us")
    IN = "in", _("from the customer")


class Activity(FollowsCustomer, Record):
    """What was done with a customer, or is planned."""

    kind = "activity"
    access = FOLLOWS
    MOVES = ACTIVITY_MOVES
    EDITABLE = ("type", "direction", "content", "outcome", "contact", "at", "minutes", "next_contact_at")

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="activities", db_index=False, verbose_name=_("customer")
    )
    type = models.CharField(_("type"), max_length=8, choices=ActivityType.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    content = models.TextField(_("content"), blank=True)
    outcome = dictionary_key("activity_outcome", verbose_name=_("outcome"))
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="activities", db_index=False,
        verbose_name=_("contact"),
    )  # fmt: skip
    state = models.CharField(max_length=9, choices=ActivityState.choices, default=ActivityState.DONE, editable=False)
    # When it happened, or is planned to.
    at = models.DateTimeField(_("when"), default=timezone.now)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("by"),
    )  # fmt: skip
    # The opportunity or ticket that it was about.
    about_kind = models.CharField(max_length=24, blank=True, editable=False)
    about_id = models.BigIntegerField(null=True, editable=False)
    external_id = models.CharField(max_length=120, blank=True, editable=False)
    external_system = models.CharField(max_length=60, blank=True, editable=False)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-at", "-id"]
        indexes = [
            # The customer's timeline.
            models.Index(fields=["customer", "-at", "-id"], name="activity_timeline"),
            # The activities list.
            models.Index(fields=["customer_owner", "-at", "-id"], name="activity_own"),
            models.Index(fields=["customer_team", "-at", "-id"], name="activity_team"),
            models.Index(fields=["-at", "-id"], name="activity_all"),
            # What a person did: reports, today.
            models.Index(fields=["done_by", "-at", "-id"], name="activity_by"),
            # The activities of an opportunity or ticket.
            models.Index(
                fields=["about_kind", "about_id", "-at"], name="activity_about", condition=Q(about_id__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ActivityType.values), name="activity_type_is_known"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_is_known"),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""),
                name="activity_external_id_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.at:%Y-%m-%d}"
