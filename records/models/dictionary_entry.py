from typing import Any, ClassVar

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from records.models.rule import Rule


class DictionaryEntry(Rule):
    """One choice of one editable list, named in the three languages. Used entries are switched off, never deleted."""

    kind = "dictionary"
    EDITABLE = ("name", "name_zh", "name_ru", "order", "is_active")

    list = models.CharField(_("list"), max_length=32)
    code = models.SlugField(_("code"), max_length=48)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)

    objects: ClassVar[models.Manager["DictionaryEntry"]] = models.Manager()

    class Meta:
        verbose_name = _("dictionary entry")
        verbose_name_plural = _("dictionary")
        ordering = ["list", "order", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "code"], name="dictionary_code_once_per_list",
                violation_error_message=_("This list has this code already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language; English where none was given."""
        language = (translation.get_language() or "en")[:2]
        return {"zh": self.name_zh, "ru": self.name_ru}.get(language) or self.name


def dictionary_key(of: str, **kwargs: Any) -> Any:
    """A foreign key to an entry of the list ``of``, optional unless said otherwise."""
    kwargs.setdefault("null", True)
    kwargs.setdefault("blank", True)
    kwargs.setdefault("on_delete", models.PROTECT)
    kwargs.setdefault("related_name", "+")
    kwargs.setdefault("limit_choices_to", {"list": of})
    kwargs.setdefault("db_index", False)
    return models.ForeignKey("records.DictionaryEntry", **kwargs)
