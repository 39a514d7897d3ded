"""Mail of the demo company: what waits in the tray, and an answer that found its way."""

from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from customers.models import ContactPoint
from messaging.inbound.handle import handle
from messaging.inbound.references import remember_sent
from messaging.inbound.store import store
from messaging.mailboxes.change import create_mailbox

OFFER = "<offer-1@demo.invalid>"


def make_mail(people: dict[str, Any]) -> None:
    """The mailbox makes no leads, so that a newcomer sees what a person decides."""
    values = {"address": "sales@demo.invalid", "team": people["tess"].team, "makes_leads": False}
    create_mailbox(values, by=people["olga"])
    points = ContactPoint.objects.filter(kind="email", customer__owner=people["alice"]).select_related("customer")
    known = points.order_by("pk").first()
    if known is not None:
        remember_sent(OFFER, known.customer, to=known.value)
        _write("Thank you, the price is fine. When can you deliver?", known.value, "Re: Our offer", answers=OFFER)
        _write("Could you call me back this week?", known.value, "A question")
    _write("We are looking for a supplier of pumps. Please send your price list.", "purchase@newcomer.example", "Pumps")
    _write("I am out of the office until Monday.", "office@away.example", "Out of office", automatic=True)


def _write(text: str, sender: str, subject: str, *, answers: str = "", automatic: bool = False) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "sales@demo.invalid", subject
    letter["Date"] = timezone.now()
    letter["Message-ID"] = f"<{subject.casefold().replace(' ', '-').replace(':', '')}@{sender.partition('@')[2]}>"
    if answers:
        letter["In-Reply-To"] = answers
    if automatic:
        letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(text)
    mail, _is_new = store(letter.as_bytes(), how="pipe")
    handle(mail.pk)
