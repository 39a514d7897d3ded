from crm import heartbeat
from records.models import SavedView
from tests.guards.url_matrix import row


def beating(people):
    heartbeat.beat_once()
    return {}


def customers(_people):
    return {"name": "customers"}


def alices_view(people):
    view = SavedView.objects.create(list_name="customers", owner=people["alice"], name="Mine", share="all")
    return {"name": "customers", "pk": view.pk}


LISTS = [
    row("forms:lookup", lambda _people: {"name": "person"}),
    row("lists:filters", customers, ada=403, nobody=403),
    row("lists:count", customers, ada=403, nobody=403),
    row("lists:columns", customers, ada=403, nobody=403),
    row("lists:columns", customers, method="post", data={"columns": "name"}, everybody=302, ada=403, nobody=403),
    row("lists:views", customers, ada=403, nobody=403),
    row(
        "lists:views",
        customers,
        method="post",
        data={"name": "Own", "share": "none"},
        everybody=302,
        ada=403,
        nobody=403,
    ),
    row("lists:opening", customers, method="post", everybody=302, ada=403, nobody=403),
    row("lists:view_save", alices_view, method="post", everybody=404, alice=302, ada=403, nobody=403),
    row("lists:view_delete", alices_view, method="post", everybody=404, alice=302, ada=403, nobody=403),
]

ROWS = [
    row("healthz", anonymous=200),
    row("metrics", everybody=404, anonymous=404),
    row("readyz", beating, anonymous=200),
    *LISTS,
]
