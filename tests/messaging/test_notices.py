"""Notices: told once, read by their person only, cheap to ask for."""

import pytest
from django.urls import reverse

from messaging.models import Notice
from messaging.notices import NoticeKind, notice_kinds, take_back, tell, unread_count
from records.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def test_kind(monkeypatch):
    kind = NoticeKind("bell", lambda n: f"{n.count} customers <b>", lambda n: "/notices/?told=1")
    monkeypatch.setattr(notice_kinds, "_items", {"test": kind})


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("messaging.notices.transaction.on_commit", lambda run: run())


def test_the_same_key_is_told_once(alice, bob):
    assert sorted(tell("test", {alice.pk: (3, {}), bob.pk: (1, {})}, key="a")) == sorted([alice.pk, bob.pk])
    assert tell("test", {alice.pk: (9, {})}, key="a") == []
    assert Notice.objects.get(user=alice).count == 3


def test_portions_add_up_to_one_notice_that_is_unread_again(alice):
    tell("test", {alice.pk: (3, {})}, key="a", adds=True)
    Notice.objects.mark_read()
    tell("test", {alice.pk: (2, {})}, key="a", adds=True)
    notice = Notice.objects.get()
    assert (notice.count, notice.read_at) == (5, None)


def test_who_is_not_active_is_not_told(alice):
    alice.is_active = False
    alice.save()
    assert tell("test", {alice.pk: (1, {})}, key="a") == []


def test_the_number_at_the_bell_follows_at_once(alice, signed_in):
    assert unread_count(alice) == 0
    tell("test", {alice.pk: (1, {})}, key="a")
    assert unread_count(alice) == 1
    signed_in(alice).post(reverse("messaging:read_all"))
    assert unread_count(alice) == 0


def test_reading_is_a_post_that_leads_on(alice, signed_in):
    tell("test", {alice.pk: (1, {})}, key="a")
    url = reverse("messaging:read", args=[Notice.objects.get().pk])
    assert signed_in(alice).get(url).status_code == 405
    assert signed_in(alice).post(url).url == "/notices/?told=1"
    assert Notice.objects.get().read_at


def test_nobody_reads_anothers(alice, bob, signed_in):
    tell("test", {alice.pk: (7, {})}, key="a")
    client = signed_in(bob)
    assert client.post(reverse("messaging:read", args=[Notice.objects.get().pk])).status_code == 404
    client.post(reverse("messaging:read_all"))
    assert Notice.objects.get().read_at is None
    for page in ("notices", "latest", "bell"):
        assert "7 customers" not in client.get(reverse(f"messaging:{page}")).text


def test_the_list_escapes_and_pages(alice, signed_in):
    for number in range(60):
        tell("test", {alice.pk: (number, {})}, key=f"k{number}")
    page = signed_in(alice).get(reverse("messaging:notices"))
    assert "59 customers &lt;b&gt;" in page.text and "\n9 customers" not in page.text
    assert len(page.context["lines"]) == 50
    older = signed_in(alice).get(page.context["older_url"])
    assert len(older.context["lines"]) == 10


@pytest.mark.parametrize("before", ["x", "9" * 40, "-1", ""])
def test_a_nonsensical_place_in_the_list_is_no_error(alice, signed_in, before):
    assert signed_in(alice).get(reverse("messaging:notices"), {"before": before}).status_code == 200


def test_the_bell_stands_on_every_page_with_its_number(alice, signed_in):
    tell("test", {alice.pk: (1, {})}, key="a")
    page = signed_in(alice).get(reverse("accounts:profile")).text
    assert 'data-bell="/notices/bell/"' in page and 'class="bell-number"' in page


def test_undo_takes_back_what_nobody_read(alice, bob):
    batch = Batch.start("test", by=None)
    tell("test", {alice.pk: (1, {}), bob.pk: (1, {})}, key="a", batch=batch)
    read = Notice.objects.get(user=bob)
    Notice.objects.filter(pk=read.pk).mark_read()
    assert take_back(batch) == (1, [read.pk])
    assert not Notice.objects.filter(user=alice).exists()
