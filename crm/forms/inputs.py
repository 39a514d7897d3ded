"""Inputs of the browser's own kind for days and moments; both speak ISO, whatever the language of the page."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: Any = None, format: str | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """To the minute, in the person's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: Any = None, format: str | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
