"""The company's profile: what is changed there, guarded in words, with an event that names who.

A higher room says what speaks against another currency:

    reckoned_in.add("sales", lambda: _("Opportunities and orders") if … else "")
"""

from collections.abc import Callable
from typing import Any

import pghistory
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from crm.register import Register
from records.edit import edit_record
from records.log import log_event
from records.models import Event
from records.refusals import Refused

IMAGES = {"logo": gettext_lazy("Logo"), "stamp": gettext_lazy("Stamp")}
LARGEST_IMAGE = 1024 * 1024
STARTS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}

# name → function() → what is reckoned in the company's currency already, in words; "" for nothing
reckoned_in: Register[Callable[[], str]] = Register("what is reckoned in the company's currency")


def change_company(company: Company, values: dict[str, Any], *, by: Any, opened: dict | None = None) -> Event | None:
    """Refuses another currency once figures stand in the present one."""
    with transaction.atomic(), pghistory.context(user=by and by.pk):
        company.lock()
        if refusal := refusal_of_currency(company, values.get("currency", company.currency)):
            raise Refused(refusal, reason="currency")
        event = edit_record(company, values, by=by, opened=opened)
        transaction.on_commit(lambda: cache.delete("company-zone"))
    return event


def refusal_of_currency(company: Company, wanted: str) -> str:
    """Why the currency cannot become ``wanted``; "" when it can."""
    if wanted == company.currency:
        return ""
    figures = [text for text in (tell() for tell in reckoned_in) if text]
    if not figures:
        return ""
    return _(
        "%(what)s are reckoned in %(currency)s. In another currency their figures would be wrong, so it stays as it is."
    ) % {"what": ", ".join(figures), "currency": company.currency}


def check_image(upload: UploadedFile) -> str:
    """The ending of a PNG or JPEG of at most 1 MB; anything else raises ValidationError. The name decides nothing."""
    if (upload.size or 0) > LARGEST_IMAGE:
        raise ValidationError(_("An image of at most 1 MB, please."), code="size")
    start = upload.read(16)
    upload.seek(0)
    ending = next((ending for bytes_, ending in STARTS.items() if start.startswith(bytes_)), "")
    if not ending:
        raise ValidationError(_("A PNG or JPEG image, please."), code="kind")
    return ending


@transaction.atomic
def set_image(company: Company, which: str, upload: UploadedFile | None, *, by: Any) -> Event:
    """Puts an image on the company's documents, or with None takes it away. Documents already sent keep theirs."""
    company.lock()
    field = getattr(company, which)
    storage, old = field.storage, field.name
    if upload is None:
        setattr(company, which, "")
    else:
        field.save(f"{which}.{check_image(upload)}", upload, save=False)
    with pghistory.context(user=by and by.pk):
        company.save(update_fields=[which])
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    return log_event("change", company, by=by, facts={"fields": [which]})
