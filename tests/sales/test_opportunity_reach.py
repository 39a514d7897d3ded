"""Who reaches an opportunity: its owner, the customer's owner, their supervisors, whom it was shared with."""

import pytest

from accounts import access
from customers.ownership import give
from records.models import Collaborator
from sales.models import Opportunity
from tests.customers.makers import customer
from tests.sales import makers

pytestmark = pytest.mark.django_db


def who(people, deal, action="view"):
    """By each of the three readings, which have to agree."""
    found = {name for name, person in people.items() if access.covers(person, deal, action)}
    by_sql = {
        name for name, person in people.items()
        if Opportunity.objects.filter(access.as_q(person, Opportunity, action), pk=deal.pk).exists()
    }  # fmt: skip
    one = Opportunity.objects.filter(pk=deal.pk)
    by_walk = {
        name for name, person in people.items()
        if any(walk.narrow(one).exists() for walk in access.walks(person, Opportunity, action))
    }  # fmt: skip
    assert found == by_sql == by_walk
    return found


def test_an_opportunity_without_customer_is_its_owner_s(everybody):
    deal = makers.opportunity(owner=everybody["alice"])
    assert who(everybody, deal) == {"alice", "tess", "erin", "olga"}
    assert who(everybody, deal, "change") == {"alice", "tess", "olga"}
    assert who(everybody, deal, "assign") == {"tess", "olga"}
    assert who(everybody, deal, "export") == {"alice", "tess", "erin", "olga"}


def test_whoever_has_the_customer_has_its_opportunities(everybody):
    deal = makers.opportunity(owner=everybody["charlie"], customer=customer(owner=everybody["alice"]))
    assert who(everybody, deal) == {"alice", "charlie", "tess", "erin", "olga"}
    assert who(everybody, deal, "change") == {"alice", "charlie", "tess", "olga"}


def test_the_customer_s_next_owner_reaches_it_and_the_former_one_no_longer(everybody):
    acme = customer(owner=everybody["alice"])
    deal = makers.opportunity(owner=everybody["charlie"], customer=acme)
    give([acme.pk], to=everybody["bob"], by=None, verb="assign")
    deal.refresh_from_db()
    assert deal.customer_owner == everybody["bob"].pk
    assert who(everybody, deal) == {"bob", "charlie", "tess", "erin", "olga"}


def test_a_collaborator_reads_or_writes(everybody):
    deal = makers.opportunity(owner=everybody["alice"])
    share = Collaborator.objects.create(user=everybody["charlie"], subject_kind="opportunity", subject_id=deal.pk)
    assert "charlie" in who(everybody, deal)
    assert "charlie" not in who(everybody, deal, "change")
    share.can_write = True
    share.save()
    assert "charlie" in who(everybody, deal, "change")


def test_below_a_customer_are_the_same_rows_as_everywhere(everybody):
    acme = customer(owner=everybody["alice"])
    for name in ("alice", "charlie", "nobody"):
        makers.opportunity(owner=everybody[name], customer=acme)
    Collaborator.objects.create(user=everybody["bob"], subject_kind="customer", subject_id=acme.pk)
    for person in everybody.values():
        everywhere = Opportunity.objects.visible_to(person).filter(customer=acme)
        assert set(Opportunity.objects.below(person, acme)) == set(everywhere)
