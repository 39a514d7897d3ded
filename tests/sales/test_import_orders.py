"""Orders from a file: lines grouped by number, totals, links, states, money, undo."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.core.management import call_command

from customers.models import Customer
from customers.search import index_customers
from records.models import Batch, Event
from records.undo import undo_batch
from sales.models import ExchangeRate, Instalment, Order, OrderLine, Receipt
from tests.customers import makers as customers
from tests.sales import makers

pytestmark = pytest.mark.django_db

LINES = """Order number,Customer,Order date,Product,Quantity,Unit price,Tax rate
A-1,Acme,2024-03-05,Pump,2,10.005,19
A-1,Acme,2024-03-05,Valve,3,7.5,7
A-2,Globex,2024-04-01,Pump,1,99.90,19
"""


@pytest.fixture
def acme(alice):
    return customers.customer(owner=alice, name="Acme")


@pytest.fixture
def globex(bob):
    return customers.customer(owner=bob, name="Globex")


@pytest.fixture
def run(tmp_path):
    def run(text, *args):
        path, out = tmp_path / "orders.csv", io.StringIO()
        path.write_text(text)
        call_command("import_records", "orders", str(path), *args, stdout=out)
        return out.getvalue().splitlines()

    return run


def known(owner, name):
    """A customer that search finds."""
    made = customers.customer(owner=owner, name=name)
    index_customers([made.pk])
    return made


def last(lines):
    return lines[-1].partition(": ")[2]


def test_lines_are_grouped_by_the_number_of_their_order(run, acme, globex, alice):
    pump = makers.product(name="Pump")
    told = run(LINES)
    assert last(told) == "read 3, added 3, updated 0, skipped 0, refused 0"
    assert "  3 rows are 2 orders. (2)" in told
    first = Order.objects.get(external_id="A-1")
    assert (first.customer, first.owner, first.team, first.state) == (acme, alice, alice.team, "confirmed")
    assert first.ordered_on == first.confirmed_on == datetime.date(2024, 3, 5)
    assert first.number.startswith("O-2024-")
    assert [(line.name, line.product, line.amount) for line in first.lines.all()] == [
        ("Pump", pump, Decimal("20.01")),
        ("Valve", None, Decimal("22.50")),
    ]
    # 19 % of 20.01 and 7 % of 22.50, each rounded half up
    assert (first.net, first.tax, first.gross) == (Decimal("42.51"), Decimal("5.38"), Decimal("47.89"))
    acme.refresh_from_db()
    assert (acme.state, acme.last_order_on) == ("buying", datetime.date(2024, 3, 5))


@pytest.mark.parametrize("with_tax", ["yes", "no"])
def test_totals_are_those_that_the_database_reckons(run, acme, with_tax):
    rows = "".join(
        f"D-{n // 3},Acme,2024-01-0{n % 9 + 1},X{n},{n % 5 + 1}.5,{n * 7 % 31}.{n:02}5,{(0, 7, 19)[n % 3]},{n % 4 * 5},"
        f"draft,{with_tax}\n"
        for n in range(60)
    )
    run("Order,Customer,Date,Line,Quantity,Price,Tax rate,Discount %,Status,Prices include tax\n" + rows)
    read = dict(Order.objects.values_list("pk", "gross")), dict(Order.objects.values_list("pk", "tax"))
    assert len(read[0]) == 20
    OrderLine.objects.update(unit="piece")  # the trigger sums up anew
    assert read == (dict(Order.objects.values_list("pk", "gross")), dict(Order.objects.values_list("pk", "tax")))


def test_twice_the_same_file_adds_nothing(run, acme, globex):
    run(LINES)
    told = run(LINES)
    assert last(told) == "read 3, added 0, updated 0, skipped 3, refused 0"
    assert last(run(LINES, "--on-duplicate", "update")) == "read 3, added 0, updated 0, skipped 3, refused 0"
    assert (Order.objects.count(), OrderLine.objects.count()) == (2, 3)


def test_a_file_of_totals_makes_orders_of_one_line(run, acme):
    text = "Customer,Date,Total,Due date,Paid,Payment date\nAcme,2024-01-02,119,2024-02-01,119,2024-01-20\n"
    text += "Acme,2024-03-02,50,,20,2024-03-03\nAcme,2024-03-09,70,2024-04-01,,\nAcme,2024-03-10,5,,,\n"
    assert last(run(text)) == "read 4, added 4, updated 0, skipped 0, refused 0"
    orders = list(Order.objects.order_by("pk"))
    assert [(o.gross, o.received, o.instalments.count()) for o in orders] == [
        (119, 119, 1), (50, 20, 1), (70, 0, 1), (5, 0, 0)
    ]  # fmt: skip
    assert orders[0].is_paid and orders[0].lines.get().name
    assert sorted(Receipt.objects.values_list("received_on", flat=True)) == [
        datetime.date(2024, 1, 20), datetime.date(2024, 3, 3)
    ]  # fmt: skip
    assert list(Instalment.objects.order_by("pk").values_list("state", flat=True)) == ["paid", "partly_paid", "due"]
    assert last(run(text)) == "read 4, added 0, updated 0, skipped 4, refused 0"
    acme.refresh_from_db()
    assert acme.state == "repeat"


def test_the_head_may_stand_in_the_first_row_only(run, acme, globex):
    text = (
        "Order,Customer,Date,Item,Qty,Price\n7,Acme,2024-01-01,Pump,1,5\n,,,Valve,2,3\n8,Globex,2024-01-02,Pump,1,5\n"
    )
    assert last(run(text)) == "read 3, added 3, updated 0, skipped 0, refused 0"
    assert {o.external_id: o.gross for o in Order.objects.all()} == {"7": 11, "8": 5}


def test_an_order_comes_in_whole_or_not_at_all(run, acme, globex):
    text = (
        "Order,Customer,Date,Item,Qty,Price\n1,Acme,2024-01-01,Pump,1,5\n1,Acme,2024-01-01,Valve,-1,5\n"
        "2,Acme,2024-01-01,Pump,1,5\n2,Globex,2024-01-01,Pump,1,5\n3,Nobody Ltd,2024-01-01,Pump,1,5\n"
        "4,Acme,,Pump,1,5\n5,Acme,2024-01-01,Pump,1,5\n6,Acme,2024-01-01,Pump,,\n"
    )
    told = run(text)
    assert last(told) == "read 8, added 1, updated 0, skipped 0, refused 7"
    assert Order.objects.get().external_id == "5"
    said = "\n".join(told)
    for words in ("row 2: Another row of this order was refused.", "row 3: quantity is greater than zero: -1",
                  "row 4: The rows of order 2 name several customers.", "row 6: There is no customer “Nobody Ltd”.",
                  "row 7: ordered is missing.", "row 9: The row has neither a price nor an amount."):  # fmt: skip
        assert words in said


def test_states_and_their_days_are_kept(run, acme):
    text = (
        "Order,Customer,Date,Total,Status,Cancelled at,Confirmed on\n1,Acme,2024-01-01,5,Draft,,\n2,Acme,2024-01-02,6,"
        "已完成,,\n3,Acme,2024-01-03,7,Отменён,2024-02-01,2024-01-05\n4,Acme,2024-01-04,8,Cancelled,,\n"
        "5,Acme,2024-01-05,9,Shipped,,2024-01-09\n6,Acme,2024-01-05,9,Dreaming,,\n"
    )
    assert last(run(text)) == "read 6, added 5, updated 0, skipped 0, refused 1"
    found = {
        o.external_id: (o.state, str(o.confirmed_on or ""), str(o.cancelled_on or "")) for o in Order.objects.all()
    }
    assert found == {
        "1": ("draft", "", ""),
        "2": ("closed", "2024-01-02", ""),
        "3": ("cancelled", "2024-01-05", "2024-02-01"),
        "4": ("cancelled", "", "2024-01-04"),
        "5": ("shipped", "2024-01-09", ""),
    }
    assert Order.objects.get(external_id="4").cancel_reason.code == "other"


def test_near_names_are_linked_and_told_or_refused_when_strict(run, acme, alice):
    makers.product(name="Hydraulic pump")
    known(alice, "Initech Systems")
    text = "Order,Customer,Date,Product,Qty,Price,Owner\n1,Initech Sistems,2024-01-01,Hydraulic pmup,1,5,Alise\n"
    told = run(text, "--strict")
    assert last(told) == "read 1, added 0, updated 0, skipped 0, refused 1"
    told = run(text)
    assert last(told) == "read 1, added 1, updated 0, skipped 0, refused 0"
    assert "  customer “Initech Sistems” was taken for “Initech Systems”. (1)" in told
    assert "  product “Hydraulic pmup” was taken for “Hydraulic pump”. (1)" in told
    made = Order.objects.get()
    assert (made.customer.name, made.owner, made.lines.get().product.name) == (
        "Initech Systems", alice, "Hydraulic pump"
    )  # fmt: skip


def test_a_strict_near_customer_is_refused_by_its_reason(run, alice):
    known(alice, "Initech Systems")
    told = run("Order,Customer,Date,Total\n1,Initech Sistems,2024-01-01,5\n", "--strict")
    assert "  row 2: customer: “Initech Sistems” is not known; did you mean “Initech Systems”?" in told


def test_an_unknown_product_keeps_its_name_on_the_line(run, acme):
    told = run("Order,Customer,Date,SKU,Description,Qty,Price\n1,Acme,2024-01-01,X-9,Odd thing,1,5\n")
    assert "to settle:" in told and "  There is no product “X-9”; its name stands on the line. (1)" in told
    assert OrderLine.objects.get().name == "Odd thing"


def test_price_and_amount_that_disagree_are_settled_by_the_amount(run, acme):
    told = run(
        "Order,Customer,Date,Item,Qty,Price,Amount\n1,Acme,2024-01-01,Pump,2,10,18\n2,Acme,2024-01-01,Pump,7,,100.01\n"
        "3,Acme,2024-01-01,Pump,1000,,100.01\n4,Acme,2024-01-01,Pump,300,,0.01\n"
    )
    assert last(told) == "read 4, added 2, updated 0, skipped 0, refused 2"
    assert list(Order.objects.order_by("pk").values_list("gross", flat=True)) == [
        18,
        Decimal("100.01"),
    ]
    assert "  Price and amount of a line did not agree: the amount counts. (1)" in told


def test_lines_that_do_not_make_the_total_are_told(run, acme):
    text = "Order,Customer,Date,Item,Qty,Price,Order total\n1,Acme,2024-01-01,Pump,1,5,9\n"
    assert last(run(text, "--strict")) == "read 1, added 0, updated 0, skipped 0, refused 1"
    assert any("come to 5" in line and "says 9" in line for line in run(text))


def test_foreign_money_counts_at_the_rate_of_its_day(run, acme):
    ExchangeRate.objects.create(currency="USD", valid_from="2024-01-01", rate=Decimal("0.9"))
    told = run("Order,Customer,Date,Total,Currency\n1,Acme,2024-02-01,100,USD\n2,Acme,2024-02-01,100,JPY\n")
    assert {o.currency: o.net_company for o in Order.objects.all()} == {"USD": 90, "JPY": None}
    assert any("no exchange rate for JPY" in line for line in told)


def test_undo_takes_orders_back_and_customers_to_what_they_were(run, acme, globex, ada):
    run(LINES)
    batch = Batch.objects.get()
    assert batch.counts["added"] == 3
    result = undo_batch(batch, by=ada)
    assert (result.restored, result.left) == (2, [])
    acme.refresh_from_db()
    assert (acme.state, acme.last_order_on) == ("prospect", None)
    assert not Order.objects.live().exists()
    assert last(run(LINES)) == "read 3, added 3, updated 0, skipped 0, refused 0"


def test_customers_of_an_import_go_once_their_imported_orders_are_gone(run, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("Company\nAcme\nGlobex\n")
    call_command("import_records", "customers", str(path), stdout=io.StringIO())
    first = Batch.objects.get()
    run(LINES)
    assert undo_batch(first, by=None, dry_run=True).restored == 0
    undo_batch(Batch.objects.latest("pk"), by=None)
    assert undo_batch(first, by=None).restored == 2


def test_a_dry_run_writes_nothing(run, acme, globex):
    assert run(LINES, "--dry-run")[-1] == "batch 0: read 3, added 3, updated 0, skipped 0, refused 0"
    assert not Order.objects.exists() and not Event.objects.filter(verb="import").exists()


def test_only_customers_within_reach_get_orders(run, acme, globex, tess, north):
    from accounts.models import Reach, Right

    role = tess.user_roles.get().role
    Right.objects.update_or_create(role=role, kind="order", action="import", defaults={"reach": Reach.TEAM})
    charlies = customers.customer(owner=None, name="Faraway")
    text = LINES + f"A-3,{charlies.name},2024-04-01,Pump,1,5,0\n"
    told = run(text, "--as", "tess")
    assert last(told) == "read 4, added 3, updated 0, skipped 0, refused 1"
    assert "There is no customer “Faraway”" in "\n".join(told)


def test_orders_are_found_by_their_number_elsewhere(run, acme, globex, signed_in, olga):
    run(LINES)
    assert "O-2024-" in signed_in(olga).get("/search/", {"q": "A-1"}).content.decode()


def test_orders_of_a_day_in_a_shop(shared_data, run, alice, tmp_path):
    """Rows of a real shop: 17850.0 for a customer's number, credits as negative quantities, rows without a customer."""
    file = shared_data / "online_retail" / "by-day" / "2010-12-01.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    known = {row["CustomerID"].removesuffix(".0") for row in rows if row["CustomerID"]}
    for number in known:
        customers.customer(owner=alice, name=f"Shop {number}", external_id=number)
    out = io.StringIO()
    call_command("import_records", "orders", str(file), stdout=out)
    good = {}
    for row in rows:
        good.setdefault(row["InvoiceNo"], []).append(row)
    whole = {
        number: sum(int(r["Quantity"]) * Decimal(r["UnitPrice"]) for r in of)
        for number, of in good.items()
        if all(r["CustomerID"] and int(r["Quantity"]) > 0 for r in of)
    }
    assert {o.external_id: o.gross for o in Order.objects.all()} == whole
    added = sum(len(good[number]) for number in whole)
    assert f"read {len(rows)}, added {added}, updated 0, skipped 0, refused {len(rows) - added}" in out.getvalue()
    assert Customer.objects.filter(last_order_on="2010-12-01").count() == len({good[n][0]["CustomerID"] for n in whole})
