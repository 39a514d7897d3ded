"""Bytes of a message into what we keep of it. No tables, no queries."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from crm import normalise
from messaging.inbound import envelope
from messaging.inbound.parts import File, text_and_files
from messaging.inbound.words import header_text

# A message names at least one of these; what names none is something else.
_TELLING = ("from", "date", "subject", "message-id", "to", "received", "return-path")
LONGEST_ID, LONGEST_SUBJECT, LONGEST_LINE, MOST_REFERENCES, MOST_RECIPIENTS = 250, 500, 500, 50, 100


class NotAMessage(Exception):
    """These bytes have no header."""


@dataclass(frozen=True)
class Parsed:
    """``automatic``: a code of Why for what no person wrote, else "". ``recipients``: folded addresses, best first."""

    message_id: str
    digest: str
    references: list[str]
    from_name: str
    from_address: str
    to_line: str
    recipients: list[str]
    subject: str
    sent_at: datetime | None
    automatic: str
    check: str
    text: str = ""
    is_cut: bool = False
    files: list[File] = field(default_factory=list)


def parse(raw: bytes, *, only_header: bool = False) -> Parsed:
    """Raises NotAMessage for bytes without a header. Whatever else goes wrong is the caller's to keep as a file."""
    message = message_from_bytes(raw)
    headers = _headers(message)
    if not any(name in headers for name in _TELLING):
        raise NotAMessage
    text, is_cut, files = ("", False, []) if only_header else text_and_files(message)
    message_id = _id((headers.get("message-id") or [""])[0])
    name, address = _sender(headers)
    return Parsed(
        message_id=message_id, digest=_digest(headers, "" if message_id or only_header else text),
        references=_references(headers), from_name=name[:200], from_address=address,
        to_line=header_text(", ".join(headers.get("to", [])))[:LONGEST_LINE], recipients=_recipients(headers),
        subject=header_text((headers.get("subject") or [""])[0])[:LONGEST_SUBJECT], sent_at=_sent_at(headers),
        automatic=envelope.automatic(headers, message.get_content_type()), check=envelope.check(headers, address),
        text=text, is_cut=is_cut, files=files,
    )  # fmt: skip


def digest_of(raw: bytes) -> str:
    """For bytes that cannot be read: the same ones are the same message."""
    return hashlib.sha256(raw).hexdigest()


def _headers(message: Message) -> dict[str, list[str]]:
    """As they came, by small name: the parser's own readings of a header fail on what is broken."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():  # type: ignore[attr-defined]
        found.setdefault(name.casefold(), []).append(str(value))
    return found


def _id(text: str) -> str:
    """The number of a message without its brackets; "" for none. A longer one is told by its digest."""
    words = header_text(text).replace("<", " ").replace(">", " ").split()
    if not words:
        return ""
    return words[0] if len(words[0]) <= LONGEST_ID else f"sha256:{hashlib.sha256(words[0].encode()).hexdigest()}"


def _digest(headers: dict[str, list[str]], text: str) -> str:
    told = [";".join(headers.get(name, [])) for name in ("from", "date", "subject")]
    told += [";".join(headers.get("to", [])), text] if text else []
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()


def _references(headers: dict[str, list[str]]) -> list[str]:
    """The answered message first, then the way back; each once."""
    words: list[str] = []
    for name in ("in-reply-to", "references"):
        told = " ".join(headers.get(name, [])).replace("<", " ").replace(">", " ").split()
        words += [_id(word) for word in (told if name == "in-reply-to" else reversed(told))]
    return list(dict.fromkeys(word for word in words if word))[:MOST_REFERENCES]


def _sender(headers: dict[str, list[str]]) -> tuple[str, str]:
    """(name, folded address); the name is never taken for the address."""
    for name, address in _addresses(headers, "from"):
        folded = normalise.email(address)
        if folded:
            return header_text(name), folded
    return header_text((headers.get("from") or [""])[0]), ""


def _recipients(headers: dict[str, list[str]]) -> list[str]:
    """What the mail server noted comes before what the sender typed."""
    names = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
    found = [normalise.email(address) for name in names for _name, address in _addresses(headers, name)]
    return list(dict.fromkeys(address for address in found if address))[:MOST_RECIPIENTS]


def _addresses(headers: dict[str, list[str]], name: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value[:20_000] for value in headers.get(name, [])])
    except (ValueError, IndexError):
        return []


def _sent_at(headers: dict[str, list[str]]) -> Any:
    try:
        moment = parsedate_to_datetime((headers.get("date") or [""])[0])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if 1980 < moment.year < 2200 else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
