"""To which record a message belongs: any record within reach on which the person may do what that takes."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import access
from crm.forms.lookup import LookupField
from messaging.inbound.takers import takers
from records.kinds import kinds


class JoinForm(forms.Form):
    """One box per kind of record; exactly one of them is filled."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for taker in takers:
            if access.allows(user, taker.right, taker.kind):
                field = LookupField(taker.kind, required=False, label=capfirst(kinds[taker.kind].label))
                field.scope_to(user)
                self.fields[taker.kind] = field

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen = [values[name] for name in self.fields if values.get(name)]
        if len(chosen) != 1 and not self.errors:
            raise forms.ValidationError(_("Choose one record."))
        return values

    def record(self) -> Any:
        return next(self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name))
