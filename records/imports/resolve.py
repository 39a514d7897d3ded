"""From words to records of ours: people, dictionary entries, countries, products, stages.

Exactly one near match is taken and noted; ``strict`` refuses the row instead; several are left empty to be settled.
Each distinct value is looked up once.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from accounts import access
from accounts.models import User
from crm.normalise import fold
from records.imports.importables import ImportColumn
from records.imports.near import Names
from records.imports.reasons import BadValue
from records.models import DictionaryEntry

if TYPE_CHECKING:
    from records.imports.load import Load

_COUNTRY_WORDS = {
    "US": ("usa", "u.s.", "u.s.a.", "america", "united states of america", "сша", "美国", "美國"),
    "GB": ("uk", "u.k.", "england", "scotland", "wales", "great britain", "великобритания", "англия", "英国"),
    "KR": ("korea", "republic of korea", "韩国", "корея"),
    "RU": ("russia", "russian federation", "россия", "рф", "российская федерация", "俄罗斯"),
    "CN": ("china", "prc", "p.r. china", "中国", "中华人民共和国", "кнр"),
    "CZ": ("czech republic", "чехия"),
    "NL": ("holland", "голландия"),
    "TW": ("taiwan", "台湾"), "HK": ("hong kong", "香港"), "VN": ("vietnam", "viet nam"), "TR": ("turkey",),
    "AE": ("uae", "оаэ"),
}  # fmt: skip


def resolver_of(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    find = {"person": _person, "dictionary": _dictionary, "country": _country, "match": _match, "choice": _choice}
    return find[column.type](column, load)


def settle(
    text: str, names: Names, column: ImportColumn, load: "Load", missing: str = "none", make: Callable | None = None
) -> Any:
    """One exact match, else one near match (noted, or refused when strict), else ``make`` or nothing (to settle)."""
    exact = names.exact(text)
    if len(exact) == 1:
        return exact[0]
    found = exact or names.near(text)
    if len(found) == 1:
        if load.strict:
            raise BadValue("near", field=column.label, value=text, match=names.label(found[0]))
        load.notes.add("near", field=column.label, value=text, match=names.label(found[0]))
        return found[0]
    if found:
        return _left_open("several", text, column, load)
    if make is not None:
        return make(text)
    return _left_open(missing, text, column, load)


def _left_open(code: str, text: str, column: ImportColumn, load: "Load") -> None:
    if load.strict:
        raise BadValue("several" if code == "several" else "unknown", field=column.label, value=text)
    if column.required:
        raise BadValue("several" if code == "several" else "unknown", field=column.label, value=text)
    load.notes.add(code, field=column.label, value=text)


def _person(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    people = User.objects.active().values_list("pk", "name", "username", "email")
    names = Names(people.order_by("pk"))
    return lambda text: settle(text, names, column, load, missing="nobody")


def _match(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    names = Names(load.importable.candidates[column.of](load))
    return lambda text: settle(text, names, column, load)


def _dictionary(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    entries = DictionaryEntry.objects.filter(list=column.of).order_by("order", "pk")
    names = Names(entries.values_list("pk", "name", "name_zh", "name_ru", "code"))
    may_add = load.by is None or access.allows(load.by, "change", "dictionary")

    # Negative numbers stand for entries that are added once the rows are staged: COPY holds the connection.
    def make(text: str) -> int:
        load.notes.add("new_entry", field=column.label, value=text)
        load.new_entries.append((column, text))
        return -len(load.new_entries)

    return lambda text: settle(text, names, column, load, make=make if may_add else None)


def add_new_entries(load: "Load") -> None:
    """Puts the true ids where the placeholders stand; the same new word in two columns of a list is one entry."""
    added: dict[tuple[str, str], int] = {}
    for place, (column, text) in enumerate(load.new_entries, start=1):
        key = (column.of, fold(text))
        asked = {"place": -place}
        if not load.sql(
            f"""SELECT 1 FROM import_stage WHERE state = 'a' AND "{column.name}" = %(place)s LIMIT 1""", asked
        ):
            load.notes.drop("new_entry", field=column.label, value=text)  # only refused rows name it
            continue
        if key not in added and not load.dry_run:
            added[key] = _add_entry(column.of, text).pk
        load.sql(
            f'UPDATE import_stage SET "{column.name}" = %(entry)s WHERE "{column.name}" = %(place)s',
            {"entry": added.get(key), "place": -place},
        )


def _add_entry(of: str, name: str) -> DictionaryEntry:
    base = slugify(" ".join(lazy_pinyin(name)))[:40] or "entry"
    taken = set(DictionaryEntry.objects.filter(list=of, code__startswith=base).values_list("code", flat=True))
    code = next(code for code in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if code not in taken)
    return DictionaryEntry.objects.create(list=of, code=code, name=name[:120], order=900)


def _country(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    names = _countries()

    def find(text: str) -> str | None:
        if len(text) == 2 and text.upper() in _codes():
            return text.upper()
        return settle(text, names, column, load)

    return find


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(code for code in Locale("en").territories if len(code) == 2 and code.isalpha())


@lru_cache(maxsize=1)
def _countries() -> Names:
    spoken = [Locale.parse(name).territories for name in ("en", "zh_Hans", "ru")]
    taken = {word: code for code, words in _COUNTRY_WORDS.items() for word in words}
    rows = []
    for code in sorted(_codes()):
        names = [each.get(code, "") for each in spoken]
        rows.append((code, *(name for name in names if taken.get(fold(name), code) == code)))
    return Names([*rows, *((code, *words) for code, words in _COUNTRY_WORDS.items())])


def _choice(column: ImportColumn, load: "Load") -> Callable[[str], Any]:
    known = {fold(word): code for code, words in column.choices.items() for word in (code, *words)}

    def find(text: str) -> str:
        code = known.get(fold(text))
        if code is None:
            raise BadValue("choice", value=text, choices=", ".join(column.choices))
        return code

    return find
