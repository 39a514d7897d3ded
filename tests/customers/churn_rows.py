"""Who gets what at the addresses of churn: the case is of alice's customer."""

from customers.churn.case import confirm, open_case
from customers.models import ChurnRule
from records.dictionary import entry_by_code
from tests.customers.makers import customer
from tests.guards.url_matrix import row


def case(people):
    return {"pk": open_case(customer(owner=people["alice"]), by=None).pk}


def lost(people):
    found = open_case(customer(owner=people["alice"]), by=None)
    confirm(found, entry_by_code("churn_reason", "price"), by=None)
    return {"pk": found.pk}


def alices(people):
    return {"pk": customer(owner=people["alice"]).pk}


def rule(people):
    return {"pk": ChurnRule.objects.create(name="Late", signal="order_interval").pk}


DEFERRED = {"measures": "A visit", "until": "2999-01-01"}  # refused by the verb: back to the page with a toast
CHANGERS = {"everybody": 404, "alice": 302, "tess": 302, "olga": 403, "erin": 403}
SEEN = {"everybody": 404, "alice": 200, "tess": 200, "olga": 200, "erin": 200}

CHURN_ROWS = [
    row("customers:churn", everybody=403, alice=200, bob=200, charlie=200, tess=200, olga=200, erin=200),
    row("customers:churn_case", case, **SEEN),
    row("customers:churn_defer", case, method="post", data=DEFERRED, **CHANGERS),
    row("customers:churn_confirm", case, method="post", data={"reason": "price"}, **CHANGERS),
    row("customers:churn_win_back", lost, method="post", **CHANGERS),
    row(
        "customers:churn_open", alices, method="post",
        everybody=404, alice=302, tess=302, olga=403, erin=403, finn=403,
    ),
    row("customers:churn_rules", everybody=403, olga=200),
    row("customers:churn_rule_create", everybody=403, olga=200),
    row("customers:churn_rule", rule, everybody=403, olga=200),
    row("customers:churn_rule_switch", rule, method="post", everybody=403, olga=302),
    row("customers:churn_rule_delete", rule, method="post", everybody=403, olga=302),
    row(
        "customers:churn_rules_order", method="post",
        data=lambda _p: {"seen": ",".join(str(r.pk) for r in ChurnRule.objects.order_by("order", "pk"))},
        everybody=403, olga=302,
    ),
]  # fmt: skip
