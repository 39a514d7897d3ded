"""The editor of pipelines: by right, in order, with gates that hold, and stages that retire without losing anything."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from records.models import Batch, Event
from records.refusals import Refused
from records.undo import undo_batch
from sales.models import Opportunity, Pipeline, Stage, StageGate, StageStay
from sales.open_opportunity import open_opportunity
from sales.pipelines import retire
from sales.pipelines.change import create_pipeline, order_stages, set_gate
from sales.pipelines.retire import empty_stages, retire_stage
from tests.sales import makers

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def sales():
    return Pipeline.objects.get(code="default")


@pytest.fixture
def stages(sales):
    return list(sales.stages.all())


def stage_form(**changed):
    return {"name": "Demo", "name_zh": "演示", "name_ru": "Показ", "probability": 30, "forecast": "best", **changed}


def deal(owner, stage, name="Deal"):
    return open_opportunity(name, by=owner, stage=stage)


def rule(stages, source, target, **values):
    return set_gate(stages[source] if source is not None else None, stages[target], values, by=None)


# --- pipelines and stages ---


def test_a_pipeline_is_made_with_stages_and_gates_of_another(olga, sales, stages, signed_in):
    rule(stages, 0, 2, needs=["amount"])
    given = {"name": "Partners", "name_zh": "伙伴", "going_back": "never", "like": sales.pk}
    assert signed_in(olga).post("/sales/pipelines/new/", given).status_code == 302
    made = Pipeline.objects.get(name="Partners")
    assert [stage.name for stage in made.stages.all()] == [stage.name for stage in stages]
    gate = StageGate.objects.get(target__pipeline=made)
    assert (gate.source.name, gate.needs, made.going_back) == (stages[0].name, ["amount"], "never")
    assert Event.objects.get(verb="create", subject_kind="pipeline").by == olga


def test_only_a_company_wide_right_to_rules_opens_the_editor(tess, alice, ada, sales, stages, signed_in):
    before = Event.objects.count()
    for person in (tess, alice, ada):
        client = signed_in(person)
        assert client.get("/sales/pipelines/").status_code == 403
        assert client.post(f"/sales/pipelines/{sales.pk}/edit/", {"name": "Mine"}).status_code == 403
        assert client.post(f"/sales/stages/{stages[0].pk}/retire/", {"into": stages[1].pk}).status_code == 403
    assert Event.objects.count() == before and not Stage.objects.exclude(retired_at=None).exists()


def test_a_stage_is_added_changed_and_told(olga, sales, signed_in):
    client = signed_in(olga)
    assert client.post(f"/sales/pipelines/{sales.pk}/stages/new/", stage_form(rot_days=9)).status_code == 302
    stage = sales.stages.last()
    assert (stage.name, stage.name_ru, stage.rot_days, stage.allows_quotes) == ("Demo", "Показ", 9, False)
    client.post(f"/sales/stages/{stage.pk}/", stage_form(probability=35, allows_quotes="on"))
    stage.refresh_from_db()
    assert (stage.probability, stage.allows_quotes, stage.version) == (35, True, 2)
    event = Event.objects.get(verb="change", subject_kind="stage")
    assert event.by == olga and "30" in client.get(f"/sales/stages/{stage.pk}/").text


@pytest.mark.parametrize("changed", [{"name": ""}, {"probability": 101}, {"expected_days": 9, "rot_days": 3}])
def test_a_stage_that_makes_no_sense_is_refused(olga, sales, signed_in, changed):
    answer = signed_in(olga).post(f"/sales/pipelines/{sales.pk}/stages/new/", stage_form(**changed))
    assert answer.status_code == 422 and sales.stages.count() == 4


def test_two_editors_of_a_stage_meet_in_the_same_field_only(olga, stages, signed_in):
    url, client = f"/sales/stages/{stages[0].pk}/", signed_in(olga)
    page = client.get(url)
    held = {name: page.context["form"].initial[name] for name in ("name", "name_zh", "name_ru", "forecast")}
    first = {**held, "opened": page.context["opened"], "allows_quotes": "on", "expected_days": 7, "rot_days": 14}
    assert client.post(url, {**first, "probability": 11}).status_code == 302
    assert client.post(url, {**first, "probability": 10, "rot_days": 20}).status_code == 302
    assert client.post(url, {**first, "probability": 99}).status_code == 409
    stages[0].refresh_from_db()
    assert (stages[0].probability, stages[0].rot_days) == (11, 20)


def test_stages_change_places_and_nobody_takes_back_anothers_order(olga, alice, sales, stages, signed_in):
    ids = [stage.pk for stage in stages]
    url, client = reverse("sales:stages_order", args=[sales.pk]), signed_in(olga)
    seen = ",".join(map(str, ids))
    client.post(url, {"seen": seen, "move": f"{ids[3]}:up"})
    held = list(sales.stages.values_list("pk", flat=True))
    assert held == [ids[0], ids[1], ids[3], ids[2]]
    client.post(url, {"seen": seen, "order": ",".join(map(str, reversed(ids)))})
    assert list(sales.stages.values_list("pk", flat=True)) == held
    client.post(url, {"seen": ",".join(map(str, held)), "order": ",".join(map(str, reversed(held)))})
    assert list(sales.stages.values_list("pk", flat=True)) == held[::-1]


def test_after_a_new_order_the_furthest_stage_is_never_before_the_present_one(alice, sales, stages):
    row = deal(alice, stages[0])
    order_stages(sales, [stages[1].pk, stages[2].pk, stages[0].pk, stages[3].pk], by=None)
    row.move(Stage.objects.get(pk=stages[3].pk), by=alice)
    order_stages(sales, [stages[3].pk, stages[0].pk, stages[1].pk, stages[2].pk], by=None)
    row.refresh_from_db()
    assert row.furthest_stage.order >= row.stage.order


def test_the_last_pipeline_and_one_with_open_work_stay_offered(olga, alice, sales, stages, signed_in):
    url = f"/sales/pipelines/{sales.pk}/edit/"
    answer = signed_in(olga).post(url, {"name": "Sales", "going_back": "free"})
    assert answer.status_code == 422 and "last pipeline" in answer.text
    other = create_pipeline(by=olga, like=sales, name="Other")
    deal(alice, stages[0])
    answer = signed_in(olga).post(url, {"name": "Sales", "going_back": "free"})
    assert answer.status_code == 422 and "1 open opportunity stands" in answer.text
    sales.refresh_from_db()
    assert sales.is_active
    assert signed_in(olga).post(reverse("sales:pipeline_delete", args=[other.pk])).status_code == 302
    assert not Pipeline.objects.filter(pk=other.pk).exists()
    signed_in(olga).post(reverse("sales:pipeline_delete", args=[sales.pk]))
    assert Pipeline.objects.filter(pk=sales.pk).exists()


def test_a_stage_in_which_something_stood_is_not_deleted(olga, alice, stages, signed_in):
    deal(alice, stages[0]).move(stages[1], by=alice)
    signed_in(olga).post(reverse("sales:stage_delete", args=[stages[0].pk]))
    assert Stage.objects.filter(pk=stages[0].pk).exists()
    signed_in(olga).post(reverse("sales:stage_delete", args=[stages[3].pk]))
    assert not Stage.objects.filter(pk=stages[3].pk).exists()


# --- gates ---


def test_a_gate_is_made_changed_and_taken_away_on_its_page(olga, sales, stages, signed_in):
    url, client = reverse("sales:stage_gate", args=[stages[2].pk, stages[0].pk]), signed_in(olga)
    assert client.post(url, {"needs": ["amount", "customer"], "within_days": 14}).status_code == 302
    gate = StageGate.objects.get()
    assert (gate.source, gate.target, gate.needs, gate.within_days) == (
        stages[0],
        stages[2],
        ["amount", "customer"],
        14,
    )
    page = client.get(f"/sales/pipelines/{sales.pk}/").text
    assert "customer, amount · within 14 days" in page
    client.post(url, {"needs": ["amount"]})
    gate.refresh_from_db()
    assert (gate.needs, gate.within_days, gate.version) == (["amount"], None, 2)
    client.post(url, {"within_days": ""})
    assert not StageGate.objects.exists()
    verbs = Event.objects.filter(subject_kind="stage_gate", by=olga).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "change", "delete"]


def test_a_closed_way_is_refused_in_words(alice, stages):
    rule(stages, 0, 3, is_closed=True)
    with pytest.raises(Refused, match="Nothing goes from") as refused:
        deal(alice, stages[0]).move(stages[3], by=alice)
    assert refused.value.reason == "closed"
    deal(alice, stages[1]).move(stages[3], by=alice)


def test_a_step_is_taken_by_the_roles_that_the_gate_names(alice, tess, stages):
    rule(stages, None, 3, open_to=[Role.objects.get(code="supervisor").pk])
    row = deal(alice, stages[0])
    with pytest.raises(Refused, match="Sales supervisor"):
        row.move(stages[3], by=alice)
    row.move(stages[3], by=tess)
    assert row.stage == stages[3]


def test_too_late_only_who_may_assign_takes_the_step(alice, tess, stages):
    rule(stages, 0, 1, within_days=5)
    row, now = deal(alice, stages[0]), timezone.now()
    with pytest.raises(Refused, match="After more than 5 days"):
        row.move(stages[1], by=alice, now=now + 6 * DAY)
    row.move(stages[1], by=tess, now=now + 6 * DAY)
    deal(alice, stages[0]).move(stages[1], by=alice, now=now + 5 * DAY)


@pytest.mark.parametrize(
    ("way", "mine", "hers"), [("free", True, True), ("assigner", False, True), ("never", False, False)]
)
def test_going_back_is_for_whom_the_pipeline_says(alice, tess, sales, stages, way, mine, hers):
    Pipeline.objects.update(going_back=way)
    for person, allowed in ((alice, mine), (tess, hers)):
        row = deal(alice, stages[2])
        row.refresh_from_db()
        try:
            row.move(Stage.objects.get(pk=stages[0].pk), by=person)
        except Refused as refusal:
            assert not allowed and refusal.reason == "going_back"
        else:
            assert allowed


def test_a_gate_of_this_very_way_counts_going_back_too(alice, stages):
    rule(stages, None, 0, needs=["amount"])
    rule(stages, 2, 1, needs=["amount"])
    with pytest.raises(Refused, match="fill in"):
        deal(alice, stages[2]).move(stages[1], by=alice)
    deal(alice, stages[2]).move(stages[0], by=alice)


# --- retiring ---


def test_a_retired_stage_hands_on_what_is_open_as_a_batch(olga, alice, stages, signed_in):
    rows = [deal(alice, stages[1], f"Deal {n}") for n in range(3)]
    lost = deal(alice, stages[1], "Lost")
    lost.lose(makers.reason(), by=alice)
    page = signed_in(olga).get(reverse("sales:stage_retire", args=[stages[1].pk])).text
    assert "3 open opportunities stand there" in page
    answer = signed_in(olga).post(reverse("sales:stage_retire", args=[stages[1].pk]), {"into": stages[2].pk})
    batch = Batch.objects.get(verb="retire_stage")
    assert answer.url == f"/batches/{batch.pk}/" and (batch.by, batch.state) == (olga, "done")
    for row in rows:
        row.refresh_from_db()
        assert (row.stage, row.furthest_stage, row.probability) == (stages[2], stages[2], stages[2].probability)
        assert row.stays.filter(left_at=None).get().stage == stages[2]
    lost.refresh_from_db()
    assert lost.stage == stages[1]
    assert batch.events.filter(verb="move", by=olga).count() == 3
    board = signed_in(alice).get("/sales/pipeline/").text
    assert f'data-board-stage="{stages[1].pk}"' not in board and f'data-board-stage="{stages[2].pk}"' in board


def test_nothing_enters_a_retired_stage_and_a_reopened_one_goes_on(alice, stages):
    lost = deal(alice, stages[1])
    lost.lose(makers.reason(), by=alice)
    retire_stage(stages[1], stages[2], by=None)
    with pytest.raises(Refused, match="retired"):
        deal(alice, stages[0]).move(stages[1], by=alice)
    with pytest.raises(Refused, match="retired"):
        deal(alice, stages[1])
    lost.refresh_from_db()
    lost.reopen(by=alice)
    assert lost.stage == stages[2]


def test_undo_brings_stage_and_opportunities_back_but_not_what_moved_since(alice, stages):
    stayed, moved = deal(alice, stages[1], "Stayed"), deal(alice, stages[1], "Moved")
    batch = retire_stage(stages[1], stages[2], by=alice)
    moved.refresh_from_db()
    moved.move(Stage.objects.get(pk=stages[3].pk), by=alice)
    result = undo_batch(batch, by=alice)
    assert result.restored == 1 and [row["id"] for row in result.left] == [moved.pk]
    stayed.refresh_from_db()
    assert (stayed.stage, Stage.objects.get(pk=stages[1].pk).is_retired) == (stages[1], False)


def test_a_run_that_was_killed_goes_on_at_the_next_tick(alice, stages, monkeypatch):
    rows = [deal(alice, stages[1], f"Deal {n}") for n in range(5)]
    monkeypatch.setattr(retire, "PORTION", 2)
    monkeypatch.setattr(retire, "AT_ONCE", 2)
    batch = retire_stage(stages[1], stages[2], by=alice)
    assert batch.state == "running" and Opportunity.objects.filter(stage=stages[1]).count() == 3
    assert empty_stages(now=timezone.now()).moved == 3
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == ("done", {"moved": 5})
    assert Opportunity.objects.filter(stage=stages[2]).count() == len(rows)
    assert empty_stages(now=timezone.now()).moved == 0
    assert not StageStay.objects.filter(stage=stages[1], left_at=None).exists()


def test_the_last_stage_and_a_strange_heir_are_refused(olga, sales, stages):
    other = create_pipeline(by=olga, like=sales, name="Other")
    for heir in (stages[0], other.first_stage()):
        with pytest.raises(Refused, match="another stage"):
            retire_stage(stages[0], heir, by=olga)
    for stage in stages[1:]:
        retire_stage(Stage.objects.get(pk=stage.pk), stages[0], by=olga)
    with pytest.raises(Refused):
        retire_stage(stages[0], stages[1], by=olga)
    assert sales.stages.offered().count() == 1
