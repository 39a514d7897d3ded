"""An undefined variable in a template of ours fails the test that renders it."""

import sys
from pathlib import Path

from django.conf import settings


class UndefinedVariable(AssertionError):
    pass


class Undefined(str):
    """Stands for Django's `string_if_invalid`, which asks for `"%s" in it` and then for `it % variable`.

    Templates of other packages rely on undefined variables being empty; so do ours that override the admin's.
    """

    def __bool__(self) -> bool:
        """Django asks before it formats. An ``{% if %}`` asks too, when a name turned out to be a function that wants
        arguments: true here, false in production, so it fails."""
        if sys._getframe(1).f_code.co_name == "render":
            raise UndefinedVariable("{% if %} asks for the result of a function that wants arguments")
        return True

    def __mod__(self, variable: object) -> str:
        context = sys._getframe(1).f_locals["context"]
        template = context.render_context.template or context.template
        if _is_ours(template.origin.name):
            raise UndefinedVariable(f"{template.name}: '{variable}' is undefined")
        return ""


def _is_ours(origin: str) -> bool:
    folder = Path(settings.BASE_DIR) / "templates"
    return Path(origin).is_relative_to(folder) and not Path(origin).is_relative_to(folder / "admin")
