"""What all papers for customers have in common: fonts, languages, the sender, a line of the table."""

import datetime
import json
import logging
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Company
from crm.formats import Formats
from crm.places import country_name
from records.refusals import Refused

log = logging.getLogger(__name__)
PAPER = Path(__file__).with_name("paper.typ")
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
# How typst names the languages: language, region.
TONGUES = {"zh-hans": ("zh", "cn"), "ru": ("ru", "ru"), "en": ("en", "gb")}


def has_fonts() -> bool:
    return all((Path(settings.FONTS_DIR) / name).is_file() for name in FONTS)


def print_paper(data: dict[str, Any], *, now: datetime.datetime) -> bytes:
    """The same data and company images at the same moment give the same bytes."""
    if not has_fonts():
        raise Refused(_("The fonts for documents are missing on this server. Tell your administrator."), reason="fonts")
    images = _images_of(Company.get())
    try:
        return _compile(data, images, now)
    except typst.TypstError:
        if not images:
            raise
        log.warning("logo or stamp of the company cannot be read as an image; the paper goes without")
        return _compile(data, {}, now)


def _images_of(company: Company) -> dict[str, tuple[str, bytes]]:
    """Logo and stamp: their file name and bytes, as far as the files are there."""
    found = {}
    for which in ("logo", "stamp"):
        file = getattr(company, which)
        if file and file.storage.exists(file.name):
            with file.storage.open(file.name) as opened:
                found[which] = (f"{which}{Path(file.name).suffix}", opened.read())
    return found


def _compile(data: dict[str, Any], images: dict[str, tuple[str, bytes]], now: datetime.datetime) -> bytes:
    """typst reads files only below its root: a directory of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as root:
        paper = Path(root, PAPER.name)
        paper.write_bytes(PAPER.read_bytes())
        for name, content in images.values():
            Path(root, name).write_bytes(content)
        names = {which: images[which][0] if which in images else "" for which in ("logo", "stamp")}
        return typst.compile(
            paper,
            root=Path(root),
            format="pdf",
            font_paths=[Path(settings.FONTS_DIR)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**data, **names})},
            timestamp=int(now.timestamp()),
        )


def tongue(language: str) -> dict[str, str]:
    lang, region = TONGUES.get(language, TONGUES["en"])
    return {"lang": lang, "region": region}


def sender_of(company: Company) -> list[str]:
    """The company's own address and numbers, in small print."""
    town = " ".join(filter(None, (company.postcode, company.city)))
    where = (company.street, town, country_name(company.country))
    numbers = (company.tax_number, company.vat_number, company.register_entry)
    reached = (company.phone, company.email, company.website)
    return [line for line in (" · ".join(filter(None, part)) for part in (where, reached, numbers)) if line]


def line_on_paper(line: Any, formats: Formats) -> dict[str, str]:
    return {
        "position": str(line.position),
        "name": line.name,
        "description": line.description.replace("\r", ""),
        "quantity": f"{plain_number(line.quantity, formats)} {line.unit}".strip(),
        "price": formats.money(line.unit_price, line.currency),
        "discount": f"{plain_number(line.discount, formats)} %" if line.discount else "",
        "tax": f"{plain_number(line.tax_rate, formats)} %",
        "amount": formats.money(line.amount, line.currency),
    }


def plain_number(number: Decimal, formats: Formats) -> str:
    return formats.number(number.normalize())
