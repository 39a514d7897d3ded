import pytest
from django.db import IntegrityError, transaction

from sales.default_pipeline import install_default_pipeline
from sales.models import Pipeline, Stage, StageGate
from tests.sales import makers

pytestmark = pytest.mark.django_db


def test_a_default_pipeline_of_four_stages_is_there_from_the_start():
    pipeline = Pipeline.first_choice()
    assert pipeline.code == "default"
    assert [(s.name, s.probability) for s in pipeline.stages.all()] == [
        ("Qualification", 10),
        ("Needs analysis", 25),
        ("Proposal", 50),
        ("Negotiation", 75),
    ]
    assert all(s.name_zh and s.name_ru for s in pipeline.stages.all())


def test_installing_again_leaves_a_changed_pipeline_alone():
    makers.stage(2).delete()
    install_default_pipeline()
    assert Pipeline.first_choice().stages.count() == 3


def test_two_stages_may_swap_their_places_but_not_share_one():
    first, second = makers.stage(1), makers.stage(2)
    with transaction.atomic():
        Stage.objects.filter(pk=first.pk).update(order=2)
        Stage.objects.filter(pk=second.pk).update(order=1)
    with pytest.raises(IntegrityError, match="stage_order_once"), transaction.atomic():
        Stage.objects.filter(pk=first.pk).update(order=1)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_probability_is_a_percentage():
    with pytest.raises(IntegrityError, match="stage_probability_is_a_percentage"), transaction.atomic():
        Stage.objects.filter(order=1).update(probability=101)


def test_a_transition_has_one_gate():
    StageGate.objects.create(target=makers.stage(3), needs=["amount"])
    with pytest.raises(IntegrityError, match="stage_gate_once"), transaction.atomic():
        StageGate.objects.create(target=makers.stage(3), needs=["customer"])
