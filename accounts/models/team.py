import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.versioned import Versioned


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["version"])
class Team(Versioned):
    """A node of the team tree. A supervisor reaches his team and all below it, by today's membership."""

    kind = "team"
    EDITABLE = ("name", "parent", "supervisor")

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    supervisor = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="supervised_teams",
        verbose_name=_("supervisor"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), F("parent"), name="team_name_once_below_its_parent", nulls_distinct=False,
                violation_error_message=_("A team of this name exists here already."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="team_is_not_part_of_itself",
                violation_error_message=_("A team cannot be part of itself."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def ids_with_below(self) -> list[int]:
        """The team and all teams below it, by number."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in Team.objects.order_by("pk").values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found = [self.pk]
        for pk in found:
            found += children.get(pk, [])
        return found

    @staticmethod
    def below_roots() -> dict["Team", list[int]]:
        """Each team at the top of the tree with the numbers of all teams of it: the regions of the company."""
        return {root: root.ids_with_below() for root in Team.objects.filter(parent=None)}

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("A team cannot be part of itself.")})
            above = above.parent
