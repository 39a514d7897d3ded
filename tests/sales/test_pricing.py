"""Price lists, rates, the rule for quotes, numbers: edited by right, and what they say holds."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from records.models import Event
from records.refusals import Refused
from sales.approval import submit_quote
from sales.create_document import create_quote
from sales.document_lines import add_line
from sales.models import ExchangeRate, NumberSeries, Opportunity, Price, PriceList, QuotePolicy
from sales.prices import price_of
from sales.pricing.change import add_price, change_price_list, reconvert, set_rate
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 1)


@pytest.fixture
def resellers():
    return PriceList.objects.create(name="Resellers", currency="EUR")


def policy(**limits):
    held = QuotePolicy.get()
    held.edit(limits, by=None)
    return held


def policy_form(**changed):
    return {"discount_limit": 10, "amount_limit": "", "margin_limit": "", "validity_days": 14, **changed}


def draft(owner, **line):
    quote = create_quote(customer(owner=owner), by=owner, currency="EUR")
    add_line(quote, by=owner, **{"product": makers.product(cost=Decimal(80)), "quantity": Decimal(1), **line})
    return quote


# --- price lists ---


def test_a_price_list_with_its_prices_is_made_on_pages(olga, signed_in):
    client, pump = signed_in(olga), makers.product(code="P-1")
    assert (
        client.post("/sales/price-lists/new/", {"name": "Export", "currency": "usd", "is_active": "on"}).status_code
        == 302
    )
    held = PriceList.objects.get()
    line = {"product": pump.pk, "amount": "90", "from_quantity": "10", "valid_to": "2026-12-31"}
    assert client.post(reverse("sales:price_create", args=[held.pk]), line).status_code == 302
    price = Price.objects.get()
    assert (held.currency, price.product, price.amount, price.from_quantity) == ("USD", pump, 90, 10)
    assert set(Event.objects.filter(by=olga, verb="create").values_list("subject_kind", flat=True)) == {
        "price_list", "price",
    }  # fmt: skip
    page = client.get(reverse("sales:price_list", args=[held.pk]), {"q": "p-1"}).text
    assert "Pump" in page and "$90.00" in page
    client.post(reverse("sales:price", args=[price.pk]), {"amount": "95", "from_quantity": "10"})
    price.refresh_from_db()
    assert (price.amount, price.valid_to, price.version) == (95, None, 2)


def test_who_sees_products_reads_prices_and_changes_none(alice, resellers, signed_in):
    client = signed_in(alice)
    page = client.get(reverse("sales:price_list", args=[resellers.pk])).text
    assert "Resellers" in page and "New price" not in page
    assert client.post(reverse("sales:price_list_edit", args=[resellers.pk]), {"name": "Mine"}).status_code == 403
    assert not Event.objects.exists()


def test_days_of_one_product_that_overlap_are_refused_in_words(olga, resellers, signed_in):
    pump, url = makers.product(), reverse("sales:price_create", args=[resellers.pk])
    client = signed_in(olga)
    client.post(url, {"product": pump.pk, "amount": 9, "from_quantity": 1})
    answer = client.post(url, {"product": pump.pk, "amount": 8, "from_quantity": 1, "valid_from": "2026-01-01"})
    assert answer.status_code == 422 and "valid in these days" in answer.text and Price.objects.count() == 1


def test_the_currency_of_a_list_stays_under_its_prices(olga, resellers):
    change_price_list(resellers, {"currency": "USD"}, by=olga)
    add_price(resellers, by=olga, product=makers.product(), amount=9)
    with pytest.raises(Refused, match="has prices already"):
        change_price_list(resellers, {"currency": "EUR"}, by=olga)


def test_a_list_offers_its_prices_only_on_its_days(resellers):
    pump = makers.product()
    Price.objects.create(price_list=resellers, product=pump, amount=70)
    PriceList.objects.update(valid_from=DAY, valid_to=DAY)
    days = [DAY - datetime.timedelta(1), DAY, DAY + datetime.timedelta(1)]
    assert [price_of(pump, on=day, price_list=resellers).amount for day in days] == [100, 70, 100]


def test_a_line_takes_the_price_of_the_list_net_or_gross_as_the_quote_has_them(alice, signed_in):
    pump = makers.product(tax_rate=Decimal(25))
    gross = PriceList.objects.create(name="Shop", currency="EUR", is_gross=True)
    Price.objects.create(price_list=gross, product=pump, amount=150)
    Price.objects.create(price_list=gross, product=pump, amount=125, from_quantity=10)
    quote = create_quote(customer(owner=alice), by=alice, currency="EUR")
    url = reverse("sales:quote_line_add", args=[quote.pk])
    client = signed_in(alice)
    client.post(url, {"product": pump.pk, "quantity": 1, "price_list": gross.pk})
    client.post(url, {"product": pump.pk, "quantity": 10, "price_list": gross.pk})
    client.post(url, {"product": pump.pk, "quantity": 1})
    assert [line.unit_price for line in quote.lines.order_by("position")] == [120, 100, 100]


# --- rates ---


def test_a_rate_is_set_corrected_and_taken_away(finn, signed_in):
    client = signed_in(finn)
    for rate in ("0.9", "0.92"):
        assert (
            client.post("/sales/rates/", {"currency": "usd", "valid_from": "2026-01-01", "rate": rate}).status_code
            == 302
        )
    held = ExchangeRate.objects.get()
    assert (held.currency, held.rate) == ("USD", Decimal("0.92"))
    client.post(reverse("sales:rate_delete", args=[held.pk]))
    verbs = Event.objects.filter(subject_kind="exchange_rate", by=finn).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "change", "delete"] and not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [{"currency": "EUR"}, {"currency": "QQQ"}, {"rate": "0"}, {"rate": "-1"}, {"valid_from": "31.02.2026"}],
)
def test_a_rate_that_makes_no_sense_is_refused(olga, signed_in, typed):
    given = {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.9", **typed}
    assert signed_in(olga).post("/sales/rates/", given).status_code == 422
    assert not ExchangeRate.objects.exists() and not Event.objects.exists()


def test_opportunities_are_reckoned_anew_at_the_rate_of_their_own_day(alice):
    for day in ("2026-01-15", "2026-02-15"):
        makers.opportunity(owner=alice, amount=Decimal(100), currency="USD", opened_on=datetime.date.fromisoformat(day))
    assert set(Opportunity.objects.values_list("amount_company", flat=True)) == {None}
    set_rate("USD", datetime.date(2026, 1, 1), Decimal("0.9"), by=None)
    set_rate("USD", datetime.date(2026, 2, 1), Decimal("0.8"), by=None)
    assert reconvert("USD") == 2
    assert list(Opportunity.objects.order_by("opened_on").values_list("amount_company", flat=True)) == [90, 80]
    assert reconvert("USD") == 0


# --- the rule for quotes ---


def test_the_rule_for_quotes_is_edited_and_told(olga, tess, signed_in):
    role = Role.objects.get(code="supervisor")
    given = policy_form(amount_limit="5000", margin_limit="15", **{f"role_{role.pk}": "25"})
    assert signed_in(olga).post("/sales/rules/quotes/", given).status_code == 302
    held = QuotePolicy.get()
    assert (held.discount_limit, held.amount_limit, held.margin_limit, held.validity_days) == (10, 5000, 15, 14)
    assert held.role_limits == {str(role.pk): "25"}
    assert Event.objects.get(verb="change", subject_kind="quote_policy").by == olga
    assert signed_in(tess).post("/sales/rules/quotes/", policy_form()).status_code == 403
    assert signed_in(olga).post("/sales/rules/quotes/", policy_form(discount_limit=101)).status_code == 422


def test_a_discount_waits_beyond_the_limit_of_ones_own_role(alice, tess):
    policy(discount_limit=Decimal(10), role_limits={str(Role.objects.get(code="supervisor").pk): "25"})
    mine, hers = draft(alice, discount=Decimal(20)), draft(tess, discount=Decimal(20))
    submit_quote(mine, by=alice)
    submit_quote(hers, by=tess)
    assert (mine.state, hers.state) == ("pending", "approved")
    assert "20 % is above the limit of 10 %" in mine.comment


def test_a_large_amount_and_a_thin_margin_wait_each_with_its_reason(alice):
    policy(amount_limit=Decimal(150), margin_limit=Decimal(25))
    thin, large = draft(alice), draft(alice, quantity=Decimal(2), unit_price=Decimal(200))
    submit_quote(thin, by=alice)
    submit_quote(large, by=alice)
    assert thin.state == large.state == "pending"
    assert "margin" in thin.comment and "amount" not in thin.comment
    assert "amount" in large.comment and "margin" not in large.comment


def test_a_new_quote_is_valid_for_the_days_of_the_rule(alice):
    policy(validity_days=7)
    quote = create_quote(customer(owner=alice), by=alice)
    assert (quote.valid_until - quote.created_at.date()).days in (6, 7, 8)


# --- numbers ---


def test_the_pattern_of_numbers_is_changed_and_told(olga, signed_in):
    url = reverse("sales:number_series", args=["quote"])
    assert signed_in(olga).post(url, {"pattern": "AN-{year}-{number:04}"}).status_code == 302
    assert NumberSeries.objects.get(pk="quote").pattern == "AN-{year}-{number:04}"
    event = Event.objects.get(verb="change", subject_kind="company")
    assert (event.by, event.facts) == (olga, {"fields": ["number_series_quote"]})
    assert "-0001" in signed_in(olga).get("/sales/numbers/").text
    assert signed_in(olga).post(url, {"pattern": "AN"}).status_code == 422
    assert signed_in(olga).get("/settings/company/").status_code == 200


def test_changed_limits_of_roles_are_told_by_their_names(olga):
    from crm.forms.shown import shown_value

    role = Role.objects.get(code="supervisor")
    assert shown_value(QuotePolicy.get(), "role_limits", {str(role.pk): "25"}) == "Sales supervisor 25 %"
