import datetime
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _


def validate_pattern(pattern: str) -> None:
    try:
        plain = pattern.format(year=2026, number=1) != pattern.format(year=2026, number=2)
    except (KeyError, IndexError, ValueError, AttributeError):
        plain = False
    if not plain:
        raise ValidationError(_("Write {number} where the number stands, and {year} for the year."), code="pattern")


class NumberSeries(models.Model):
    """How documents of one kind are numbered, e.g. ``INV-{year}-{number:05}``: from one on, each year anew."""

    code = models.SlugField(_("document"), primary_key=True, max_length=24)
    pattern = models.CharField(_("pattern"), max_length=40, validators=[validate_pattern])

    objects: ClassVar[models.Manager["NumberSeries"]] = models.Manager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.pattern}"


class NumberCounter(models.Model):
    """The last number given in a year. Its row is locked until the document is committed: no gap, no number twice."""

    series = models.ForeignKey(NumberSeries, models.CASCADE, related_name="counters", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["NumberCounter"]] = models.Manager()

    class Meta:
        verbose_name = _("number counter")
        verbose_name_plural = _("number counters")
        ordering = ["series_id", "year"]
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.year}: {self.last}"


DEFAULT_SERIES = {
    "quote": "Q-{year}-{number:05}",
    "order": "O-{year}-{number:05}",
    "invoice": "INV-{year}-{number:05}",
    "credit_note": "CN-{year}-{number:05}",
}


def install_number_series(**_signal: object) -> None:
    """Adds the series that are missing; an edited pattern stays."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(code=code, pattern=pattern) for code, pattern in DEFAULT_SERIES.items()], ignore_conflicts=True
    )


def next_number(code: str, on: datetime.date) -> str:
    """The next number of a series. Call inside the transaction that writes the document: a rollback takes it back."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is given only together with its document")
    return reserve_numbers(code, [on.year])[0]


def reserve_numbers(code: str, years: list[int]) -> list[str]:
    """A number for each document, by its year, in the order given: one statement a year."""
    pattern = NumberSeries.objects.values_list("pattern", flat=True).get(pk=code)
    following = {year: _reserve(code, year, count) for year, count in sorted(Counter(years).items())}
    return [pattern.format(year=year, number=next(following[year])) for year in years]


def _reserve(code: str, year: int, count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sales_numbercounter (series_id, year, last) VALUES (%(code)s, %(year)s, %(count)s) "
            "ON CONFLICT (series_id, year) DO UPDATE SET last = sales_numbercounter.last + %(count)s RETURNING last",
            {"code": code, "year": year, "count": count},
        )
        last = cursor.fetchone()[0]
    return iter(range(last - count + 1, last + 1))
