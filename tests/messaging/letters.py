"""Makers of messages and mailboxes: the fewest arguments."""

from email.message import EmailMessage
from typing import Any

from customers.models import ContactPoint
from messaging.inbound.handle import handle
from messaging.inbound.store import store
from messaging.models import InboundMail, Mailbox

SALES = "sales@ours.example"
MARIA = "maria@acme.example"


def letter(
    text: str = "We need twelve pumps.", *, sender: str = f"Maria Meier <{MARIA}>", subject: str = "Pumps",
    message_id: str = "<one@acme.example>", answers: str = "", html: str = "", files: Any = (), **headers: str,
) -> bytes:  # fmt: skip
    """A message as it comes over the line; ``headers``: further ones, with _ for -."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, SALES, subject
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    if message_id:
        made["Message-ID"] = message_id
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, kind, data in files:
        main, _slash, sub = kind.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def mailbox(author: Any, address: str = SALES, **fields: Any) -> Mailbox:
    return Mailbox.objects.create(address=address, author=author, **fields)


def received(raw: bytes, **how: Any) -> InboundMail:
    """Stored and handled, as a mail server's pipe does it."""
    mail, _is_new = store(raw, how="pipe", **how)
    handle(mail.pk)
    mail.refresh_from_db()
    return mail


def write_to(customer: Any, address: str = MARIA, contact: Any = None) -> ContactPoint:
    """Makes ``address`` one of the customer's."""
    return ContactPoint.objects.create(
        customer=customer, contact=contact, kind="email", value=address, normalised=address
    )
