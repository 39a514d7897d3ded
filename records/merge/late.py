"""What was written at a merged record by somebody who had it open at that moment goes over to the one that stands."""

from django.db import connection

from records.merge.links import links_of

# The rows of records only: what stayed behind on purpose (a twin, a choice) stays.
_LATE = """
UPDATE {table} t SET {column} = a.target_id FROM records_alias a
WHERE a.kind = %(kind)s AND a.target_kind = %(kind)s AND t.{column} = a.old_id AND {when}
"""


def follow_late(kind: str) -> int:
    """How many rows went over."""
    moved = 0
    with connection.cursor() as cursor:
        for _name, link in links_of(kind):
            if link.of and link.of != kind:
                cursor.execute(_LATE.format(table=link.table, column=link.column, when=link.when), {"kind": kind})
                moved += cursor.rowcount
    return moved
