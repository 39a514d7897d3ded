from crm import heartbeat
from records.models import Batch, SavedView
from tests.customers import makers
from tests.guards.url_matrix import row


def beating(people):
    heartbeat.beat_once()
    return {}


def customers(_people):
    return {"name": "customers"}


def alices_view(people):
    view = SavedView.objects.create(list_name="customers", owner=people["alice"], name="Mine", share="all")
    return {"name": "customers", "pk": view.pk}


def tagging(people):
    makers.customer(owner=people["alice"])
    return {"name": "customers", "action": "tag"}


def alices_batch(people):
    batch = Batch.start("bulk_tag", by=people["alice"], params={"list": "customers"})
    batch.finish()
    return {"name": "customers", "pk": batch.pk}


ALL = {"scope": "filter"}
LISTS = [
    row("lists:bulk", tagging, method="post", data=ALL, erin=403, ada=403, finn=403, nobody=403),
    row("lists:batch", alices_batch, everybody=404, alice=200, ada=403, nobody=403),
    row("lists:undo", alices_batch, method="post", everybody=404, alice=302, ada=403, nobody=403),
    row("lists:download", alices_batch, everybody=404, ada=403, nobody=403),
    row("lists:export", customers, ada=403, finn=403, nobody=403),
    row("lists:export", customers, method="post", ada=403, finn=403, nobody=403),
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
