from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func


class SearchRow(models.Model):
    """What a search reads of one kind of record: a table of its own, so that sweeps never touch its GIN indexes.

    Abstract: each kind has a subclass whose primary key is the record's id. ``name_key``: folded names;
    ``grams``: Chinese 1- and 2-grams without legal forms; ``initials``: of the pinyin; ``codes``: e-mails, numbers and
    phone digits, each also reversed for phones so that a suffix is a prefix (see records.search).
    """

    record_id = models.BigIntegerField(primary_key=True)
    name_key = models.TextField(default="")
    initials = models.CharField(max_length=200, default="")
    grams = ArrayField(models.CharField(max_length=2), default=list)
    codes = models.TextField(default="")

    objects: ClassVar[models.Manager["SearchRow"]] = models.Manager()

    class Meta:
        abstract = True
        indexes = [
            # Parts of the names: a word is a beginning among all ends of words. Trigrams cost ten times that to ask.
            GinIndex(Func(F("name_key"), function="name_parts"), name="%(class)s_parts"),
            GinIndex(fields=["grams"], name="%(class)s_grams"),
            GinIndex(OpClass("codes", name="gin_trgm_ops"), name="%(class)s_codes"),
            models.Index(OpClass("initials", name="text_pattern_ops"), name="%(class)s_initials"),
        ]
