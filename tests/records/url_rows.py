from tests.customers import makers
from tests.guards.url_matrix import row


def kind(people):
    return {"kind": "customer"}


def deleted_customer(people):
    customer = makers.customer(owner=people["alice"])
    customer.trash(by=people["alice"])
    return {"kind": "customer", "pk": customer.pk}


NO_TRASH = {"erin": 404, "ada": 404, "finn": 404, "nobody": 404}

ROWS = [
    row("records:search"),
    row("records:trash", **NO_TRASH),
    row("records:trash_of", kind, **NO_TRASH),
    row("records:restore", deleted_customer, method="post", everybody=404, alice=302, tess=302, olga=302),
]
