"""What a rendered form carries: signed, so that nobody makes up when it was opened or which consent it showed."""

import secrets
import time
from dataclasses import dataclass

from django.core import signing

SALT = "leads.web_form"
QUICKEST, LONGEST = 2, 24 * 3600  # seconds between opening and sending


@dataclass(frozen=True)
class Ticket:
    """``once`` tells this opening of the form from all others; ``consent`` is the number of the text that it showed."""

    form: int
    once: str
    opened: int
    consent: int | None

    @property
    def age(self) -> float:
        return time.time() - self.opened

    @property
    def is_too_quick(self) -> bool:
        """No person fills in a form so soon."""
        return self.age < QUICKEST

    @property
    def is_too_old(self) -> bool:
        return self.age > LONGEST


def issue(form: int, consent: int | None) -> str:
    once = secrets.token_urlsafe(12)
    return signing.dumps([form, once, int(time.time()), consent], salt=SALT)


def read(text: str, form: int) -> Ticket | None:
    """None for what we did not sign, or signed for another form."""
    try:
        ticket = Ticket(*signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return ticket if ticket.form == form else None
