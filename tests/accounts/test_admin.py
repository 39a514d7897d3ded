import pytest
from django.utils import timezone

from accounts import access
from accounts.models import Right, Role, User, UserRole
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(signed_in, ada):
    """A client that works as ada and has just confirmed the password."""
    client = signed_in(ada)
    session = client.session
    session["confirmed_at"] = timezone.now().timestamp()
    session.save()
    return client


def user_form(user, roles, **changes):
    """What the form of a user posts, with the roles as its rows."""
    kept = list(user.user_roles.all())
    data = {
        "username": user.username, "name": user.name, "email": user.email, "phone": "", "team": user.team_id or "",
        "language": user.language, "time_zone": "", "is_active": "on", "is_on_duty": "on",
        "user_roles-TOTAL_FORMS": len(kept) + len(roles), "user_roles-INITIAL_FORMS": len(kept),
        "user_roles-MIN_NUM_FORMS": 0, "user_roles-MAX_NUM_FORMS": 1000, **changes,
    }  # fmt: skip
    for place, row in enumerate(kept):
        data |= {f"user_roles-{place}-id": row.pk, f"user_roles-{place}-user": user.pk}
        data |= {f"user_roles-{place}-role": row.role_id}
    for place, role in enumerate(roles, len(kept)):
        data |= {f"user_roles-{place}-id": "", f"user_roles-{place}-user": user.pk, f"user_roles-{place}-role": role.pk}
    return data


def test_only_an_administrator_opens_the_admin(client, everybody):
    for name, person in everybody.items():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert (client.get("/admin/").status_code == 200) == (name == "ada"), name


def test_roles_open_only_after_the_password_was_shown_again(signed_in, ada):
    client = signed_in(ada)
    address = f"/admin/accounts/role/{Role.objects.get(code='finance').pk}/change/"
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/profile/confirm/")
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 422
    confirmed = client.post(answer["Location"], {"password": factories.PASSWORD})
    assert confirmed["Location"] == address
    assert client.get(address).status_code == 200


def test_a_confirmation_ends(staff, ada):
    session = staff.session
    session["confirmed_at"] = timezone.now().timestamp() - 16 * 60
    session.save()
    assert staff.get(f"/admin/accounts/user/{ada.pk}/change/").status_code == 302


def test_an_administrator_gives_a_role_and_the_others_are_told(
    staff, ada, bob, mailoutbox, django_capture_on_commit_callbacks
):
    other = factories.person("otto", "administrator", email="otto@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(
            f"/admin/accounts/user/{bob.pk}/change/", user_form(bob, [Role.objects.get(code="finance")])
        )
    assert answer.status_code == 302
    assert access.allows(User.objects.get(pk=bob.pk), "view", "order")
    assert [mail.to for mail in mailoutbox] == [[other.email]]
    assert "Bob" in mailoutbox[0].body


def test_nobody_changes_his_own_roles_while_another_administrator_exists(staff, ada):
    factories.person("otto", "administrator")
    staff.post(f"/admin/accounts/user/{ada.pk}/change/", user_form(ada, [Role.objects.get(code="executive")]))
    assert list(ada.roles.values_list("code", flat=True)) == ["administrator"]


def test_the_only_administrator_may_change_his_own_roles(staff, ada):
    staff.post(f"/admin/accounts/user/{ada.pk}/change/", user_form(ada, [Role.objects.get(code="executive")]))
    assert set(ada.roles.values_list("code", flat=True)) == {"administrator", "executive"}


def test_the_last_administrator_cannot_be_deactivated(staff, ada):
    data = user_form(ada, [])
    del data["is_active"]
    assert "last administrator" in staff.post(f"/admin/accounts/user/{ada.pk}/change/", data).content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_users_are_deactivated_never_deleted(staff, bob):
    assert staff.post(f"/admin/accounts/user/{bob.pk}/delete/", {"post": "yes"}).status_code == 403


def test_every_road_to_a_right_leaves_history_and_the_page_says_who(staff, ada, bob):
    from accounts.models.role import Right as Tracked

    Right.objects.filter(role__code="finance", kind="order", action="view").update(reach=0)
    assert Tracked.pgh_event_model.objects.filter(pgh_label="update", kind="order", reach=0).exists()
    staff.post(f"/admin/accounts/user/{bob.pk}/change/", user_form(bob, [Role.objects.get(code="finance")]))
    event = UserRole.pgh_event_model.objects.filter(pgh_label="insert", user=bob).latest("pgh_id")
    assert event.pgh_context.metadata["user"] == ada.pk


def test_the_history_of_a_user_holds_no_password(bob):
    fields = {field.name for field in User.pgh_event_model._meta.get_fields()}
    assert "password" not in fields


@pytest.mark.parametrize("path", ["records/event/", "records/dictionaryentry/", "accounts/team/", "accounts/apitoken/"])
def test_staff_lists_open(staff, path):
    assert staff.get(f"/admin/{path}").status_code == 200


def test_events_show_no_value(staff, bob):
    from tests.customers import makers

    makers.customer("Acme", owner=bob).edit({"comment": "A secret"}, by=bob)
    page = staff.get("/admin/records/event/").content.decode()
    assert "customer" in page
    assert "A secret" not in page
