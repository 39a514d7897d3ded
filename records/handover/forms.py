"""The plan of a handover: asked by the address of the page, so that it can be looked at before anything is done."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from records.handover.kinds import Elsewhere, HandoverKind, in_order
from records.handover.plan import EVENLY, ONE, REGION, Plan
from records.handover.run import ASK, NOW
from records.handover.who import heirs, leavers
from records.models import DictionaryEntry

WAYS = {ONE: _("One heir"), REGION: _("By region"), EVENLY: _("Evenly")}
HEIR = {
    ONE: (_("Heir"), ""),
    REGION: (_("Everything else"), _("Takes what no region below names.")),
}


class LeaverForm(forms.Form):
    who = forms.ModelChoiceField(label=_("Person"), queryset=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = leavers(user).order_by("-is_active", "name", "id")  # type: ignore[attr-defined]
        self.fields["who"].label_from_instance = name_of  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """``way`` is chosen by the tabs above. Nobody need be named when all that there is goes elsewhere."""

    def __init__(self, *args: Any, user: Any, leaver: User, way: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.leaver, self.way = user, leaver, way
        self.regions = _regions(leaver, user) if way == REGION else []
        people = heirs(user, leaver)
        if way == EVENLY:
            self.fields["heirs"] = forms.ModelMultipleChoiceField(
                people, label=_("Heirs"), required=False,
                help_text=_("They take turns; what follows a customer goes to its heir."),
            )  # fmt: skip
        else:
            label, text = HEIR[way]
            if way == REGION and not self.regions:
                text = _("Nothing of it has a region.")
            self.fields["heir"] = forms.ModelChoiceField(people, label=label, required=False, help_text=text)
        for region in self.regions:
            self.fields[f"region_{region.pk}"] = forms.ModelChoiceField(people, label=region.label, required=False)
        for kind, elsewhere in self.movable():
            places = [("", _("To the heirs")), *elsewhere.places(user)]
            self.fields[f"place_{kind.code}"] = forms.ChoiceField(
                choices=places, label=elsewhere.label, required=False, help_text=elsewhere.explain
            )
        self._ask_to_deactivate()

    def _ask_to_deactivate(self) -> None:
        if not self.leaver.is_active or self.leaver.pk == self.user.pk:
            return
        may = access.allows(self.user, "administer", "system")
        self.fields["deactivate"] = forms.BooleanField(
            label=_("Deactivate the person afterwards") if may else _("Ask for the person to be deactivated"),
            required=False,
            help_text="" if may else _("The administrators get a notice once everything is handed over."),
        )  # fmt: skip

    def movable(self) -> list[tuple[HandoverKind, Elsewhere]]:
        """The kinds whose rows may also go elsewhere, when there is such a place."""
        kinds = [(kind, kind.elsewhere) for kind in in_order() if kind.elsewhere]
        return [(kind, place) for kind, place in kinds if place.places(self.user)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.plan().people and not any(self.plan().places.values()):
            raise forms.ValidationError(_("Name at least one heir."), code="required")
        return cleaned

    def plan(self) -> Plan:
        values = self.cleaned_data
        chosen = list(values.get("heirs") or ([values["heir"]] if values.get("heir") else []))
        regions = {region.pk: values.get(f"region_{region.pk}") for region in self.regions}
        places = {kind.code: values.get(f"place_{kind.code}") or "" for kind, _place in self.movable()}
        return Plan(
            self.way,
            tuple(sorted(person.pk for person in chosen)),
            {region: person.pk for region, person in regions.items() if person},
            {code: place for code, place in places.items() if place},
        )

    def deactivates(self) -> str:
        if not self.cleaned_data.get("deactivate"):
            return ""
        return NOW if access.allows(self.user, "administer", "system") else ASK


def name_of(person: User) -> str:
    return str(person) if person.is_active else str(_("%(name)s (has left)") % {"name": person})


def _regions(leaver: User, by: Any) -> list[DictionaryEntry]:
    """Those that occur among what she holds."""
    found: set[int] = set()
    for kind in in_order():
        if kind.region:
            found.update(_distinct(kind.rows(leaver, by), kind.region))
    entries = DictionaryEntry.objects.filter(pk__in=found)  # unscoped: names of regions are for everybody
    return list(entries.order_by("order", "name", "id"))


def _distinct(rows: QuerySet, name: str) -> Iterable[int]:
    values = rows.order_by().values_list(name, flat=True).distinct()
    return [value for value in values if value is not None]
