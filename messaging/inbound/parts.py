"""The parts of a message: its words, and its files. Hidden, nested, nameless and broken ones are usual."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePath

from messaging.inbound.words import clean, decoded, header_text, text_of_html, tidy

MOST_PARTS, DEEPEST = 200, 20
LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class File:
    name: str
    type: str
    data: bytes


def text_and_files(message: Message) -> tuple[str, bool, list[File]]:
    """(text, whether it was cut, files)."""
    words, files = [], []
    for part in _leaves(message, 0, [MOST_PARTS]):
        if _is_file(part):
            files.append(_file(part, len(files) + 1))
        else:
            words.append(_words(part))
    text = "\n\n".join(filter(None, words))
    return text[:LONGEST_TEXT], len(text) > LONGEST_TEXT, files


def _leaves(message: Message, depth: int, left: list[int]) -> Iterator[Message]:
    """The parts that are no boxes; a message within the message is one of them."""
    if left[0] <= 0:
        return
    left[0] -= 1
    if message.get_content_maintype() != "multipart" or not message.is_multipart() or depth >= DEEPEST:
        yield message
        return
    inner = [leaf for part in message.get_payload() for leaf in _leaves(part, depth + 1, left)]  # type: ignore[arg-type, union-attr]
    if message.get_content_subtype() == "alternative" and any(map(_says_it_plainly, inner)):
        # The same words twice: the plain ones are enough.
        inner = [leaf for leaf in inner if leaf.get_content_type() != "text/html"]
    yield from inner


def _says_it_plainly(part: Message) -> bool:
    return part.get_content_type() == "text/plain" and not _is_file(part) and bool(_words(part))


def _words(part: Message) -> str:
    return text_of_html(_text(part)) if part.get_content_type() == "text/html" else tidy(_text(part))


def _is_file(part: Message) -> bool:
    if part.is_multipart() or part.get_content_disposition() == "attachment":
        return True
    if part.get_content_type() in ("text/plain", "text/html"):
        return bool(part.get_filename()) and part.get_content_disposition() == "inline"
    return True


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")
    return decoded(data, part.get_content_charset() or "")


def _file(part: Message, number: int) -> File:
    kind = part.get_content_type()
    data = _whole(part) if part.is_multipart() else part.get_payload(decode=True)
    name = PurePath(header_text(part.get_filename() or "").replace("\\", "/").replace("\x00", "")).name
    if not name:
        ending = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind) or ".bin"
        name = f"attachment-{number}{ending}"
    return File(clean(name)[-200:], kind[:120], data if isinstance(data, bytes) else b"")


def _whole(part: Message) -> bytes:
    """A message that was forwarded as a file; without its own envelope."""
    inner = part.get_payload()
    whole = inner[0] if isinstance(inner, list) and inner and part.get_content_type() == "message/rfc822" else part
    return whole.as_bytes()
