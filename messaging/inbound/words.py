"""Texts of messages as they can be stored: whatever encoding a sender used, or forgot to name."""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from html.parser import HTMLParser

from records.imports.encodings import encoding_of

# What mailers say and what they mean: they name the small set and use the great one.
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "x-sjis": "cp932",
    "shift_jis": "cp932", "big5": "big5hkscs", "koi8": "koi8_r", "cp-1251": "cp1251", "unicode": "utf-8",
}  # fmt: skip
_LINES = re.compile(r"[ \t]*\n")
_MANY_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """What the database takes: no zero bytes, no halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def decoded(data: bytes, charset: str = "") -> str:
    """Bytes as text: by the charset that was named if it fits, else by the one that does. Never fails."""
    for name in (_MEANT.get(charset.casefold(), charset), encoding_of(data)):
        try:
            return clean(data.decode(codecs.lookup(name).name))
        except (LookupError, UnicodeError, ValueError):
            continue
    return clean(data.decode(encoding_of(data), "replace"))


def header_text(raw: str) -> str:
    """A header as a person reads it, on one line: ``=?utf-8?…?=`` and bare bytes of any encoding are decoded."""
    text = decoded(raw.encode("ascii", "surrogateescape")) if _has_bytes(raw) else raw
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):  # a broken encoded word stays as it is
        parts = [(text, None)]
    words = [_word(part, charset) for part, charset in parts]
    return " ".join(clean("".join(words)).split())


def _has_bytes(raw: str) -> bool:
    """Bytes beyond ASCII stand in a parsed header as lone surrogates, and as nothing else."""
    return any("\udc80" <= character <= "\udcff" for character in raw) and all(
        character < "\x80" or "\udc80" <= character <= "\udcff" for character in raw
    )


def _word(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    if charset is None:  # what stood between the encoded words
        return part.decode("raw-unicode-escape", "replace")
    return decoded(part, charset)


def text_of_html(html: str) -> str:
    """The words of a page, its blocks as lines; links that say something else than their text stand behind it."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):  # markup that is none
        return clean(re.sub(r"<[^>]*>", " ", html))
    return tidy("".join(reader.words))


def tidy(text: str) -> str:
    """No blanks at the ends of lines, no heaps of empty lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return _MANY_LINES.sub("\n\n", _LINES.sub("\n", text)).strip()


class _Reader(HTMLParser):
    SILENT = frozenset({"script", "style", "head", "title", "template", "svg"})
    BLOCKS = frozenset("p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote hr section article pre".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag in self.BLOCKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in self.BLOCKS and tag != "br":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            # A line's end in the source is a blank on the page.
            self.words.append(re.sub(r"\s+", " ", data))
