"""Which encoding a text file has. Deterministic rules for the ones that real exports use; a library for the rest.

UTF-8 is proved over the whole file. Of the others GB18030, Windows-1251 and Windows-1252 accept almost any bytes, so
what they decode to is weighed: common characters for Chinese, the case pattern of words for Russian.
"""

import codecs
import re
from pathlib import Path

from records.imports.problems import FileProblem

# Offered on the page, in this order.
OFFERED = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GB18030 (简体中文)",
    "cp1251": "Windows-1251 (Кириллица)",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "big5": "Big5 (繁體中文)",
    "shift_jis": "Shift JIS",
    "euc_kr": "EUC-KR",
    "koi8_r": "KOI8-R",
    "cp866": "CP866 (DOS)",
    "iso8859_2": "ISO 8859-2",
    "mac_cyrillic": "Mac Cyrillic",
}
_RARE = frozenset({"cp1250", "big5", "shift_jis", "euc_kr", "koi8_r", "cp866", "iso8859_2", "mac_cyrillic"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8]+")
_RUSSIAN_WORD = re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")


def guess_encoding(path: Path) -> str:
    """A codec's name. Raises FileProblem for bytes that are none, or UTF-8 that is broken somewhere."""
    with open(path, "rb") as file:
        head = file.read(_SAMPLE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if b"\0" in head:
        return _sixteen_bits(head)
    broken_at = first_error(path, "utf-8")
    if broken_at is None:
        return "utf-8-sig"
    sample = _telling_lines(path)
    if _is_broken_utf8(sample):
        raise FileProblem("encoding", line=broken_at, encoding="UTF-8")
    return _legacy(sample)


def encoding_of(data: bytes) -> str:
    """A codec's name for bytes in memory that do not say how they are encoded; never fails."""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    lines = [line for line in data[:_SAMPLE].splitlines(keepends=True) if not line.isascii()]
    try:
        return _legacy(b"".join(lines)) if lines else "latin-1"
    except FileProblem:
        return "latin-1"


def first_error(path: Path, encoding: str) -> int | None:
    """The number of the first line that does not decode, or None. Also finds zero bytes, which no table has."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            if "\0" in text:
                raise FileProblem("nul", line=line + text[: text.index("\0")].count("\n"))
            line += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _sixteen_bits(head: bytes) -> str:
    """UTF-16 without a mark: ASCII characters have their zero on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    total = even + odd
    is_whole = len(head) % 2 == 0 or len(head) == _SAMPLE
    if is_whole and total > 1 and total * 20 >= len(head) and max(even, odd) >= total * 0.95:
        return "utf-16-be" if even > odd else "utf-16-le"
    raise FileProblem("nul", line=head[: head.index(0)].count(b"\n") + 1)


def _telling_lines(path: Path) -> bytes:
    """Up to 256 kB of the lines that hold something beyond ASCII: they decide, wherever in the file they stand."""
    kept, size, rest = [], 0, b""
    with open(path, "rb") as file:
        while size < _SAMPLE and (chunk := file.read(_CHUNK)):
            lines = (rest + chunk).splitlines(keepends=True)
            rest = lines.pop() if lines and not lines[-1].endswith((b"\n", b"\r")) else b""
            for line in lines:
                if not line.isascii():
                    kept.append(line)
                    size += len(line)
    if not rest.isascii():
        kept.append(rest)
    return b"".join(kept)[: _SAMPLE * 2]


def _is_broken_utf8(sample: bytes) -> bool:
    """Mostly well-formed multi-byte characters with a few broken ones: UTF-8 that was damaged, not another encoding."""
    whole = _MULTIBYTE.findall(sample)
    high = sum(byte > 127 for byte in sample)
    return len(whole) >= 3 and sum(map(len, whole)) >= high * 0.75


def _legacy(sample: bytes) -> str:
    chinese, russian = _chinese_share(sample), _russian_share(sample)
    if chinese >= 0.7 and chinese >= russian:
        return "gb18030"
    if russian >= 0.7:
        return "cp1251"
    if _is_western(sample):
        return "cp1252"
    return _by_library(sample)


def _chinese_share(sample: bytes) -> float:
    """How many of the double bytes are everyday characters or full-width punctuation (GB 2312 level 1)."""
    # The sample may end in the middle of a character.
    for cut in (sample, sample[:-1], sample[:-2], sample[:-3]):
        try:
            text = cut.decode("gb18030")
        except UnicodeDecodeError:
            continue
        high = [character for character in text if ord(character) > 127]
        return sum(map(_is_everyday, high)) / len(high) if high else 0.0
    return 0.0


def _is_everyday(character: str) -> bool:
    code = character.encode("gb18030")
    return len(code) == 2 and (0xA1 <= code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7) and code[1] >= 0xA1


def _russian_share(sample: bytes) -> float:
    """How many runs of high letters are words as Russian writes them; single letters prove nothing."""
    runs = [run.decode("cp1251") for run in _HIGH_RUN.findall(sample) if len(run) > 1]
    alone = sum(1 for run in _HIGH_RUN.findall(sample) if len(run) == 1)
    if not runs or alone > 2 * len(runs):
        return 0.0
    letters = sum(map(len, runs))
    return sum(len(run) for run in runs if _RUSSIAN_WORD.fullmatch(run)) / letters


def _is_western(sample: bytes) -> bool:
    """Single accented letters among ASCII ones, and none of the five bytes that Windows-1252 leaves unassigned."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [character for character in text if ord(character) > 127]
    letters = [
        character
        for character in high
        if character in "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ"
    ]
    marks = [character for character in high if character in "€‚„…‘’“”•–—™©®°«»·¿¡£§´±²³½¼¾ºª\u00a0×"]
    return len(letters) + len(marks) >= 0.9 * len(high)


def _by_library(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:32_768], cp_isolation=sorted(_RARE | {"cp1251", "cp1252", "gb18030"})).best()
    if best is None:
        raise FileProblem("unknown_encoding")
    return best.encoding
