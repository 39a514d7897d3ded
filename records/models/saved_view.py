from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import access


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """Her own, those shared within her team, and those shared with everybody."""
        with_team = Q(share=SavedView.Share.TEAM, team_id__in=access.team_ids_of(user))
        return self.filter(Q(owner=user) | with_team | Q(share=SavedView.Share.ALL))


class SavedView(models.Model):
    """How somebody looks at a list: filters, columns, sort under a name, her own or shared.

    The row without a name is a person's own state of the list: the columns she chose and the view it opens with.
    """

    class Share(models.TextChoices):
        NONE = "none", _("only me")
        TEAM = "team", _("my team")
        ALL = "all", _("everybody")

    list_name = models.CharField(max_length=48)
    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    share = models.CharField(_("shared with"), max_length=4, choices=Share.choices, default=Share.NONE)
    # The owner's team when it was shared; its members see the view, and who supervises them.
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="+")
    # Query string of the filters, as in the list's address.
    query = models.TextField(blank=True)
    sort = models.CharField(max_length=48, blank=True)
    columns = models.JSONField(default=list, blank=True)
    # Of the row without a name: the view with which the list opens ("" or its key).
    opens_with = models.CharField(max_length=48, blank=True)

    objects: ClassVar[models.Manager["SavedView"]] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                F("owner"), F("list_name"), Lower("name"), name="saved_view_once",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]  # fmt: skip
        indexes = [
            # The tabs of a list.
            models.Index(fields=["list_name", "owner"], name="saved_view_list"),
        ]

    def __str__(self) -> str:
        return self.name or self.list_name
