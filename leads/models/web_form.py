import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach
from crm.versioned import Versioned
from records.models import dictionary_key

# The columns of a lead that a form may ask, in the order in which they are offered.
ASKABLE = (
    "name", "company", "position", "email", "phone", "mobile", "wechat", "whatsapp", "telegram", "website",
    "country", "region", "city", "industry", "need", "estimated_value",
)  # fmt: skip


def new_key() -> str:
    """What stands in the public address: nobody guesses it."""
    return secrets.token_urlsafe(16)


class WebFormQuerySet(models.QuerySet["WebForm"]):
    def for_user(self, user: Any) -> Self:
        """The forms that a person may read and change: all, or those that fill the queues of her teams."""
        reach = access.reach_of(user, "web_form", "change")
        if reach == Reach.ALL:
            return self
        return self.filter(team_id__in=access.team_ids_of(user)) if reach == Reach.TEAM else self.none()

    def with_names(self) -> Self:
        return self.select_related("author", "team", "source")


class WebForm(Versioned):
    """A form on a web site that makes leads. It acts as its author, who is asked for her rights each time."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the visitor's device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    kind = "web_form"
    EDITABLE = (
        "name", "language", "title", "intro", "button", "consent", "thanks", "thanks_url", "campaign", "source",
        "team", "sites", "theme", "shows_brand",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=120, help_text=_("For you; visitors do not see it."))
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    is_active = models.BooleanField(_("switched on"), default=False, editable=False)
    # An empty one is the visitor's.
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), max_length=2_000, blank=True)
    button = models.CharField(
        _("text of the button"), max_length=40, blank=True, help_text=_("Empty: “Send”, in the form's language.")
    )
    consent = models.TextField(
        _("consent"), max_length=4_000, blank=True,
        help_text=_(
            "What the visitor agrees to; who does not tick it cannot send. Kept with each lead exactly as it was "
            "shown. An address in it becomes a link. Empty: nothing is asked."
        ),
    )  # fmt: skip
    thanks = models.TextField(
        _("thanks"), max_length=2_000, blank=True, help_text=_("Empty: a short word of thanks in the form's language.")
    )
    thanks_url = models.CharField(
        _("page of your own for thanks"), max_length=500, blank=True,
        help_text=_("Where visitors are led after sending, instead of the text above: https://…"),
    )  # fmt: skip
    campaign = models.CharField(
        _("campaign"), max_length=120, blank=True,
        help_text=_("Empty: utm_campaign of the address through which the visitor came."),
    )  # fmt: skip
    source = dictionary_key("lead_source", verbose_name=_("source"))
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("In whose queue the leads wait for the assignment rules. Empty: the company's."),
    )  # fmt: skip
    # Origins: "https://www.example.com".
    sites = ArrayField(
        models.CharField(max_length=255), verbose_name=_("your web sites"), default=list, blank=True,
    )  # fmt: skip
    theme = models.CharField(_("colours"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    shows_brand = models.BooleanField(_("show the company's logo or name"), default=True)

    # In whose name leads are made; who takes the form over becomes its author.
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", editable=False)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = WebFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("web form")
        verbose_name_plural = _("web forms")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(thanks_url="") | Q(thanks_url__regex=r"^https?://[^\s]+$"),
                name="web_form_leads_to_the_web",
                violation_error_message=_("An address that begins with https:// or http://, please."),
            ),
            models.CheckConstraint(condition=Q(theme__in=["auto", "light", "dark"]), name="web_form_theme_is_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return reverse("leads:public_form", args=[self.key])

    @property
    def url(self) -> str:
        return settings.PUBLIC_URL + self.path


class WebFormField(models.Model):
    """One question of a form: a column of the lead that is made."""

    form = models.ForeignKey(WebForm, models.CASCADE, related_name="fields", db_index=False)
    name = models.CharField(max_length=24)
    place = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=False)
    # Instead of the column's own name, which follows the language.
    label = models.CharField(max_length=120, blank=True)
    help = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager["WebFormField"]] = models.Manager()

    class Meta:
        verbose_name = _("field of a web form")
        verbose_name_plural = _("fields of web forms")
        ordering = ["form_id", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "name"], name="web_form_asks_once"),
            models.CheckConstraint(condition=Q(name__in=ASKABLE), name="web_form_asks_for_what_a_lead_has"),
        ]

    def __str__(self) -> str:
        return self.name


class ConsentText(models.Model):
    """A consent exactly as a form showed it, from ``since`` on. Never changed: it is evidence."""

    form = models.ForeignKey(WebForm, models.CASCADE, related_name="consents", db_index=False)
    version = models.PositiveIntegerField()
    text = models.TextField()
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["ConsentText"]] = models.Manager()

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        ordering = ["form_id", "version"]
        constraints = [models.UniqueConstraint(fields=["form", "version"], name="consent_text_version_once")]

    def __str__(self) -> str:
        return f"{self.form_id} v{self.version}"
