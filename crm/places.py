"""Countries and languages as choices, named in the reader's language."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# Those in which people write to us; a lead's language need not be one of the product's.
LANGUAGES = (
    "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "kk", "ko", "nl", "no",
    "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "uz", "vi", "zh",
)  # fmt: skip


def countries() -> list[tuple[str, str]]:
    return list(_countries(_reader()))


def country_name(code: str) -> str:
    """What is no code of a country stands as it is."""
    return dict(countries()).get(code, code)


def languages() -> list[tuple[str, str]]:
    return list(_languages(_reader()))


def _reader() -> str:
    return {"zh": "zh_Hans", "ru": "ru"}.get((get_language() or "en")[:2], "en")


@lru_cache(maxsize=4)
def _countries(reader: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(reader).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NONE]
    return tuple(sorted(found, key=lambda pair: pair[1]))


@lru_cache(maxsize=4)
def _languages(reader: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(reader).languages
    return tuple(sorted(((code, names[code].capitalize()) for code in LANGUAGES), key=lambda pair: pair[1]))


# Regions of CLDR that are no countries.
_NONE = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
