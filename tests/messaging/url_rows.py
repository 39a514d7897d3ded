"""Who gets what at the addresses of this room: everybody her own notices, nobody another's."""

from messaging.models import Notice
from tests.guards.url_matrix import row


def alices_notice(people):
    return {"pk": Notice.objects.create(user=people["alice"], kind="test", key="test").pk}


ROWS = [
    row("messaging:notices"),
    row("messaging:bell"),
    row("messaging:latest"),
    row("messaging:read_all", method="post", everybody=302),
    row("messaging:read", alices_notice, method="post", everybody=404, alice=302),
]
