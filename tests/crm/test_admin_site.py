import pytest

pytestmark = pytest.mark.django_db


def test_an_administrator_gets_in_under_our_name(signed_in, ada, settings):
    settings.PRODUCT_NAME = "Harbour"
    page = signed_in(ada).get("/admin/")
    assert page.status_code == 200
    assert "Harbour" in page.content.decode()
    assert "/admin/auth/group/" not in page.content.decode()


def test_everybody_else_is_refused_without_being_asked_to_sign_in_again(signed_in, tess):
    client = signed_in(tess)
    assert client.get("/admin/", follow=True).status_code == 403


def test_strangers_sign_in_at_our_own_page_and_come_back(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/login/?next=%2Fadmin%2F"
    assert "accounts/login.html" in [one.name for one in answer.templates]


def test_the_menu_offers_administration_to_administrators_only(signed_in, ada, alice):
    assert "/admin/" in signed_in(ada).get("/profile/").content.decode()
    assert "/admin/" not in signed_in(alice).get("/profile/").content.decode()
