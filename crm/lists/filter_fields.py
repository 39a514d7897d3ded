"""Ready-made filters for lists: scoped choices, dictionary entries, ranges of days."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Company, User
from crm.forms.inputs import DayInput
from crm.forms.lookup import LookupField
from records.models import DictionaryEntry, Tag, Tagging


class PersonFilter(django_filters.ModelMultipleChoiceFilter):
    """Owners: the people whose records of this kind the viewer reaches."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Owner"))
        super().__init__(*args, queryset=lambda _request: None, **kwargs)
        self.kind = kind

    def get_queryset(self, request: Any) -> models.QuerySet:
        return access.people_in_reach(self.parent.user, self.kind)

    def filter(self, rows: models.QuerySet, people: Any) -> models.QuerySet:
        ids = [person.pk for person in people]
        return rows.filter(**{f"{self.field_name}_id__in": ids}) if ids else rows


class StampedPersonFilter(PersonFilter):
    """Who stands on a fact, whoever that was: one of another team, one who has left (figures of reports link here).

    Those within reach are offered; any other is taken when named, as names are no secret.
    """

    def get_queryset(self, request: Any) -> models.QuerySet:
        named = self.parent.data.getlist(_name_of(self)) if hasattr(self.parent.data, "getlist") else []
        within = super().get_queryset(request).order_by().values("pk")
        numbers = [int(text) for text in named if text.isascii() and text.isdigit() and len(text) < 19]
        return User.objects.filter(models.Q(pk__in=within) | models.Q(pk__in=numbers))


class EntryFilter(django_filters.ModelMultipleChoiceFilter):
    """Entries of a dictionary list, any of the chosen ones; also those that are no longer offered."""

    def __init__(self, *args: Any, list: str, **kwargs: Any) -> None:
        super().__init__(*args, queryset=DictionaryEntry.objects.filter(list=list), **kwargs)

    def filter(self, rows: models.QuerySet, entries: Any) -> models.QuerySet:
        ids = [entry.pk for entry in entries]
        return rows.filter(**{f"{self.field_name}_id__in": ids}) if ids else rows


class RecordFilter(django_filters.Filter):
    """One record of a searchable kind within the viewer's reach, typed and chosen as in a form."""

    field_class = LookupField

    def __init__(self, *args: Any, lookup: str, **kwargs: Any) -> None:
        super().__init__(*args, lookup=lookup, **kwargs)

    @property
    def field(self) -> Any:
        field = super().field
        field.scope_to(self.parent.user)
        return field

    def filter(self, rows: models.QuerySet, record: Any) -> models.QuerySet:
        return rows if record is None else rows.filter(**{f"{self.field_name}_id": record.pk})


class BelongingFilter(RecordFilter):
    """What the rows belong to; also a record out of reach (given away, in a pool) of which rows are within reach.

    Figures of reports link here: the rows stayed with the person, and they name the record anyway.
    """

    @property
    def field(self) -> Any:
        field, number = super().field, _number(self.parent.data, _name_of(self))
        if number is not None:
            held = self.model.objects.visible_to(self.parent.user).filter(**{f"{self.field_name}_id": number})
            field.scope_to(self.parent.user, keep=number if held.exists() else None)
        return field


def _name_of(sought: Any) -> str:
    return next(name for name, one in sought.parent.filters.items() if one is sought)


def _number(data: Any, name: str) -> int | None:
    text = str((data or {}).get(name) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """Any of some codes: one IN, which an index takes, instead of an OR."""

    def filter(self, rows: models.QuerySet, codes: Any) -> models.QuerySet:
        return rows.filter(**{f"{self.field_name}__in": codes}) if codes else rows


class TagFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows with any of the chosen tags."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Tag"))
        super().__init__(*args, queryset=Tag.objects.all(), **kwargs)
        self.kind = kind

    def filter(self, rows: models.QuerySet, tags: Any) -> models.QuerySet:
        ids = [tag.pk for tag in tags]
        tagged = Tagging.objects.filter(tag_id__in=ids, subject_kind=self.kind)
        return rows.filter(pk__in=tagged.values("subject_id")) if ids else rows


class DaysField(forms.MultiValueField):
    """From and until a day, both included."""

    def __init__(self, **kwargs: Any) -> None:
        day = forms.DateField(required=False)
        super().__init__(fields=(day, day), require_all_fields=False, **kwargs)

    def compress(self, days: list[Any]) -> slice | None:
        low, high = (*days, None, None)[:2] if days else (None, None)
        if low and high and low > high:
            raise forms.ValidationError(_("The first day is after the last one."))
        return slice(low, high) if low or high else None


class DaysWidget(django_filters.widgets.RangeWidget):
    template_name = "lists/_days_widget.html"
    suffixes = ["after", "before"]

    def __init__(self, attrs: Any = None) -> None:
        django_filters.widgets.SuffixedMultiWidget.__init__(self, [DayInput(), DayInput()], attrs)


class DaysFilter(django_filters.Filter):
    """A range of days of the viewer's zone, over a date or a moment."""

    field_class = DaysField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DaysWidget())
        super().__init__(*args, **kwargs)

    def filter(self, rows: models.QuerySet, days: slice | None) -> models.QuerySet:
        if days is None:
            return rows
        is_moment = isinstance(self.model._meta.get_field(self.field_name), models.DateTimeField)
        if days.start:
            rows = rows.filter(**{f"{self.field_name}__gte": _midnight(days.start) if is_moment else days.start})
        if days.stop:
            after = days.stop + datetime.timedelta(days=1)
            rows = rows.filter(**{f"{self.field_name}__lt": _midnight(after) if is_moment else after})
        return rows


class CompanyDaysFilter(DaysFilter):
    """A range of days of the company's zone over a moment: what a figure of a report counted, for every viewer."""

    def filter(self, rows: models.QuerySet, days: slice | None) -> models.QuerySet:
        with timezone.override(Company.get().zone):
            return super().filter(rows, days)


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes or no. ``lookup``: the condition that stands for yes, e.g. ``next_contact_at__isnull``; ``turned`` for no."""

    def __init__(self, *args: Any, turned: bool = False, **kwargs: Any) -> None:
        self.turned = turned
        kwargs.setdefault("choices", [("yes", _("yes")), ("no", _("no"))])
        kwargs.setdefault("empty_label", _("Any"))
        super().__init__(*args, **kwargs)

    def filter(self, rows: models.QuerySet, answer: str) -> models.QuerySet:
        if not answer:
            return rows
        return rows.filter(**{f"{self.field_name}__{self.lookup_expr}": (answer == "yes") != self.turned})


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
