"""Who gets what at the addresses of the pool."""

from customers.models import Pool, RecycleRule
from tests.customers.makers import customer
from tests.guards.url_matrix import row


def pooled(people):
    return {"pk": customer().pk}


def alices(people):
    return {"pk": customer(owner=people["alice"]).pk}


def pool(people):
    return {"pk": Pool.default().pk}


def rule(people):
    return {"pk": RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30).pk}


def team_rule(people):
    teams = [people["alice"].team_id]
    return {"pk": RecycleRule.objects.create(pool=Pool.default(), name="Cold", idle_days=30, teams=teams).pk}


def to_bob(people):
    return {"to": people["bob"].pk}


def ids(people):
    return {"ids": [customer().pk]}


RULERS = {"everybody": 403, "tess": 200, "olga": 200}
CLAIMERS = {"everybody": 403, "alice": 200, "bob": 200, "charlie": 200, "tess": 200}

POOL_ROWS = [
    row("customers:pool", ada=403, finn=403, nobody=403),
    row("customers:claim", pooled, method="post", everybody=403, alice=302, bob=302, charlie=302, tess=302),
    row("customers:claim_many", method="post", data=ids, **CLAIMERS),
    row("customers:assign_many", method="post", data=ids, **RULERS),
    row(
        "customers:release", alices, method="post", data={"reason": "no_need"},
        everybody=404, alice=302, tess=302, olga=302, erin=403, finn=403,
    ),
    row(
        "customers:assign", alices, method="post", data=to_bob,
        everybody=404, alice=403, tess=302, olga=302, erin=403, finn=403,
    ),
    row("customers:pool_rules", **RULERS),
    row("customers:alert_limits", everybody=403, olga=200),
    row("customers:protection_limits", everybody=403, olga=200),
    row("customers:recycle_rule_create", **RULERS),
    row("customers:recycle_rule", rule, everybody=404, olga=200),
    row("customers:recycle_rule", team_rule, everybody=404, olga=200, tess=200),
    row(
        "customers:recycle_rules_order", method="post",
        data=lambda _p: {"seen": ",".join(str(r.pk) for r in RecycleRule.objects.order_by("order", "pk"))},
        everybody=403, olga=302,
    ),
    row("customers:recycle_rule_switch", team_rule, method="post", everybody=404, olga=302, tess=302),
    row("customers:recycle_rule_simulate", team_rule, method="post", everybody=404, olga=302, tess=302),
    row("customers:recycle_rule_simulated", team_rule, everybody=404, olga=302, tess=302),
    row("customers:recycle_rule_delete", team_rule, method="post", everybody=404, olga=302, tess=302),
    row("customers:pool_create", everybody=403, olga=200),
    row("customers:pool_edit", pool, everybody=404, olga=200),
    row("customers:pool_run", method="post", everybody=403, olga=302),
]  # fmt: skip
