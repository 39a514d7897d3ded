"""The PDF of a quote and its sending: exact bytes, three languages, nothing half-done."""

import datetime
import hashlib
import io
from decimal import Decimal

import pypdf
import pytest
from django.db import IntegrityError, transaction

from records.models import Event
from records.refusals import Refused
from sales.document_lines import add_line
from sales.models import QuoteFile
from sales.paper import has_fonts
from sales.quote_pdf import quote_pdf
from sales.send_quote import send_quote
from tests.customers.makers import customer
from tests.sales import documents

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fonts():
    if not has_fonts():
        pytest.skip("The fonts for documents are not there; starting bin/run once fetches them.")


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def approved(alice, **values):
    quote = documents.quote(owner=alice, **values)
    quote.submit(by=alice)
    return quote


@pytest.mark.parametrize(
    ("language", "words", "total"),
    [
        ("en", ["Valid until", "Dear Ms Li"], "€109.00"),
        ("zh-hans", ["尊敬的李女士", "水泵"], "109.00"),
        ("ru", ["Уважаемая г-жа Ли", "Насос"], "109,00"),
    ],
)
def test_a_quote_reads_in_its_own_language(alice, language, words, total):
    intro = {"en": "Dear Ms Li", "zh-hans": "尊敬的李女士", "ru": "Уважаемая г-жа Ли"}[language]
    name = {"en": "Hose", "zh-hans": "水泵", "ru": "Насос"}[language]
    quote = documents.quote(owner=alice, language=language, intro=intro, price=90)
    add_line(quote, by=alice, name=name, unit_price=Decimal(10), tax_rate=Decimal(90))
    text = text_of(quote_pdf(quote, now=NOW)).replace("\xa0", " ")
    assert all(word in text for word in [*words, quote.number, quote.customer.name])
    assert total in text


def test_what_people_type_is_never_markup(alice):
    quote = documents.quote(owner=alice, intro='#panic("x") *bold* $x^2$ #sys.version', terms="= Heading\n- item")
    text = text_of(quote_pdf(quote, now=NOW))
    assert '#panic("x") *bold* $x^2$ #sys.version' in text
    assert "= Heading" in text


def test_a_draft_has_a_word_across_it_and_what_is_approved_has_none(alice):
    quote = documents.quote(owner=alice)
    assert "Draft" in text_of(quote_pdf(quote, now=NOW))
    quote.submit(by=alice)
    assert "Draft" not in text_of(quote_pdf(quote, now=NOW))


def test_a_long_quote_has_numbered_pages(alice):
    quote = documents.quote(owner=alice)
    for number in range(60):
        add_line(quote, by=alice, name=f"Part {number}", unit_price=Decimal(1), description="Steel\nblue")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(quote_pdf(quote, now=NOW))).pages]
    assert len(pages) > 2
    assert f"2 / {len(pages)}" in pages[1]


def test_sending_keeps_the_exact_bytes_and_says_who(alice):
    quote = approved(alice)
    send_quote(quote, by=alice, now=NOW)
    kept = QuoteFile.objects.get(quote=quote)
    assert (quote.state, quote.sent_at) == ("sent", NOW)
    assert kept.sha256 == hashlib.sha256(bytes(kept.content)).hexdigest()
    event = Event.objects.get(subject_kind="quote", subject_id=quote.pk, verb="send")
    assert (event.by, event.facts["sha256"]) == (alice, kept.sha256)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        QuoteFile.objects.update(content=b"other")


def test_a_draft_and_a_lapsed_quote_are_not_sent(alice):
    with pytest.raises(Refused, match="not possible now"):
        send_quote(documents.quote(owner=alice), by=alice)
    with pytest.raises(Refused, match="last day"):
        send_quote(approved(alice, valid_until=datetime.date(2026, 2, 1)), by=alice, now=NOW)
    assert not QuoteFile.objects.exists()


def test_what_changed_while_its_pdf_was_made_is_not_sent(alice, monkeypatch):
    quote = approved(alice)
    other = type(quote).objects.get(pk=quote.pk)

    def slow(found, *, now):
        other.return_to_draft("Wait", by=alice)
        return b"%PDF"

    monkeypatch.setattr("sales.send_quote.quote_pdf", slow)
    with pytest.raises(Refused, match="changed this quote"):
        send_quote(quote, by=alice, now=NOW)
    assert not QuoteFile.objects.exists()


def test_the_page_sends_and_serves_what_was_sent(signed_in, alice, charlie):
    quote = documents.quote(owner=alice, customer=customer(owner=alice))
    url = f"/sales/quotes/{quote.pk}/"
    client = signed_in(alice)
    assert "Draft" in text_of(client.get(f"{url}pdf/").content)
    client.post(f"{url}submit/")
    client.post(f"{url}send/")
    answer = client.get(f"{url}pdf/")
    assert answer.content == bytes(QuoteFile.objects.get(quote=quote).content)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in(charlie).get(f"{url}pdf/").status_code == 404


def test_without_fonts_nothing_is_sent_and_the_reason_is_told(alice, settings, tmp_path):
    settings.FONTS_DIR = tmp_path
    quote = approved(alice)
    with pytest.raises(Refused, match="fonts"):
        send_quote(quote, by=alice, now=NOW)
    assert not QuoteFile.objects.exists()
