"""The pipeline that comes with the product, so that the first opportunity has a place to stand."""

from typing import Any

from django.db import transaction

from sales.models import Pipeline, Stage

_F = Stage.Forecast
# (English, Chinese, Russian), probability, usual days, days until it is marked, forecast
STAGES = [
    (("Qualification", "资格确认", "Квалификация"), 10, 7, 14, _F.PIPELINE),
    (("Needs analysis", "需求分析", "Анализ потребностей"), 25, 14, 30, _F.PIPELINE),
    (("Proposal", "方案报价", "Предложение"), 50, 14, 30, _F.BEST),
    (("Negotiation", "商务谈判", "Переговоры"), 75, 10, 21, _F.COMMIT),
]


@transaction.atomic
def install_default_pipeline(**_signal: Any) -> None:
    """Adds it where no pipeline exists yet, and touches nothing otherwise."""
    if Pipeline.objects.exists():
        return
    pipeline = Pipeline.objects.create(
        code="default", name="Sales", name_zh="销售", name_ru="Продажи", order=10
    )  # fmt: skip
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline, order=place, name=en, name_zh=zh, name_ru=ru,
            probability=probability, expected_days=days, rot_days=rot, forecast=forecast,
        )
        for place, ((en, zh, ru), probability, days, rot, forecast) in enumerate(STAGES, start=1)
    )  # fmt: skip
