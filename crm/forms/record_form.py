"""The base of forms over records: choices within the person's reach, messages of the database's constraints."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import IntegrityError, models
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from crm.forms.inputs import DayInput, MomentInput


class RecordForm(forms.ModelForm):
    """A model form for one person: ``self.user``. Lookup fields and foreign keys to records offer what she reaches."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if hasattr(field, "scope_to"):
                field.scope_to(user, keep=getattr(self.instance, f"{name}_id", None))
            elif isinstance(field, forms.ModelChoiceField):
                field.iterator = ReadAtOnce
                _scope(field, user)
                field.widget.choices = field.choices
            for plain, better in ((forms.DateInput, DayInput), (forms.DateTimeInput, MomentInput)):
                if type(field.widget) is plain:
                    field.widget = better(attrs=field.widget.attrs)

    def values(self) -> dict[str, Any]:
        """What a verb takes: cleaned values of the columns that a person edits."""
        editable = getattr(self._meta.model, "EDITABLE", ())
        return {name: value for name, value in self.cleaned_data.items() if name in editable}

    def refuse_by_constraint(self, error: IntegrityError) -> None:
        """Shows what the database refused, in the constraint's own words; what is not ours goes on as an error."""
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        constraint = next((one for one in self._meta.model._meta.constraints if one.name == name), None)
        if constraint is None:
            raise error
        fields = [field for field in getattr(constraint, "fields", ()) if field in self.fields]
        message = constraint.get_violation_error_message() or _("This is not possible.")
        self.add_error(fields[0] if len(fields) == 1 else None, message)


class ReadAtOnce(ModelChoiceIterator):
    """The choices by one statement. Django opens a cursor in the server for them: four exchanges for a dozen rows each,
    which is half of what a form of ten such fields costs.
    """

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for row in self.queryset:
            yield self.choice(row)


def _scope(field: Any, user: Any) -> None:
    rows = field.queryset
    if hasattr(rows, "visible_to"):
        field.queryset = rows.visible_to(user)
    elif isinstance(rows.model, type) and issubclass(rows.model, models.Model) and hasattr(rows.model, "is_on_duty"):
        field.queryset = rows.filter(is_active=True)
