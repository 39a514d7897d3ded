from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from crm.money import minor_unit, round_money, validate_currency


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "EUR", "2.35"),
        ("2.344", "EUR", "2.34"),
        ("-2.345", "EUR", "-2.35"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
    ],
)
def test_amounts_round_half_up_to_the_minor_unit(amount, currency, rounded):
    assert str(round_money(Decimal(amount), currency)) == rounded


@pytest.mark.django_db
def test_the_database_knows_the_minor_unit_of_every_currency():
    codes = sorted(list_currencies())
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, minor_digits(code) FROM unnest(%s::text[]) code", [codes])
        digits = dict(cursor.fetchall())
    assert digits == {code: -minor_unit(code).as_tuple().exponent for code in codes}


@pytest.mark.django_db(transaction=False)
@given(st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=4), min_size=1, max_size=50))
def test_the_database_rounds_as_the_form_does(amounts):
    with connection.cursor() as cursor:
        for currency in ("EUR", "JPY", "KWD"):
            cursor.execute("SELECT array_agg(round_money(a, %s) ORDER BY n) FROM unnest(%s::numeric[]) "
                           "WITH ORDINALITY u(a, n)", [currency, amounts])  # fmt: skip
            assert cursor.fetchone()[0] == [round_money(amount, currency) for amount in amounts]


def test_a_code_that_is_no_currency_is_refused():
    with pytest.raises(ValidationError, match="XYZ is not a currency code"):
        validate_currency("XYZ")


@pytest.mark.django_db
def test_the_databases_rounding_needs_no_search_path():
    """pg_restore has none, and computes generated columns anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute("SELECT public.round_money(1.005, 'EUR'), public.round_money(1.5, 'JPY')")
        assert cursor.fetchone() == (Decimal("1.01"), Decimal("2"))
        cursor.execute("SET LOCAL search_path = public")
