"""What search reads of a record: built by the verbs, and in bulk by import and seed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from crm import normalise


@dataclass(frozen=True)
class Text:
    """Everything by which one record is found: its names, and codes (e-mails, phones as E.164, numbers)."""

    record_id: int
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()


_COLUMNS = "record_id, name_key, initials, grams, codes"
# A text array cannot be unnested by the row, so the grams travel as one text.
_PUT = """
INSERT INTO {table} ({columns})
SELECT record_id, name_key, initials, coalesce(string_to_array(nullif(grams, ''), ' '), '{{}}')::varchar(2)[], codes
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS t(record_id, name_key, initials, grams, codes)
ON CONFLICT (record_id) DO UPDATE SET name_key = excluded.name_key, initials = excluded.initials,
       grams = excluded.grams, codes = excluded.codes
WHERE ({table}.name_key, {table}.initials, {table}.grams, {table}.codes)
      IS DISTINCT FROM (excluded.name_key, excluded.initials, excluded.grams, excluded.codes)
"""  # noqa: E501


def put(model: type[models.Model], texts: Iterable[Text]) -> None:
    """Adds or replaces search rows: one statement for all of them, which writes only those that differ."""
    rows = [columns_of(text) for text in texts]
    if not rows:
        return
    ids, names, initials, grams, codes = zip(*rows, strict=True)
    sql = _PUT.format(table=model._meta.db_table, columns=_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), list(names), list(initials), [" ".join(g) for g in grams], list(codes)])


def copy(model: type[models.Model], texts: Iterable[Text]) -> None:
    """The same for very many new records, by COPY. Fails when one of them has a row already."""
    rows = [columns_of(text) for text in texts]  # before the COPY, which holds the connection that they are read by
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({_COLUMNS}) FROM STDIN"
        with cursor.cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)


def remove(model: type[models.Model], record_ids: Iterable[int]) -> None:
    model._base_manager.filter(record_id__in=list(record_ids)).delete()


def columns_of(text: Text) -> tuple[int, str, str, list[str], str]:
    """(record id, folded names with their pinyin, initials, grams, codes)."""
    names = [name for name in text.names if name]
    keys: list[str] = []
    grams: set[str] = set()
    for name in names:
        folded = normalise.fold(name)
        keys.append(folded)
        spelled = normalise.sort_key(name)
        if spelled != folded:
            keys.append(spelled)
            grams.update(normalise.grams(name))
    initials = next((found for found in map(normalise.pinyin_initials, names) if found), "")
    return text.record_id, " ".join(keys), initials[:200], sorted(grams), " ".join(map(code, text.codes))


def code(value: Any) -> str:
    """A code as it is stored and asked: folded; a phone number as its digits."""
    value = normalise.fold(str(value))
    return normalise.phone_digits(value) if value.startswith("+") else value
