"""Bank account numbers of the IBAN kind (ISO 13616): two letters, two check digits, the account."""

import re

_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def looks_like_iban(text: str) -> bool:
    return bool(re.match(r"[A-Z]{2}\d{2}", _plain(text)))


def is_iban(text: str) -> bool:
    """Whether the check digits fit: with letters as 10–35 and its head moved to the end it is 1 modulo 97."""
    plain = _plain(text)
    if not _SHAPE.fullmatch(plain):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def spaced(text: str) -> str:
    """In groups of four, as on paper."""
    plain = _plain(text)
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()
