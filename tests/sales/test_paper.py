"""What papers for customers carry of the company: logo, stamp, its country in words."""

import datetime
import io
import struct
import zlib

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Company
from records.company import change_company, set_image
from sales.paper import has_fonts
from sales.quote_pdf import quote_pdf
from tests.sales import documents

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _there(settings, tmp_path):
    if not has_fonts():
        pytest.skip("The fonts for documents are not there; starting bin/run once fetches them.")
    settings.MEDIA_ROOT = tmp_path


def png(red=32):
    """A square of one colour, small but whole."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes((red, 96, 128)) * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def put(which, content, *, by):
    set_image(Company.get(), which, SimpleUploadedFile("x.png", content), by=by)


def images_of(quote):
    return [len(page.images) for page in pypdf.PdfReader(io.BytesIO(quote_pdf(quote, now=NOW))).pages]


def test_a_paper_carries_the_logo_and_the_stamp_of_the_company(alice, ada):
    quote = documents.sent_quote(owner=alice)
    assert images_of(quote) == [0]
    put("logo", png(), by=ada)
    assert images_of(quote) == [1]
    put("stamp", png(red=200), by=ada)
    assert images_of(quote) == [2]


def test_a_draft_is_never_stamped(alice, ada):
    put("stamp", png(), by=ada)
    assert images_of(documents.quote(owner=alice)) == [0]


def test_an_image_that_cannot_be_read_does_not_stop_a_quote(alice, ada, caplog):
    put("logo", b"\x89PNG\r\n\x1a\n" + b"0" * 40, by=ada)
    assert images_of(documents.sent_quote(owner=alice)) == [0]
    assert "cannot be read as an image" in caplog.text


def test_countries_are_named_in_the_language_of_the_paper(alice, ada):
    change_company(Company.get(), {"country": "DE"}, by=ada)
    for language, name in (("en", "Germany"), ("ru", "Германия"), ("zh-hans", "德国")):
        content = quote_pdf(documents.sent_quote(owner=alice, language=language), now=NOW)
        assert name in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
