"""What is pasted into a web site: the form in a frame, or a form of the site's own that sends to us."""

from django.template.loader import render_to_string
from django.utils import translation

from leads.models import WebForm
from leads.web_forms.public_form import AGREES, TRAP, PublicForm, consent_of, rows_of

# What a question, and everything around the questions, takes in height.
_QUESTION, _REST, _CONSENT = 92, 240, 110


def frame_of(form: WebForm) -> str:
    """An iframe high enough on a phone; the form scrolls inside when texts run longer."""
    height = _REST + _QUESTION * form.fields.count() + (_CONSENT if form.consent else 0)
    return _told("frame", {"web_form": form, "height": height})


def plain_of(form: WebForm) -> str:
    """Bare HTML, in the form's language, to be dressed by the site's own style sheet."""
    with translation.override(form.language or translation.get_language()):
        consent = consent_of(form)
        filled = PublicForm(rows=rows_of(form), consent=consent)
        values = {"web_form": form, "filled": filled, "consent": consent, "agrees": AGREES, "trap": TRAP}
        return _told("plain", values)


def _told(name: str, values: dict) -> str:
    lines = render_to_string(f"leads/web_forms/_snippet_{name}.html", values).splitlines()
    return "\n".join(str(line) for line in lines if line.strip())
