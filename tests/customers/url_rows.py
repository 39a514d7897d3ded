"""Who gets what at the addresses of this room."""

from tests.guards.url_matrix import row

ROWS = [
    row("customers:list", ada=403, nobody=403),
]
