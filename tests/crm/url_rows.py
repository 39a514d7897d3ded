from crm import heartbeat
from tests.guards.url_matrix import row


def beating(people):
    heartbeat.beat_once()
    return {}


ROWS = [
    row("healthz", anonymous=200),
    row("readyz", beating, anonymous=200),
]
