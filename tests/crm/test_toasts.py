import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.urls import path

from crm.toasts import toast_with_undo
from crm.urls import urlpatterns as product

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
HTMX = {"HTTP_HX_REQUEST": "true"}


def telling(request):
    toast_with_undo(request, "Customer <b>released</b>", request.GET.get("undo", "/profile/"))
    answer = HttpResponse(status=int(request.GET.get("status", 200)))
    if "redirect" in request.GET:
        answer["HX-Redirect"] = "/profile/"
    return answer


def file(request):
    messages.success(request, "Exported")
    return HttpResponse(b"\0", content_type="application/octet-stream")


urlpatterns = [*product, path("telling/", telling), path("file/", file)]


def test_a_fragment_brings_its_messages_out_of_band(signed_in, alice):
    page = signed_in(alice).get("/telling/", **HTMX).content.decode()
    assert 'id="toasts" hx-swap-oob="beforeend"' in page
    assert 'action="/profile/"' in page
    assert "csrfmiddlewaretoken" in page
    assert "&lt;b&gt;released" in page


@pytest.mark.parametrize("query", ["redirect=1", "status=204"])
def test_what_leads_to_another_page_keeps_the_message_for_that_page(signed_in, alice, query):
    client = signed_in(alice)
    assert b"toast" not in client.get(f"/telling/?{query}", **HTMX).content
    assert "released" in client.get("/profile/").content.decode()


def test_a_file_is_not_touched(signed_in, alice):
    client = signed_in(alice)
    assert client.get("/file/", **HTMX).content == b"\0"
    assert "Exported" in client.get("/profile/").content.decode()


def test_a_whole_page_shows_the_message_once(signed_in, alice):
    client = signed_in(alice)
    client.get("/telling/")
    assert "released" in client.get("/profile/").content.decode()
    assert "released" not in client.get("/profile/").content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/nowhere/", "javascript:alert(1)"])
def test_undo_posts_to_addresses_of_ours_only(signed_in, alice, address):
    page = signed_in(alice).get("/telling/", {"undo": address}, **HTMX).content.decode()
    assert "<form" not in page
