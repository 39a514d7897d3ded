"""Widgets and fields written by hand are what Django's and the theme pack's templates print."""

import datetime
import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.template import Context, engines
from django.utils.safestring import mark_safe

from crm.forms.renderer import WRITERS, FormRenderer

CHOICES = [("", "–"), ("<a>", 'A & "B"'), (3, 1234), ("group", [("x", mark_safe("<b>bold</b>"))])]


class Every(forms.Form):
    text = forms.CharField(label='A "label" & <more>', help_text="Some <b>help</b>", max_length=10)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="<h>")
    number = forms.IntegerField(required=False, initial=1234)
    day = forms.DateField(required=False, initial=datetime.date(2026, 2, 3))
    story = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": True, "data-y": False}), required=False)
    check = forms.BooleanField(required=False, initial=True, label="Yes?")
    one = forms.ChoiceField(choices=CHOICES, initial="<a>")
    several = forms.MultipleChoiceField(choices=CHOICES, initial=["<a>", "x"], required=False)
    radio = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False)
    file = forms.FileField(required=False)


def plain(html: str) -> str:
    """Without the space that only templates leave between tags."""
    return re.sub(r"\s+", " ", re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))).replace(" >", ">").strip()


def forms_of(renderer):
    yield Every(renderer=renderer)
    yield Every({"text": "much too long for it", "number": "x", "one": "?", "day": "x"}, renderer=renderer)


@pytest.mark.parametrize("name", Every.base_fields)
def test_a_widget_is_what_its_template_prints(name):
    for ours, theirs in zip(forms_of(FormRenderer()), forms_of(TemplatesSetting()), strict=True):
        assert plain(str(ours[name])) == plain(str(theirs[name]))


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("name", Every.base_fields)
def test_a_field_is_what_the_theme_s_template_prints(name, inline):
    engine = engines["django"].engine
    ours = engine.get_template("bootstrap5/field.html")
    theirs, _origin = engine.find_template("bootstrap5/field.html", skip=[ours.origin])
    shown = {"form_show_errors": True, "form_show_labels": True, "error_text_inline": inline}
    for one, other in zip(forms_of(FormRenderer()), forms_of(FormRenderer()), strict=True):
        expected = theirs.render(Context({**shown, "field": other[name]}))
        assert plain(ours.render(Context({**shown, "field": one[name]}))) == plain(expected)


def test_only_templates_of_widgets_are_replaced():
    assert all(FormRenderer().get_template(name) for name in WRITERS)
