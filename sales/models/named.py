from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something that the company names itself, in one language or in all three."""

    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language; the first name where none was given."""
        language = (translation.get_language() or "en")[:2]
        return {"zh": self.name_zh, "ru": self.name_ru}.get(language) or self.name
