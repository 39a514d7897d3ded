"""Keeps the indexes of the search tables quick to read."""

from django.db import connection

from records.search.kinds import searchables

EVERY = 300.0
_TIDY = """
SELECT sum(gin_clean_pending_list(i.indexrelid)) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
 WHERE m.amname = 'gin' AND i.indrelid = ANY(%s::regclass[])
"""


def tidy() -> int:
    """Puts new entries in their place, and tells how many pages of them there were.

    A GIN index collects what is written in a list of up to 4 MB, which keeps writes cheap; but each search reads all of
    it (measured: 5 ms an index), and the database itself empties it only when a fifth of the table has changed.
    """
    tables = [connection.ops.quote_name(searchable.rows._meta.db_table) for searchable in searchables]
    with connection.cursor() as cursor:
        cursor.execute(_TIDY, [tables])
        [(pages,)] = cursor.fetchall()
    return int(pages or 0)
