"""The board: what it shows is exactly what its person reaches, whatever the size."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.http import QueryDict

from records.models import Collaborator
from sales import board as board_module
from sales.board import Board, Key, closing
from sales.board_page import BoardPage
from sales.models import Opportunity, Pipeline, Stage
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


@pytest.fixture
def crowd(everybody):
    """40 opportunities of three people, some at customers of another, some closed, some in the trash."""
    dice = random.Random(7)
    people = [everybody[name] for name in ("alice", "bob", "charlie")]
    customers = [None, *(customer(f"Customer of {person}", owner=person) for person in people)]
    for number in range(40):
        owner = dice.choice(people)
        made = makers.opportunity(
            f"Deal {number}", owner=owner, customer=dice.choice(customers), stage=makers.stage(dice.randint(1, 4)),
            amount=dice.choice([None, Decimal(dice.randint(1, 99_999)) / 100]),
            now=NOW - datetime.timedelta(hours=dice.randint(0, 50)),
            close_on=dice.choice([None, NOW.date() + datetime.timedelta(days=dice.randint(-30, 200))]),
        )  # fmt: skip
        if number % 7 == 0:
            made.lose(makers.reason(), by=owner, now=NOW)
        if number % 11 == 0 and not made.is_deleted:
            made.trash(by=owner)
    shared = Opportunity.objects.open().filter(owner=everybody["charlie"], customer=None)[0]
    Collaborator.objects.create(user=everybody["alice"], subject_kind="opportunity", subject_id=shared.pk)
    return everybody


def expected(user):
    """The same board, computed row by row."""
    found = defaultdict(list)
    for row in Opportunity.objects.visible_to(user).filter(state="open"):
        found[row.stage.order].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.stage_since, row.pk), reverse=True)
    return found


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "tess", "erin", "olga", "nobody"])
def test_every_person_sees_what_she_reaches_summed_up_exactly(crowd, who):
    user = crowd[who]
    wanted = expected(user)
    columns = Board(user, Pipeline.first_choice()).columns()
    assert [column.stage.order for column in columns] == [1, 2, 3, 4]
    for column in columns:
        rows = wanted[column.stage.order]
        assert (column.count, column.total) == (len(rows), sum((row.amount_company or 0 for row in rows), Decimal(0)))
        assert [card["pk"] for card in column.cards] == [row.pk for row in rows[: board_module.CARDS]]


@pytest.mark.parametrize("cap", [1, 4, 6, 1_000])
@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "tess", "erin", "olga", "nobody"])
def test_a_column_of_more_than_the_page_counts_says_so_and_never_a_wrong_figure(crowd, who, cap, monkeypatch):
    monkeypatch.setattr(board_module, "CAP", cap)
    user = crowd[who]
    wanted = expected(user)
    board = Board(user, Pipeline.first_choice())
    exact = {column.stage.pk: (column.count, column.total) for column in board.columns(exactly=True)}
    for column in board.columns():
        rows = wanted[column.stage.order]
        whole = (len(rows), sum((row.amount_company or 0 for row in rows), Decimal(0)))
        assert exact[column.stage.pk] == whole
        assert (column.count, column.total) == (whole if len(rows) <= cap else (cap, None))


def test_the_figures_of_a_great_board_come_after_the_page(signed_in, crowd, monkeypatch):
    monkeypatch.setattr(board_module, "CAP", 1)
    client, erin = signed_in(crowd["erin"]), crowd["erin"]
    page, exact = client.get("/sales/pipeline/?close=overdue").text, BoardPage(erin, QueryDict("close=overdue")).heads()
    loader = 'hx-get="/sales/pipeline/sums/?close=overdue" hx-trigger="load, click"'
    assert loader in page and ">1+</span>" in page
    assert exact["total"] not in page and exact["weighted"] not in page
    fragment = client.get("/sales/pipeline/sums/?close=overdue").text
    without_script = client.get("/sales/pipeline/?close=overdue&sums=exact").text
    for answer in (fragment, without_script):
        assert loader not in answer
        assert f"<strong>{exact['total']}</strong>" in answer
        assert f"{exact['count']} open · {exact['weighted']} weighted" in answer
        assert all(f'<span class="board-total">{column.total}</span>' in answer for column in exact["columns"])
    assert fragment.count('hx-swap-oob="true"') == len(exact["columns"]) + 1


def test_a_small_board_is_summed_up_with_the_page(signed_in, crowd):
    page = signed_in(crowd["erin"]).get("/sales/pipeline/").text
    assert "weighted" in page and "/sales/pipeline/sums/" not in page


@pytest.mark.parametrize("who", ["alice", "tess", "erin"])
def test_further_cards_come_once_each_in_order(crowd, who, monkeypatch):
    monkeypatch.setattr(board_module, "CARDS", 4)
    board = Board(crowd[who], Pipeline.first_choice())
    for column in board.columns():
        seen, more = [card["pk"] for card in column.cards], column.more
        while more:
            further = board.further(column.stage, Key.read(more))
            seen += [card["pk"] for card in further.cards]
            more = further.more
        assert seen == [row.pk for row in expected(crowd[who])[column.stage.order]]


def test_a_key_that_is_none_gives_the_top(crowd):
    for text in ("", "x", "2026_1", "2026-05-04T12:00:00_1", "2026-05-04T12:00:00+00:00_99999999999999999999"):
        assert Key.read(text) is None


def test_the_board_is_filtered_by_owner_pipeline_and_close(crowd):
    tess, bob = crowd["tess"], crowd["bob"]

    def names(query):
        columns = BoardPage(tess, QueryDict(query), now=NOW).board.columns()
        return {card["pk"] for column in columns for card in column.cards}

    rows = [row for found in expected(tess).values() for row in found]
    assert names(f"owner={bob.pk}") == {row.pk for row in rows if row.owner == bob}
    assert names("close=overdue") == {row.pk for row in rows if row.close_on and row.close_on < NOW.date()}
    assert names("close=none") == {row.pk for row in rows if row.close_on is None}
    assert names("owner=x&close=y&pipeline=z") == {row.pk for row in rows}
    other = Pipeline.objects.create(name="Renewals", order=99)
    Stage.objects.create(pipeline=other, order=1, name="Notice", probability=60)
    assert names(f"pipeline={other.pk}") == set()


@pytest.mark.parametrize(
    ("today", "month", "quarter"),
    [("2026-05-04", "2026-06-01", "2026-07-01"), ("2026-12-31", "2027-01-01", "2027-01-01")],
)
def test_months_and_quarters_end_where_they_end(today, month, quarter):
    day = datetime.date.fromisoformat
    assert closing("month", day(today)).children == [("close_on__lt", day(month))]
    assert closing("quarter", day(today)).children == [("close_on__lt", day(quarter))]
    assert closing("later", day(today)).children == [("close_on__gte", day(quarter))]


def test_weighted_is_the_sum_of_each_column_at_its_probability(alice):
    makers.opportunity(owner=alice, amount=Decimal(1000))
    makers.opportunity(owner=alice, amount=Decimal(200), stage=makers.stage(3))
    page = BoardPage(alice, QueryDict()).full()
    assert (page["count"], page["total"], page["weighted"]) == ("2", "€1,200.00", "€200.00")


def test_a_card_that_stands_too_long_is_marked(alice):
    makers.opportunity("Fresh", owner=alice, now=NOW - datetime.timedelta(days=14))
    makers.opportunity("Rotten", owner=alice, now=NOW - datetime.timedelta(days=15))
    cards = BoardPage(alice, QueryDict(), now=NOW).full()["columns"][0].cards.split("\n")
    assert [("Rotten" in card, "is-rotting" in card, "days here" in card) for card in cards] == [
        (False, False, True),
        (True, True, True),
    ]
    assert "15 days here" in cards[1]


def test_what_people_type_is_text_on_a_card(alice):
    deal = makers.opportunity("<b>Big</b>", owner=alice, customer=customer("A & <i>B</i>", owner=alice))
    _stage, card = BoardPage(alice, QueryDict("close=none")).card(deal.pk)
    assert "&lt;b&gt;Big" in card and "A &amp; &lt;i&gt;B" in card
    assert "<b>" not in card and "<i>" not in card


def test_the_page_asks_as_much_at_3_as_at_30(signed_in, tess, alice, django_assert_max_num_queries):
    client = signed_in(tess)
    counts = []
    for _round in range(2):
        for _number in range(3 if not counts else 27):
            makers.opportunity(owner=alice, customer=customer(owner=alice), stage=makers.stage(_number % 4 + 1))
        client.get("/sales/pipeline/")
        with django_assert_max_num_queries(14) as asked:
            client.get("/sales/pipeline/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_moving_from_the_board_answers_where_the_card_stands(signed_in, alice):
    deal = makers.opportunity(owner=alice, amount=Decimal(5))
    client = signed_in(alice)
    post = {"stage": makers.stage(3).pk, "seen": deal.stage_id, "board": ""}
    answer = client.post(f"/sales/opportunities/{deal.pk}/move/", post, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'hx-swap-oob="afterbegin:#cards-{makers.stage(3).pk}"' in answer.text
    stale = client.post(
        f"/sales/opportunities/{deal.pk}/move/", {**post, "stage": makers.stage(4).pk}, headers={"HX-Request": "true"}
    )
    assert stale.status_code == 409
    assert f'hx-swap-oob="afterbegin:#cards-{makers.stage(3).pk}"' in stale.text
    assert "Somebody was faster" in stale.text
    deal.refresh_from_db()
    assert deal.stage == makers.stage(3)
