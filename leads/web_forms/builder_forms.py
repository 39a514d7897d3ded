"""What is typed about a web form: its texts, and a line for each question that it may ask."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Reach, Team
from leads.models import WebForm, WebFormField
from leads.models.web_form import ASKABLE
from leads.web_forms.fields import ASKABLES, REACHABLE
from leads.web_forms.origin import read_sites, web_address
from records.dictionary import choices, entry_by_code

FIRST = {"name": True, "email": True, "phone": False, "company": False, "need": False}


class WebFormForm(forms.ModelForm):
    """Teams are those for which the person may make forms."""

    sites = forms.CharField(
        label=_("Your web sites"), required=False, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_(
            "One a line, such as https://www.example.com. Only these show the form in a frame, and only these may send "
            "it from a page of their own. Empty: every site may show it in a frame, none may send it by itself."
        ),
    )  # fmt: skip

    class Meta:
        model = WebForm
        fields = WebForm.EDITABLE
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 2}),
            "consent": forms.Textarea(attrs={"rows": 3}),
            "thanks": forms.Textarea(attrs={"rows": 2}),
            "thanks_url": forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["language"].choices = [("", _("the visitor's")), *self.fields["language"].choices[1:]]
        self._offer_sources()
        self.initial["sites"] = "\n".join(self.instance.sites)
        if self.instance.pk is None:
            self.initial.setdefault("source", entry_by_code("lead_source", "web"))
        self._offer_teams()

    def _offer_sources(self) -> None:
        """Offered ones, and the one that stands there although it is offered no more."""
        offered, present = choices("lead_source"), self.instance.source
        if present and present.pk not in dict(offered):
            offered.append((present.pk, str(present)))
        self.fields["source"].choices = [("", "–"), *offered]

    def _offer_teams(self) -> None:
        """Who may make forms for her teams only must say for which."""
        teams = Team.objects.order_by("name", "id")
        if access.reach_of(self.user, "web_form", "change") != Reach.ALL:
            self.fields["team"].queryset = teams.filter(pk__in=access.team_ids_of(self.user))
            self.fields["team"].required = True
        else:
            self.fields["team"].queryset = teams

    def clean_sites(self) -> list[str]:
        sites = read_sites(self.cleaned_data["sites"])
        if len(sites) > 20:
            raise ValidationError(_("At most 20 web sites, please."), code="many")
        return sites

    def clean_thanks_url(self) -> str:
        typed = self.cleaned_data["thanks_url"]
        return web_address(typed) if typed else ""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WebForm.EDITABLE}

    def shown(self) -> WebForm:
        """As the form would look with what was typed so far, whether that is in order or not."""
        form = WebForm(author=self.user)
        for name in ("title", "intro", "button", "consent", "language", "theme"):
            setattr(form, name, str(self[name].value() or ""))
        form.shows_brand = bool(self["shows_brand"].value())
        return form


class QuestionForm(forms.Form):
    """One column of a lead: whether it is asked, and how."""

    NO, MAY, MUST = "", "may", "must"

    asked = forms.ChoiceField(
        label=_("Asked"), choices=[(NO, _("not asked")), (MAY, _("may be left empty")), (MUST, _("required"))],
        required=False,
    )  # fmt: skip
    label = forms.CharField(label=_("Label"), max_length=120, required=False)
    help = forms.CharField(label=_("Help"), max_length=300, required=False)
    place = forms.IntegerField(label=_("Place"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, column: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"ask-{column}", **kwargs)
        self.column = column
        self.usual = ASKABLES[column].label
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "asked" else "form-control"
            field.widget.attrs["aria-label"] = f"{self.usual}: {field.label}"
        self.fields["label"].widget.attrs["placeholder"] = self.usual
        self.fields["help"].widget.attrs["placeholder"] = _("Help below it")
        self.fields["place"].widget.attrs["data-place"] = True

    @property
    def is_asked(self) -> bool:
        return bool(self["asked"].value())

    def typed_row(self) -> WebFormField:
        """Of what stands in the line, also while that is not in order."""
        texts = {name: str(self[name].value() or "")[:length] for name, length in (("label", 120), ("help", 300))}
        return WebFormField(name=self.column, is_required=self["asked"].value() == self.MUST, **texts)

    @property
    def order(self) -> tuple[int, int]:
        """Asked ones first, as they are placed."""
        place = str(self["place"].value() or "")
        known = ASKABLE.index(self.column)
        return (int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 999, known)


class Questions:
    """All lines together. ``is_valid`` also asks whether anybody could be answered."""

    def __init__(self, data: Any, *, form: WebForm | None) -> None:
        present = {row.name: row for row in form.fields.all()} if form else {}
        self.lines = [QuestionForm(data, column=name, initial=_initial(name, present, form)) for name in ASKABLE]
        self.problem: Any = ""

    def __iter__(self) -> Iterator[QuestionForm]:
        return iter(sorted(self.lines, key=lambda line: (not line.is_asked, *line.order)))

    @property
    def asked(self) -> list[QuestionForm]:
        return [line for line in self if line.is_asked]

    @property
    def errors(self) -> list[Any]:
        return [line for line in self.lines if line.errors]

    def is_valid(self) -> bool:
        fine = all([line.is_valid() for line in self.lines])
        names = {line.column for line in self.asked}
        if not names & {"name", "company"}:
            self.problem = _("Ask for the name of the person or of the company: a lead needs one.")
        elif not names & set(REACHABLE):
            self.problem = _("Ask for a way to answer: e-mail, phone or a messenger.")
        return fine and not self.problem

    def rows(self) -> list[dict[str, Any]]:
        """As ``change.create_form`` takes them."""
        return [
            {
                "name": line.column, "label": line.cleaned_data["label"], "help": line.cleaned_data["help"],
                "is_required": line.cleaned_data["asked"] == QuestionForm.MUST,
            }
            for line in self.asked
        ]  # fmt: skip


def _initial(name: str, present: dict[str, WebFormField], form: WebForm | None) -> dict[str, Any]:
    row = present.get(name)
    if row:
        asked = QuestionForm.MUST if row.is_required else QuestionForm.MAY
        return {"asked": asked, "label": row.label, "help": row.help, "place": row.place + 1}
    if form is None and name in FIRST:
        asked = QuestionForm.MUST if FIRST[name] else QuestionForm.MAY
        return {"asked": asked, "place": list(FIRST).index(name) + 1}
    return {"asked": QuestionForm.NO}
