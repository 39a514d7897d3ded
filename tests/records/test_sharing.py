from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.models import Customer
from records import files, sharing, tagging
from records.models import Attachment, Event
from records.refusals import Refused
from tests.customers import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(alice):
    return makers.customer(owner=alice)


def test_a_reading_collaborator_sees_and_a_writing_one_changes(alice, charlie, acme):
    sharing.share(acme, charlie, by=alice)
    assert Customer.objects.visible_to(charlie).get() == acme
    assert not Customer.objects.allowing(charlie, "change").exists()
    sharing.share(acme, charlie, by=alice, can_write=True)
    assert Customer.objects.allowing(charlie, "change").get() == acme
    sharing.unshare(acme, sharing.collaborators_of(acme).get().pk, by=alice)
    assert not Customer.objects.visible_to(charlie).exists()
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["share", "share", "unshare"]


def test_sharing_ends_on_its_date(alice, charlie, acme):
    sharing.share(acme, charlie, by=alice, until=timezone.now() + timedelta(days=1))
    sharing.collaborators_of(acme).update(until=timezone.now() - timedelta(seconds=1))
    assert not Customer.objects.visible_to(charlie).exists()
    with pytest.raises(Refused, match="past"):
        sharing.share(acme, charlie, by=alice, until=timezone.now() - timedelta(days=1))


def test_nothing_is_shared_with_its_owner(alice, acme):
    with pytest.raises(Refused, match="owner"):
        sharing.share(acme, alice, by=alice)


def test_a_tag_is_one_in_any_case_and_stands_once(alice, acme):
    assert [tag.name for tag in tagging.add_tags(acme, ["VIP", " vip ", "Fair 2026"], by=alice)] == ["vip", "Fair 2026"]
    assert tagging.add_tags(acme, ["Vip"], by=alice) == []
    tag = tagging.tags_of(acme)[-1]
    tagging.remove_tag(acme, tag.pk, by=alice)
    assert len(tagging.tags_of(acme)) == 1


def test_a_file_hangs_on_a_record_and_leaves_with_its_bytes(
    alice, acme, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = files.attach(acme, SimpleUploadedFile("../../Offer Ünï.pdf", b"%PDF-1", "application/pdf"), by=alice)
    assert (row.name, row.size, row.customer_id) == ("Offer Ünï.pdf", 6, acme.pk)
    answer = files.response(row)
    assert b"".join(answer.streaming_content) == b"%PDF-1"
    answer.file_to_stream.close()
    with django_capture_on_commit_callbacks(execute=True):
        files.detach(row, acme, by=alice)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("name", "content"), [("run.EXE", b"MZ"), ("page.html", b"<script>"), ("empty.pdf", b"")])
def test_a_dangerous_or_empty_file_is_refused(alice, acme, name, content):
    with pytest.raises(ValidationError):
        files.attach(acme, SimpleUploadedFile(name, content), by=alice)
    assert not Attachment.objects.exists() and not Event.objects.exists()


def test_a_file_that_is_too_large_is_refused(alice, acme, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 3)
    with pytest.raises(ValidationError, match="larger"):
        files.attach(acme, SimpleUploadedFile("a.txt", b"1234"), by=alice)
