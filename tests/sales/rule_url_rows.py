from decimal import Decimal

from django.utils import timezone

from sales.models import ExchangeRate, Pipeline, Price, PriceList, Stage
from sales.pipelines.change import create_pipeline
from tests.guards.url_matrix import row
from tests.sales import makers


def pipeline(people):
    return {"pk": Pipeline.objects.get(code="default").pk}


def new_pipeline(people):
    like = Pipeline.objects.get(code="default")
    return {"pk": create_pipeline(by=people["olga"], like=like, name="Other").pk}


def stage(people):
    return {"pk": Stage.objects.filter(pipeline__code="default").first().pk}


def retired(people):
    first, second = Stage.objects.filter(pipeline__code="default")[:2]
    Stage.objects.filter(pk=first.pk).update(retired_at=timezone.now(), retired_into=second)
    return {"pk": first.pk}


def way(people):
    first, second = Stage.objects.filter(pipeline__code="default")[:2]
    return {"pk": second.pk, "source": first.pk}


def seen(rows):
    return {"seen": ",".join(str(pk) for pk in rows.values_list("pk", flat=True))}


RULES = {"everybody": 403, "olga": 200}
RULES_POST = {"everybody": 403, "olga": 302}


def price_list(people):
    return {"pk": PriceList.objects.create(name="Resellers", currency="EUR").pk}


def price(people):
    held = PriceList.objects.create(name="Resellers", currency="EUR")
    return {"pk": Price.objects.create(price_list=held, product=makers.product(), amount=9).pk}


def rate(people):
    return {"pk": ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate=Decimal("0.9")).pk}


def series(people):
    return {"code": "quote"}


NO_PRODUCTS = {"ada": 403, "nobody": 403}
RATES = {"everybody": 403, "olga": 200, "finn": 200}
COMPANY = {"everybody": 403, "olga": 200, "ada": 200}

RULE_ROWS = [
    row("sales:price_lists", **NO_PRODUCTS),
    row("sales:price_list", price_list, **NO_PRODUCTS),
    row("sales:price_list_create", **RULES),
    row("sales:price_list_edit", price_list, **RULES),
    row("sales:price_create", price_list, **RULES),
    row("sales:price", price, **RULES),
    row("sales:price_delete", price, method="post", **RULES_POST),
    row("sales:rates", **RATES),
    row("sales:rate_delete", rate, method="post", **{**RATES, "olga": 302, "finn": 302}),
    row("sales:quote_policy", **RULES),
    row("sales:numbers", **COMPANY),
    row("sales:number_series", series, **COMPANY),
    row("sales:pipelines", **RULES),
    row("sales:pipeline_create", **RULES),
    row("sales:pipelines_order", method="post", data=lambda _p: seen(Pipeline.objects.order_by("order")), **RULES_POST),
    row("sales:pipeline", pipeline, **RULES),
    row("sales:pipeline_edit", pipeline, **RULES),
    row("sales:pipeline_delete", new_pipeline, method="post", **RULES_POST),
    row("sales:stages_order", pipeline, method="post", data=lambda _p: seen(Stage.objects.all()), **RULES_POST),
    row("sales:stage_create", pipeline, **RULES),
    row("sales:stage", stage, **RULES),
    row("sales:stage_retire", stage, **RULES),
    row("sales:stage_return", retired, method="post", **RULES_POST),
    row("sales:stage_delete", stage, method="post", **RULES_POST),
    row("sales:stage_gate", way, **RULES),
]
