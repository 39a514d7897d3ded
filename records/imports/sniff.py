"""What a file is, by its first bytes; the name only helps where the bytes say nothing."""

import re

from records.imports.problems import FileProblem

TEXT, WORKBOOK = "text", "workbook"
TEXT_NAMES = frozenset({"csv", "tsv", "tab", "txt"})
BOOK_NAMES = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods"})
ACCEPT = ".csv,.tsv,.tab,.txt,.xlsx,.xlsm,.xls,.ods"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ",
    b"SQLite format 3", b"\xfd7zXZ", b"BM6", b"ID3", b"OggS", b"RIFF", b"\xca\xfe\xba\xbe",
)  # fmt: skip
_HTML = re.compile(rb"^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|div|meta|script)\b", re.I | re.S)
_XML = re.compile(rb"^\s*(<\?xml|<svg|<rss|<feed)", re.I)
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27, 0, 26, 28, 29, 30, 31})


def sniff(head: bytes, name: str) -> str:
    """``TEXT`` or ``WORKBOOK``; anything else is refused. ``head``: the first 64 kB."""
    if not head.strip():
        raise FileProblem("empty")
    if head.startswith(_OLE) or head.startswith(b"PK\x03\x04"):
        return WORKBOOK
    _refuse_markup(head)
    ending = name.rpartition(".")[2].lower()
    if head.startswith(_FOREIGN) or ending not in TEXT_NAMES | BOOK_NAMES or _looks_binary(head):
        raise FileProblem("wrong_type")
    return TEXT


def _refuse_markup(head: bytes) -> None:
    # Also in UTF-16: without the zero bytes the tags read the same.
    plain = head[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _HTML.match(plain):
        raise FileProblem("html")
    if _XML.match(plain):
        raise FileProblem("html" if b"<html" in plain.lower() else "wrong_type")


def _looks_binary(head: bytes) -> bool:
    if b"\0" in head:  # UTF-16, or damaged: told apart where the encoding is guessed
        return False
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls > len(head) // 50
