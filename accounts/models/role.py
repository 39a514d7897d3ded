import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reach(models.IntegerChoices):
    """How far an action goes. The widest reach of all of a person's roles counts."""

    NONE = 0, _("none")
    OWN = 1, _("own")
    TEAM = 2, _("team")
    ALL = 3, _("all")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Role(models.Model):
    """A named set of rights. Roles are data: built-in ones come with the product and may be edited."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    is_built_in = models.BooleanField(_("built in"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]

    def __str__(self) -> str:
        from accounts.roles import TITLES

        return self.name or str(TITLES.get(self.code, self.code))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Right(models.Model):
    """What a role may do with one kind of record, and how far. A reach of *none* is a right taken away on purpose."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="rights")
    kind = models.CharField(_("kind"), max_length=32)
    action = models.CharField(_("action"), max_length=32)
    reach = models.PositiveSmallIntegerField(_("reach"), choices=Reach.choices)

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        ordering = ["role_id", "kind", "action"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "kind", "action"], name="right_once_per_role",
                violation_error_message=_("This role has this right already."),
            ),
            models.CheckConstraint(condition=models.Q(reach__in=[0, 1, 2, 3]), name="right_has_a_known_reach"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.action}: {self.get_reach_display()}"
