from sales.lines import add_line
from tests.guards.url_matrix import row
from tests.sales import makers
from tests.sales.document_url_rows import DOCUMENT_ROWS
from tests.sales.rule_url_rows import RULE_ROWS


def opportunity(people):
    return {"pk": makers.opportunity(owner=people["alice"]).pk}


def closed(people):
    made = makers.opportunity(owner=people["alice"])
    made.lose(makers.reason(), by=people["alice"])
    return {"pk": made.pk}


def trashed(people):
    made = makers.opportunity(owner=people["alice"])
    made.trash(by=people["alice"])
    return {"pk": made.pk}


def line(people):
    made = makers.opportunity(owner=people["alice"])
    return {"pk": made.pk, "line_pk": add_line(made, makers.product(), by=people["alice"]).pk}


def product(people):
    return {"pk": makers.product().pk}


def trashed_product(people):
    made = makers.product()
    made.trash(by=people["olga"])
    return {"pk": made.pk}


def stage(people):
    return {"stage": makers.stage(2).pk, "seen": makers.stage(1).pk}


SEES = {"bob": 404, "charlie": 404, "ada": 404, "finn": 404, "nobody": 404}
WORKS = {**SEES, "erin": 403}
DOES = {"everybody": 302, **WORKS}
NO_OPPORTUNITIES = {"ada": 403, "finn": 403, "nobody": 403}
NO_PRODUCTS = {"ada": 403, "nobody": 403}
ONLY_OLGA = {"everybody": 403, "ada": 404, "nobody": 404}

ROWS = [
    *DOCUMENT_ROWS,
    *RULE_ROWS,
    row("sales:board", **NO_OPPORTUNITIES),
    row("sales:board_sums", **NO_OPPORTUNITIES),
    row("sales:board_column", **NO_OPPORTUNITIES, everybody=404),
    row("sales:opportunity_list", **NO_OPPORTUNITIES),
    row("sales:opportunity_create", **NO_OPPORTUNITIES, erin=403),
    row("sales:opportunity_detail", opportunity, **SEES),
    row("sales:opportunity_menu", opportunity, **SEES),
    row("sales:opportunity_edit", opportunity, **WORKS),
    row("sales:opportunity_move", opportunity, method="post", data=stage, **DOES),
    row("sales:opportunity_win", opportunity, method="post", **DOES),
    row("sales:opportunity_lose", opportunity, method="post", data={"reason": "price"}, **DOES),
    row("sales:opportunity_reopen", closed, method="post", **DOES),
    row(
        "sales:opportunity_assign", opportunity, method="post",
        data=lambda people: {"owner": people["bob"].pk}, **{**DOES, "alice": 403},
    ),
    row("sales:opportunity_delete", opportunity, method="post", **DOES),
    row("sales:opportunity_restore", trashed, method="post", **{**DOES, "erin": 404}),
    row("sales:line_add", opportunity, **WORKS),
    row("sales:line_change", line, **WORKS),
    row("sales:line_remove", line, method="post", **DOES),
    row("sales:product_list", **NO_PRODUCTS),
    row("sales:product_create", everybody=403, olga=200),
    row("sales:product_detail", product, ada=404, nobody=404),
    row("sales:product_edit", product, **ONLY_OLGA, olga=200),
    row("sales:product_delete", product, method="post", **ONLY_OLGA, olga=302),
    row("sales:product_restore", trashed_product, method="post", everybody=404, olga=302),
]  # fmt: skip
