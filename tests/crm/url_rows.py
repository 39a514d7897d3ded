from tests.guards.url_matrix import row

ROWS = [
    row("healthz", anonymous=200),
    row("readyz", anonymous=200),
]
