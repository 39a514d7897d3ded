"""Ready-made bulk actions: change fields, add or remove a tag, delete."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.forms.inputs import DayInput
from crm.lists.spec import BulkAction, BulkResult
from records.bulk_edit import bulk_edit
from records.bulk_tags import ADD, REMOVE, bulk_tag, tag_by_name
from records.bulk_trash import VERB as TRASH
from records.bulk_trash import bulk_trash
from records.kinds import kinds
from records.models import Tag


def edit_action(kind: str, fields: tuple[str, ...]) -> BulkAction:
    """Changes some of ``fields``; only such from which nothing else follows (records.bulk_edit)."""

    def run(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
        model = kinds[kind].model
        changed = [
            bulk_edit(model, ids, name, _of_column(model, name, value), by=by, batch=batch)
            for name, value in values.items()
        ]
        return BulkResult(done=max(changed, default=0))

    return BulkAction(
        "edit", _("Change"), "pencil", "change", "bulk_edit", run, form=_edit_form(kind, fields),
        explain=_("What you leave empty stays as it is."),
    )  # fmt: skip


def tag_action(kind: str) -> BulkAction:
    def run(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
        return BulkResult(done=bulk_tag(kinds[kind].model, ids, tag_by_name(values["tag"]).pk, by=by, batch=batch))

    return BulkAction("tag", _("Add tag"), "tag", "change", ADD, run, form=lambda _spec, _user: TagForm)


def untag_action(kind: str) -> BulkAction:
    def run(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
        return BulkResult(done=bulk_tag(kinds[kind].model, ids, values["tag"], by=by, batch=batch, remove=True))

    return BulkAction("untag", _("Remove tag"), "x", "change", REMOVE, run, form=lambda _spec, _user: UntagForm)


def trash_action(kind: str) -> BulkAction:
    def run(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
        return BulkResult(*bulk_trash(kinds[kind].model, ids, by=by, batch=batch))

    return BulkAction(
        "delete", _("Delete"), "trash", "delete", TRASH, run, tone="danger",
        explain=_("They go into the trash and can be restored for 30 days."),
    )  # fmt: skip


class BulkForm(forms.Form):
    """Asks for what an action needs. ``values()``: as they are kept with the batch."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TagForm(BulkForm):
    tag = forms.CharField(label=_("Tag"), max_length=60, help_text=_("A new name makes a new tag."))


class UntagForm(BulkForm):
    tag = forms.ModelChoiceField(Tag.objects.order_by("name", "id"), label=_("Tag"))


class EditForm(BulkForm):
    """Each field is optional; ``empty_<field>`` takes the value away."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in [name for name in cleaned if f"empty_{name}" in cleaned]:
            if cleaned[f"empty_{name}"] and cleaned[name]:
                self.add_error(name, _("Give a value or take it away, not both."))
        if not self.errors and not self.values():
            raise forms.ValidationError(_("Say what shall change."), code="required")
        return cleaned

    def values(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("empty_")}
        emptied = {name for name in given if self.cleaned_data.get(f"empty_{name}")}
        return {name: None if name in emptied else value for name, value in given.items() if value or name in emptied}


def _edit_form(kind: str, names: tuple[str, ...]) -> Callable[..., type[BulkForm]]:
    def make(_spec: Any, _user: Any) -> type[BulkForm]:
        model = kinds[kind].model
        fields: dict[str, forms.Field] = {}
        for name in names:
            column = model._meta.get_field(name)
            fields[name] = _field(column)
            if column.null:
                fields[f"empty_{name}"] = forms.BooleanField(
                    required=False, label=_("Take the value away: %(field)s") % {"field": column.verbose_name}
                )
        return type("BulkEditForm", (EditForm,), fields)

    return make


def _field(column: Any) -> forms.Field:
    if isinstance(column, models.BooleanField):
        choices = [("", "–"), ("true", _("yes")), ("false", _("no"))]
        return forms.ChoiceField(choices=choices, required=False, label=_label(column))
    if column.choices:
        return forms.ChoiceField(choices=[("", "–"), *column.flatchoices], required=False, label=_label(column))
    field = column.formfield(required=False, label=_label(column))
    if isinstance(field.widget, forms.DateInput):
        field.widget = DayInput()
    return field


def _label(column: Any) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def _of_column(model: Any, name: str, value: Any) -> Any:
    """From JSON to what the column takes; an empty text column has "", not nothing."""
    column = model._meta.get_field(name)
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if value is None:
        return None if column.null else ""
    if isinstance(target, models.BooleanField):
        return value in (True, "true")
    return target.to_python(value)
