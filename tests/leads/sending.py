"""Sending a web form as a visitor does."""

import time
from typing import Any

from django.core import signing
from django.test import Client

from leads.models import WebForm
from leads.web_forms.ticket import SALT

ANNA = {"name": "Anna Weber", "email": "anna@example.com"}


def opened(form: WebForm, *, ago: float = 30, once: str = "page-1", consent: int | None = None) -> str:
    """What a page carries that was opened so many seconds ago."""
    return signing.dumps([form.pk, once, int(time.time() - ago), consent], salt=SALT)


def send(form: WebForm, values: dict[str, Any] | None = None, *, client: Client | None = None, **more: Any) -> Any:
    """``ticket``: of the page, opened half a minute ago unless said otherwise; ``headers``: of the request."""
    headers = more.pop("headers", {})
    data = {"ticket": opened(form), **(ANNA if values is None else values), **more}
    return (client or Client()).post(f"/f/{form.key}/", data, headers=headers)
