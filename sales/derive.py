"""State and life cycle at once, in the transaction of the verb that opened, closed or confirmed something."""

from django.db import connection

from sales.derive_sql import COUNTS, CUSTOMER, LIFE_CYCLE, ORDER, STATE

_AT_ONCE = f"""
WITH derived AS (
    SELECT c.id, {STATE} AS state, {LIFE_CYCLE} AS life_cycle
    FROM {CUSTOMER} c CROSS JOIN LATERAL (
        SELECT count(*) AS orders FROM {ORDER} WHERE customer_id = c.id AND deleted_at IS NULL AND {COUNTS}
    ) o WHERE c.id = ANY(%(ids)s)
)
UPDATE {CUSTOMER} c SET state = d.state, life_cycle = d.life_cycle FROM derived d
WHERE c.id = d.id AND (c.state, c.life_cycle) IS DISTINCT FROM (d.state, d.life_cycle)
"""


def derive_standing(ids: list[int]) -> None:
    """The verb's own event tells of it; the grade waits for the night, since it depends on all customers."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_ONCE, {"ids": ids})
