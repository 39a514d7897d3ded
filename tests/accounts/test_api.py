"""``/api/v1/users`` and ``/api/v1/teams``: seen by everybody, changed by who administers, within what a token may."""

import re

import pytest
from django.db import connection

from accounts import access
from accounts.directory import deactivate
from accounts.models import ApiToken, Role, Team, User, UserRole
from records.versions import versioned_columns
from tests import factories
from tests.customers import makers
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(api, ada):
    """Entered by the API: no role, no password."""
    return User.objects.get(pk=api(ada, "users", {"name": "Mia Berg", "email": "mia@acme.example"}).json()["id"])


def patch(api, person, path, sent, version):
    return api(person, path, sent, method="patch", version=version)


def test_a_name_is_enough_and_nobody_signs_in_before_being_invited(api, ada):
    made = api(ada, "users", {"name": "王芳"})
    assert made.status_code == 201
    person = User.objects.get(pk=made.json()["id"])
    assert (person.username, person.is_active, person.has_usable_password()) == ("wang.fang", True, False)
    assert access.role_ids_of(person) == []


def test_a_new_person_is_what_was_sent(api, ada, north):
    sent = {
        "name": "Mia Berg", "username": "mia", "email": "mia@acme.example", "phone": "+49 30 901820", "team": north.pk,
        "language": "ru", "time_zone": "Europe/Berlin", "is_on_duty": False,
    }  # fmt: skip
    assert sent.items() <= api(ada, "users", sent).json().items()


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "name"), ({"name": "  "}, "name"), ({"name": "A", "email": "mia"}, "email"),
     ({"name": "A", "language": "de"}, "language"), ({"name": "A", "time_zone": "Moon"}, "time_zone"),
     ({"name": "A", "team": 999_999}, "team"), ({"name": "A", "username": "a b"}, "username"),
     ({"name": "A", "roles": ["administrator"]}, "roles"), ({"name": "A", "password": "x"}, "password"),
     ({"name": "A", "is_demo": True}, "is_demo")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(api, ada, sent, field):
    before = User.objects.count()
    answer = api(ada, "users", sent)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert User.objects.count() == before


def test_a_user_name_is_taken_once_whatever_its_letters(api, ada, alice):
    answer = api(ada, "users", {"name": "A", "username": "ALICE"})
    assert (answer.status_code, "This user name is taken." in str(answer.json()["errors"])) == (422, True)


def test_mail_and_phone_are_for_the_person_and_the_administrators(api, ada, alice, bob):
    User.objects.filter(pk=alice.pk).update(email="alice@acme.example", phone="+49301")
    seen = {who: api(who, f"users/{alice.pk}").json() for who in (ada, alice, bob)}
    assert [seen[who]["email"] for who in (ada, alice, bob)] == ["alice@acme.example", "alice@acme.example", None]
    assert [seen[who]["phone"] for who in (ada, alice, bob)] == ["+49301", "+49301", None]
    assert b"alice@acme.example" not in api(bob, "users?q=alice").content


def test_a_change_needs_the_version_that_was_seen_and_leaves_history(api, ada, mia, north):
    path = f"users/{mia.pk}"
    assert api(ada, path, {"team": north.pk}, method="patch").status_code == 428
    changed = patch(api, ada, path, {"team": north.pk, "is_on_duty": False}, mia.version)
    assert (changed.status_code, changed.json()["team"], changed.json()["version"]) == (200, north.pk, mia.version + 1)
    assert patch(api, ada, path, {"team": None}, mia.version).status_code == 412
    events = User.pgh_event_model.objects.filter(id=mia.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.pgh_context.metadata["user"]) for event in events] == [
        ("insert", ada.pk), ("update", ada.pk),
    ]  # fmt: skip


def test_what_is_not_touched_is_not_judged(api, ada, mia):
    User.objects.filter(pk=mia.pk).update(email="from a file")
    assert patch(api, ada, f"users/{mia.pk}", {"phone": "+49301"}, 2).status_code == 200


@pytest.mark.parametrize("sent", [{"email": "thief@acme.example"}, {"username": "other"}])
def test_the_ways_in_of_somebody_with_a_role_are_not_for_a_token(api, ada, olga, sent):
    answer = patch(api, ada, f"users/{olga.pk}", sent, olga.version)
    assert (answer.status_code, answer.json()["reason"]) == (409, "confirmation")
    assert User.objects.get(pk=olga.pk).email == olga.email


def test_without_a_role_the_mail_may_change(api, ada, mia):
    assert patch(api, ada, f"users/{mia.pk}", {"email": "m@acme.example"}, mia.version).status_code == 200


def test_deleting_deactivates_and_coming_back_asks_for_the_password(api, ada, alice, bob):
    token = ApiToken.issue(alice)
    assert api(ada, f"users/{alice.pk}", method="delete").status_code == 204
    assert api(ada, f"users/{alice.pk}", method="delete").status_code == 204
    assert User.objects.get(pk=alice.pk).is_active is False
    assert ApiToken.find(token) is None
    assert api(bob, f"users/{alice.pk}").status_code == 404
    assert [row["id"] for row in api(ada, "users?is_active=false").json()["items"]] == [alice.pk]
    version = api(ada, f"users/{alice.pk}").json()["version"]
    back = patch(api, ada, f"users/{alice.pk}", {"is_active": True}, version)
    assert (back.status_code, back.json()["reason"]) == (409, "confirmation")


def test_the_last_administrator_stays(api, ada):
    for answer in (
        api(ada, f"users/{ada.pk}", method="delete"),
        patch(api, ada, f"users/{ada.pk}", {"is_active": False}, ada.version),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (409, "last_administrator")
    assert User.objects.get(pk=ada.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_leave_at_once_one_stays(ada):
    otto = factories.person("otto", "administrator")

    def leave(person):
        try:
            deactivate(User.objects.get(pk=person.pk), by=None)
        except Exception as refusal:
            return refusal
        return None

    answers = at_once(leave, [ada, otto])
    assert answers.count(None) == 1
    assert access.holders("system", "administer").count() == 1


def test_an_invitation_goes_to_her_address_only(api, ada, mia, bob, mailoutbox):
    assert api(bob, f"users/{mia.pk}/invite").status_code == 403
    assert api(ada, f"users/{mia.pk}/invite").status_code == 200
    assert [mail.to for mail in mailoutbox] == [["mia@acme.example"]]
    User.objects.filter(pk=mia.pk).update(email="")
    assert api(ada, f"users/{mia.pk}/invite").json()["reason"] == "no_address"


def test_a_token_of_a_person_who_lost_the_right_changes_nobody(api, ada, mia):
    factories.person("otto", "administrator")
    UserRole.objects.filter(user=ada).delete()
    answer = patch(api, ada, f"users/{mia.pk}", {"name": "X"}, mia.version)
    assert answer.status_code == 403
    assert Role.objects.filter(code="administrator").exists()


# --- teams ---


def test_a_team_is_made_changed_and_removed(api, ada, north, tess):
    made = api(ada, "teams", {"name": "East", "parent": north.pk, "supervisor": tess.pk}).json()
    path = f"teams/{made['id']}"
    changed = patch(api, ada, path, {"name": "Far East"}, made["version"])
    assert (changed.json()["name"], changed.json()["version"]) == ("Far East", made["version"] + 1)
    assert patch(api, ada, path, {"name": "x"}, made["version"]).status_code == 412
    assert api(ada, path, method="delete").status_code == 204
    labels = Team.pgh_event_model.objects.filter(id=made["id"]).order_by("pgh_id")
    assert [(event.pgh_label, event.pgh_context.metadata["user"]) for event in labels] == [
        ("insert", ada.pk), ("update", ada.pk), ("delete", ada.pk),
    ]  # fmt: skip


def test_a_team_with_people_teams_or_records_stays(api, ada, alice, north):
    upper, empty = factories.team("Upper"), factories.team("Empty")
    factories.team("Lower", parent=upper)
    owner = factories.person("omar", "account_manager", team=empty)
    makers.customer(owner=owner)
    User.objects.filter(pk=owner.pk).update(team=None)
    for team in (north, upper, empty):
        answer = api(ada, f"teams/{team.pk}", method="delete")
        assert (answer.status_code, answer.json()["reason"]) == (409, "in_use"), team


def test_a_team_cannot_be_part_of_what_lies_below_it(api, ada, north):
    below = factories.team("Below", parent=north)
    answer = patch(api, ada, f"teams/{north.pk}", {"parent": below.pk}, north.version)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["parent"])


def test_a_name_is_once_below_its_parent(api, ada, north):
    assert api(ada, "teams", {"name": north.name.upper(), "parent": north.parent_id}).status_code == 422


def test_teams_are_found_by_name_parent_and_supervisor(api, alice, tess, north):
    below = factories.team("Quokka", parent=north, supervisor=tess)
    for asked in ("q=quok", f"parent={north.pk}", f"supervisor={tess.pk}&q=Quokka"):
        assert [row["id"] for row in api(alice, f"teams?{asked}").json()["items"]] == [below.pk], asked


@pytest.mark.parametrize("model", [User, Team])
def test_the_version_watches_what_is_edited(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'raise_version'",
            [model._meta.db_table],
        )
        (definition,) = cursor.fetchone()
    assert set(re.findall(r"old\.\"?(\w+)", definition)) == set(versioned_columns(model))
