"""What is asked before a customer changes hands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import access
from customers.models import Pool
from records.dictionary import entries


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    pool = forms.ModelChoiceField(label=_("Into the pool"), queryset=None, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(entry.code, entry.label) for entry in entries("release_reason")]
        self.fields["pool"].queryset = Pool.objects.visible_to(user)


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("To"), queryset=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people_to_assign(user)


def people_to_assign(user: Any) -> Any:
    return access.people_in_reach(user, "customer", "assign").order_by("name", "id")
