from django.utils import timezone

from sales.models import Pipeline, Stage
from sales.pipelines.change import create_pipeline
from tests.guards.url_matrix import row


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

RULE_ROWS = [
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
