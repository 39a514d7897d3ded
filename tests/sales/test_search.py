import pytest

from records.search.find import find
from sales.create_product import create_product
from tests.sales import makers

pytestmark = pytest.mark.django_db


def found(user, term, kind):
    return [hit.title for group in find(user, term) if group.kind == kind for hit in group.hits]


def test_an_opportunity_is_found_by_name_and_numbers_within_reach(alice, charlie):
    deal = makers.opportunity("Ten pumps", owner=alice, external_id="OPP-77")
    for term in ("pumps", "opp-77", f"O-{deal.pk}"):
        assert found(alice, term, "opportunity") == ["Ten pumps"], term
        assert found(charlie, term, "opportunity") == []
    deal.edit({"name": "Twelve valves"}, by=alice)
    assert found(alice, "valves", "opportunity") == ["Twelve valves"]
    assert found(alice, "pumps", "opportunity") == []


def test_a_product_is_found_by_every_name_and_its_code(olga, alice):
    pump = create_product("Pump", by=olga, name_zh="水泵", code="P-100")
    for term in ("pump", "水泵", "sb", "p-100"):
        assert found(alice, term, "product") == ["Pump"], term
    pump.edit({"name": "Motor"}, by=olga)
    assert found(alice, "motor", "product") == ["Motor"]
