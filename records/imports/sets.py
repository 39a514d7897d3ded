"""The statements that every kind needs over the stage table: duplicates, reach, numbers, rows, changes, events."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from accounts import access
from records.imports.load import STAGE, Load


def set_aside(
    load: Load, state: str, where: str, code: str, params: str = "'{}'::jsonb", extra: str = "",
    params_of: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Skips (``s``) or refuses (``r``) the rows still in play that fit. ``params``: SQL of the reason's parameters.

    ``params_of``: values for the placeholders of ``where`` and ``params``.
    """
    load.sql(
        f"""UPDATE {STAGE} s SET state = '{state}',
                   reason = jsonb_build_array(jsonb_build_array('{code}'::text, {params}))
            {extra} WHERE s.state IN ('a', 'u') AND {where}""",
        params_of,
    )


def same_in_file(load: Load, *keys: str, unless: str = "false") -> None:
    """Of rows with one key the first counts. ``keys``: SQL over the stage row ``s``; empty or null says nothing.

    ``unless``: SQL over ``s`` and ``d`` (the first row) that tells two rows apart in spite of the key.
    """
    for key in keys:
        set_aside(
            load, "s", f"d.row = s.row AND d.first_row <> s.row AND NOT ({unless})", "same_in_file",
            "jsonb_build_object('row', d.first_row)",
            f"""FROM (SELECT s.row, first_value(s.row) OVER w AS first_row, {_firsts(load)}
                      FROM {STAGE} s WHERE s.state = 'a' AND coalesce(({key})::text, '') <> ''
                      WINDOW w AS (PARTITION BY {key} ORDER BY s.row)) d""",
        )  # fmt: skip


def _firsts(load: Load) -> str:
    has_number = load.importable.column("external_id") is not None
    return f"first_value({'s.external_id' if has_number else 'NULL::text'}) OVER w AS first_external_id"


def match(load: Load, model: type[models.Model], keys: Mapping[str, str], *, only: str = "true") -> None:
    """Finds the record that a row is: one equality join per key; the first key that hits, the oldest record.

    ``keys``: SQL over the stage row ``s`` → SQL over the record ``t``.
    """
    live = "t.deleted_at IS NULL" if _has(model, "deleted_at") else "true"
    for mine, theirs in keys.items():
        # The index of numbers leads with their system; files name none.
        system = "t.external_system = ''" if theirs == "t.external_id" and _has(model, "external_system") else "true"
        load.sql(
            f"""UPDATE {STAGE} s SET target = m.id FROM (
                    SELECT s.row, min(t.id) AS id FROM {STAGE} s JOIN {model._meta.db_table} t ON {theirs} = {mine}
                    WHERE s.state = 'a' AND s.target IS NULL AND coalesce(({mine})::text, '') <> ''
                      AND {live} AND {system} AND {only}
                    GROUP BY s.row) m
                WHERE m.row = s.row"""
        )


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def decide(load: Load, model: type[models.Model], *, keeps: bool = False) -> None:
    """What happens to rows that exist: skipped or updated; outside the author's reach neither is told apart.

    ``keeps``: a record of this kind is never changed by a file, whatever was chosen for duplicates.
    """
    _skip_trashed(load, model)
    if not load.is_everywhere:
        _refuse_out_of_reach(load, model)
    if load.on_duplicate == "update" and not keeps:
        load.sql(f"UPDATE {STAGE} SET state = 'u' WHERE state = 'a' AND target IS NOT NULL")
        same_target(load)
    else:
        set_aside(load, "s", "s.target IS NOT NULL", "exists")


def _skip_trashed(load: Load, model: type[models.Model]) -> None:
    """A number that lies in the trash is taken: restoring brings that record back."""
    if not (_has(model, "external_system") and _has(model, "deleted_at")):
        return
    set_aside(
        load, "s", "s.target IS NULL AND s.external_id IS NOT NULL AND EXISTS ("
        f"SELECT 1 FROM {model._meta.db_table} t WHERE t.external_system = '' AND t.external_id = s.external_id"
        " AND t.deleted_at IS NOT NULL)",
        "in_trash",
    )  # fmt: skip


def same_target(load: Load) -> None:
    """Two rows of the file that are one record here: the first updates it."""
    set_aside(
        load, "s", "d.row = s.row AND d.first_row <> s.row", "same_in_file", "jsonb_build_object('row', d.first_row)",
        f"""FROM (SELECT row, first_value(row) OVER (PARTITION BY target ORDER BY row) AS first_row
                  FROM {STAGE} WHERE state = 'u') d""",
    )  # fmt: skip


def _refuse_out_of_reach(load: Load, model: Any) -> None:
    if not hasattr(model, "access"):
        return
    mine = model._base_manager.filter(access.as_q(load.by, model, "change")).order_by().values("pk")
    sql, params = mine.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {STAGE} SET state = 'r', reason = '[["out_of_reach", {{}}]]'::jsonb
                WHERE state = 'a' AND target IS NOT NULL AND target NOT IN ({sql})""",
            params,
        )


def check_owners(load: Load, column: str = "owner") -> None:
    """An author with bounds gives records only to people within them; rows without owner are given to the default."""
    if not load.is_everywhere:
        allowed = list(access.people_in_reach(load.by, load.importable.right, "import").values_list("pk", flat=True))
        ids = ", ".join(map(str, [*allowed, 0]))
        set_aside(load, "r", f"s.{column} IS NOT NULL AND s.{column} NOT IN ({ids})", "not_yours_to_give")
    if load.owner is not None:
        changed = load.sql(
            f"""WITH u AS (UPDATE {STAGE} SET {column} = %(owner)s WHERE state = 'a' AND {column} IS NULL RETURNING 1)
                SELECT count(*) FROM u""",
            {"owner": load.owner.pk},
        )[0][0]
        if changed and load.owner != load.by:
            load.notes.add("owner_default", changed, value=load.owner)


def number(load: Load, model: type[models.Model]) -> None:
    """The ids of the new records, in the order of the file."""
    load.sql(
        f"""UPDATE {STAGE} s SET target = n.id FROM (
                SELECT row, nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id')) AS id
                FROM (SELECT row FROM {STAGE} WHERE state = 'a' ORDER BY row) o) n
            WHERE n.row = s.row"""
    )
    load.sql(f"ANALYZE {STAGE}")


def insert(
    load: Load, model: type[models.Model], values: Mapping[str, str], *, source: str = f"{STAGE} s WHERE s.state = 'a'",
    params: dict[str, Any] | None = None, conflict: str = "",
) -> int:  # fmt: skip
    """One INSERT … SELECT. ``values``: attribute → SQL over ``s``; what is not named gets the model's default."""
    told = dict(params or {})
    columns, expressions = [], []
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue
        if field.attname in values:
            expression = values[field.attname]
            if not field.null and _is_text(field):
                expression = f"coalesce({expression}, '')"
        elif field.primary_key or field.has_db_default():
            continue
        else:
            told[f"default_{field.attname}"] = _default(field)
            expression = f"%(default_{field.attname})s"
        columns.append(f'"{field.column}"')
        expressions.append(f"({expression})::{_type(field)}")
    return load.sql(
        f"""WITH added AS (INSERT INTO {model._meta.db_table} ({", ".join(columns)})
                SELECT {", ".join(expressions)} FROM {source} {conflict} RETURNING 1)
            SELECT count(*) FROM added""",
        told,
    )[0][0]


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def _type(field: Any) -> str:
    return field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)


def _default(field: Any) -> Any:
    value = field.get_default()
    return field.get_db_prep_save(value, connection) if value is not None else None


def update(load: Load, model: type[models.Model], values: Mapping[str, str], *, customer: str = "NULL") -> None:
    """Changes the matched rows where the file has another value; empty cells overwrite nothing.

    ``values``: attribute → stage column. Every change is told field by field, so that the batch can be undone. Rows
    without a difference are skipped. ``customer``: SQL over the record ``t``, for the customer's timeline.
    """
    if load.on_duplicate != "update" or not values:
        return
    table = model._meta.db_table
    columns = {field.attname: field for field in model._meta.concrete_fields}
    fields = {columns[name]: stage for name, stage in values.items()}
    pairs = ", ".join(f'(\'{f.name}\', to_jsonb(t."{f.column}"), to_jsonb(s."{c}"))' for f, c in fields.items())
    load.sql(
        f"SELECT t.id FROM {table} t JOIN {STAGE} s ON s.target = t.id AND s.state = 'u' ORDER BY t.id FOR UPDATE OF t"
    )
    load.sql("DROP TABLE IF EXISTS import_change")
    load.sql(
        f"""CREATE TEMP TABLE import_change ON COMMIT DROP AS
            SELECT s.target, {customer} AS customer_id, f.field, f.before, f.after
            FROM {STAGE} s JOIN {table} t ON t.id = s.target
            CROSS JOIN LATERAL (VALUES {pairs}) f(field, before, after)
            WHERE s.state = 'u' AND coalesce(f.after, 'null') <> 'null' AND f.before IS DISTINCT FROM f.after"""
    )
    set_aside(
        load, "s", "s.state = 'u' AND NOT EXISTS (SELECT 1 FROM import_change c WHERE c.target = s.target)", "unchanged"
    )
    if load.dry_run:
        return
    sets = ", ".join(f'"{f.column}" = coalesce(s."{c}", t."{f.column}")' for f, c in fields.items())
    load.sql(f"UPDATE {table} t SET {sets} FROM {STAGE} s WHERE s.state = 'u' AND s.target = t.id")
    _log_changes(load)


def _log_changes(load: Load) -> None:
    load.sql(
        """WITH told AS (
               INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
               SELECT %(now)s, %(by)s, 'change', %(kind)s, target, max(customer_id), %(batch)s,
                      jsonb_build_object('fields', jsonb_agg(field))
               FROM import_change GROUP BY target RETURNING id, subject_id)
           INSERT INTO records_change (event_id, field, before, after)
           SELECT t.id, c.field, c.before, c.after FROM told t JOIN import_change c ON c.target = t.subject_id""",
        {"kind": load.importable.kind},
    )


def log(load: Load, *, customer: str = "NULL", facts: str = "'{}'::jsonb") -> None:
    """One event per added row."""
    load.sql(
        f"""INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
            SELECT %(now)s, %(by)s, 'import', %(kind)s, s.target, {customer}, %(batch)s, jsonb_strip_nulls({facts})
            FROM {STAGE} s WHERE s.state = 'a'""",
        {"kind": load.importable.kind},
    )


def portions(load: Load, size: int = 5_000, state: str = "a") -> list[list[int]]:
    """The ids of the rows in a state, for what can only be done in Python."""
    ids = [
        row[0]
        for row in load.sql(f"SELECT target FROM {STAGE} WHERE state = %(state)s ORDER BY target", {"state": state})
    ]
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
