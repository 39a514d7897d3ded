import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import access
from accounts.models import Reach, Right, Role, Team, User, UserRole
from accounts.roles import install_built_in_roles
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_widest_reach_of_all_roles_counts(alice):
    assert access.reach_of(alice, "customer") == Reach.OWN
    UserRole.objects.create(user=alice, role=Role.objects.get(code="executive"))
    access.forget(alice)
    assert access.reach_of(alice, "customer") == Reach.ALL
    assert access.reach_of(alice, "customer", "change") == Reach.OWN


def test_an_administrator_reaches_no_business_data(ada):
    assert access.allows(ada, "administer", "system")
    assert not any(access.allows(ada, "view", kind) for kind in ("lead", "customer", "opportunity", "order", "report"))


def test_somebody_without_a_role_may_nothing(nobody):
    assert access.grants_of(nobody).reaches == {}
    with pytest.raises(PermissionDenied):
        access.require(nobody, "view", "customer")


def test_a_deactivated_person_may_nothing(alice):
    alice.is_active = False
    access.forget(alice)
    assert not access.allows(alice, "view", "customer")


def test_team_reach_is_the_own_team_and_the_supervised_ones_with_all_below(tess, north, south):
    below = factories.team("North-East", parent=north)
    deep = factories.team("North-East 2", parent=below)
    other = factories.team("West", supervisor=tess)
    assert set(access.team_ids_of(tess)) == {north.pk, below.pk, deep.pk, other.pk}


def test_grants_and_teams_are_one_query(tess, django_assert_num_queries):
    fresh = User.objects.get(pk=tess.pk)
    with django_assert_num_queries(1):
        access.allows(fresh, "view", "customer")
        access.team_ids_of(fresh)
        access.reach_of(fresh, "lead", "assign")


def test_an_upgrade_gives_no_right_back_that_was_taken_away():
    right = Right.objects.get(role__code="account_manager", kind="customer", action="claim")
    right.reach = Reach.NONE
    right.save()
    install_built_in_roles()
    right.refresh_from_db()
    assert right.reach == Reach.NONE


def test_an_upgrade_adds_rights_that_are_missing():
    Right.objects.filter(role__code="finance", kind="order", action="view").delete()
    install_built_in_roles()
    assert Right.objects.get(role__code="finance", kind="order", action="view").reach == Reach.ALL


def test_a_team_is_never_part_of_itself(north):
    with pytest.raises(IntegrityError, match="team_is_not_part_of_itself"), transaction.atomic():
        Team.objects.filter(pk=north.pk).update(parent=north)


def test_user_names_differ_in_more_than_case(alice):
    with pytest.raises(IntegrityError, match="user_name_once"), transaction.atomic():
        User.objects.create_user("ALICE")


def test_sign_in_names_are_found_in_any_case(alice):
    assert User.objects.get_by_natural_key("Alice") == alice


def test_people_in_reach_are_oneself_the_team_or_all(alice, bob, charlie, tess, erin):
    def names(user):
        return set(access.people_in_reach(user, "customer").values_list("username", flat=True))

    assert names(alice) == {"alice"}
    assert names(tess) == {"alice", "bob", "tess"}
    assert names(erin) == {"alice", "bob", "charlie", "tess", "erin"}


def test_holders_are_those_who_hold_a_right_and_are_active(alice, tess, olga):
    assert set(access.holders("lead", "assign")) == {tess, olga}
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert set(access.holders("lead", "assign")) == {tess}
