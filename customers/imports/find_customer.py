"""To which customer a row belongs: by its number elsewhere, else by its name without legal form.

Adds nothing by itself: ``linked`` fills the stage column ``customer_id``; what fits several is left open.
"""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts import access
from customers.models import Customer
from records.imports.load import STAGE, Load
from records.imports.near import SHORTEST, Names, squeeze
from records.imports.sets import set_aside

# So many unknown names are looked up one by one; a file with more of them is about other customers.
MOST_NAMES = 300

DERIVED = {"customer_key": "text", "customer_id": "bigint"}


def link_customers(
    load: Load, *, number: str = "customer_number", name: str = "customer", nearly: bool = False
) -> None:
    """``customer_id`` of the rows in play; ``-1`` where several fit. Within the author's reach.

    ``nearly``: a name that exactly one customer nearly bears is linked and noted, or refused when strict.
    """
    reach, params = _reach(load)
    keys = ((number, "external_system = '' AND t.external_id"), (f"{name}_key", "company_key"))
    for mine, theirs in keys:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE {STAGE} s SET customer_id = m.id FROM (
                        SELECT k.value, CASE WHEN count(*) = 1 THEN min(t.id) ELSE -1 END AS id
                        FROM (SELECT DISTINCT {mine} AS value FROM {STAGE}
                              WHERE state = 'a' AND customer_id IS NULL AND coalesce({mine}, '') <> '') k
                        JOIN customers_customer t ON t.{theirs} = k.value AND t.deleted_at IS NULL {reach}
                        GROUP BY k.value) m
                    WHERE s.{mine} = m.value AND s.state = 'a' AND s.customer_id IS NULL""",
                params,
            )
    if nearly:
        _link_nearly(load, name)


def _link_nearly(load: Load, name: str) -> None:
    unknown = load.sql(
        f"""SELECT {name}, {name}_key, count(*) FROM {STAGE}
            WHERE state = 'a' AND customer_id IS NULL AND coalesce({name}_key, '') <> '' GROUP BY 1, 2
            ORDER BY min(row) LIMIT {MOST_NAMES + 1}"""
    )
    if len(unknown) > MOST_NAMES:
        return
    for text, key, count in unknown:
        found = _alike(load, key) if len(squeeze(key)) >= SHORTEST else {}
        if not found:
            continue
        if len(found) == 1 and load.strict:
            told = {"field": str(_("customer")), "value": text, "match": next(iter(found.values()))}
            params = "jsonb_build_object('field', %(field)s::text, 'value', %(value)s::text, 'match', %(match)s::text)"
            set_aside(
                load, "r", f"s.customer_id IS NULL AND s.{name} = %(value)s", "near", params, params_of=told
            )  # fmt: skip
            continue
        if len(found) == 1:
            load.notes.add("near", count, field=_("customer"), value=text, match=next(iter(found.values())))
        load.sql(
            f"UPDATE {STAGE} SET customer_id = %(id)s WHERE state = 'a' AND customer_id IS NULL AND {name} = %(text)s",
            {"id": next(iter(found)) if len(found) == 1 else -1, "text": text},
        )


def _alike(load: Load, key: str) -> dict[int, str]:
    """Customers within reach whose name without legal form is nearly this: id → name. By the index of the search."""
    reach, params = _reach(load)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.5")
        cursor.execute(
            f"""SELECT t.id, t.company_key, t.name FROM customers_customersearch f
                JOIN customers_customer t ON t.id = f.record_id
                WHERE f.name_key %%> %s AND t.deleted_at IS NULL AND t.company_key <> '' {reach}
                ORDER BY word_similarity(%s, f.name_key) DESC, t.id LIMIT 50""",
            [key, *params, key],
        )
        rows = cursor.fetchall()
    names = {pk: name for pk, _key, name in rows}
    return {pk: names[pk] for pk in Names((pk, found) for pk, found, _name in rows).near(key)}


def _reach(load: Load) -> tuple[str, tuple]:
    if load.is_everywhere:
        return "", ()
    mine = Customer._base_manager.filter(access.as_q(load.by, Customer, "view")).order_by().values("pk")
    sql, params = mine.query.sql_with_params()
    return f"AND t.id IN ({sql})", params
