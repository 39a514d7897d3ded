"""A customer in a pool hides on every surface how to reach it: page, list, search, export, API, notices, files."""

import csv
import io

import pytest
from django.urls import reverse

from customers.churn.case import open_case
from customers.log_activity import log_activity
from customers.models import ContactPoint, Customer, Pool
from customers.points import Point, add_point
from customers.release import release
from customers.search import index_contacts, index_customers
from records.models import Attachment
from tests.customers.makers import contact, customer, task

pytestmark = pytest.mark.django_db

SECRETS = ("5551234", "boss@hidden.example", "Zebulon", "whisper", "hushhush")


@pytest.fixture
def hidden(alice):
    """Alice's, with everything that tells how to reach it, then released: bob and tess see the pool."""
    row = customer("Hidden Ltd", owner=alice)
    add_point(row, Point("phone", "+49 30 5551234"), by=alice)
    add_point(row, Point("email", "boss@hidden.example"), by=alice)
    person = contact(row, "Zebulon Zimt")
    log_activity(row, {"type": "call", "content": "whisper"}, by=alice)
    task(alice, "hushhush", customer=row)
    open_case(row, by=alice, note="whisper of leaving")
    index_customers([row.pk]), index_contacts([person.pk])
    row.refresh_from_db()
    release(row, by=alice, reason="no_need", note="hushhush")
    return Customer.objects.get(pk=row.pk)


def told_nothing(text):
    assert not [secret for secret in SECRETS if secret in text], [s for s in SECRETS if s in text]
    return True


def test_the_row_still_holds_what_is_hidden(hidden):
    assert "5551234" in hidden.phone and hidden.email == "boss@hidden.example"
    assert ContactPoint.objects.filter(customer=hidden).count() == 2


@pytest.mark.parametrize("person", ["alice", "bob", "tess", "olga"])
def test_the_pages_of_a_pooled_customer_open_to_nobody(everybody, hidden, signed_in, person):
    client = signed_in(everybody[person])
    for name in ("detail", "details", "files", "history", "timeline", "edit"):
        answer = client.get(reverse(f"customers:{name}", args=[hidden.pk]))
        assert answer.status_code == 404 and told_nothing(answer.text), name


@pytest.mark.parametrize("person", ["alice", "bob", "tess", "erin", "olga"])
def test_lists_and_today_leave_it_out(everybody, hidden, signed_in, person):
    client = signed_in(everybody[person])
    for url in ("/customers/", "/customers/contacts/", "/customers/churn/", "/", "/customers/tasks/"):
        text = client.get(url).text
        assert "Zebulon" not in text and "5551234" not in text and "boss@hidden" not in text, url
        assert "Hidden Ltd" not in text or person == "alice", url  # her own task still names it


@pytest.mark.parametrize("person", ["bob", "erin", "olga"])
def test_no_search_finds_it_by_what_is_hidden(everybody, hidden, signed_in, person):
    client = signed_in(everybody[person])
    for words in ("5551234", "boss@hidden", "Zebulon", "whisper", "030 5551234"):
        for url in ("/search/", "/customers/pool/", "/customers/", "/customers/contacts/"):
            text = client.get(url, {"q": words}).text
            assert "Hidden Ltd" not in text and "Zebulon Zimt" not in text, (url, words)


def test_the_export_of_the_pool_writes_masks(olga, hidden, signed_in):
    client = signed_in(olga)
    columns = ["name", "phone", "email", "former_owner", "city"]
    client.post("/lists/pool/columns/", {"columns": columns})
    answer = client.post("/lists/pool/export/", {"format": "csv", "columns": "all"})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert told_nothing(text)
    assert "•••" in next(row for row in csv.reader(io.StringIO(text)) if "Hidden Ltd" in row)


@pytest.mark.parametrize("person", ["bob", "erin", "olga"])
def test_the_api_shows_a_name_and_nothing_to_reach_it_by(everybody, hidden, api, person):
    reader = everybody[person]
    rows = api(reader, f"customers?pool={Pool.default().pk}").json()["items"]
    assert [(row["name"], row["phone"], row["email"], row["phones"], row["emails"]) for row in rows] == [
        ("Hidden Ltd", None, None, [], [])
    ]
    for path in (f"customers/{hidden.pk}", f"customers/{hidden.pk}/phones"):
        assert api(reader, path).status_code == 404
    for path in ("customers", "contacts", "activities", "tasks", "churn", f"customers?pool={Pool.default().pk}&q=5551"):
        answer = api(reader, path)
        assert answer.status_code in (200, 403)
        if answer.status_code == 200:
            assert "Zebulon" not in answer.text and "5551234" not in answer.text and "boss@" not in answer.text, path


def test_a_file_of_it_cannot_be_fetched(bob, olga, hidden, signed_in, settings, tmp_path):
    from django.core.files.base import ContentFile

    settings.MEDIA_ROOT = tmp_path
    file = Attachment(subject_kind="customer", subject_id=hidden.pk, name="whisper.txt", size=7)
    file.file.save("whisper.txt", ContentFile(b"whisper"), save=False)
    file.save()
    for person in (bob, olga):
        answer = signed_in(person).get(reverse("customers:file", args=[hidden.pk, file.pk]))
        assert answer.status_code == 404


def test_notices_name_it_and_tell_no_more(bob, hidden, signed_in, everybody):
    from customers.assign import assign_all

    assign_all([hidden.pk], to=everybody["alice"], by=everybody["tess"])
    release(Customer.objects.get(pk=hidden.pk), by=everybody["alice"], reason="no_need")
    for person in ("alice", "bob", "tess"):
        told_nothing(signed_in(everybody[person]).get("/notices/").text)


def test_claiming_takes_the_masks_off(bob, hidden, signed_in):
    client = signed_in(bob)
    client.post(reverse("customers:claim", args=[hidden.pk]))
    page = client.get(reverse("customers:detail", args=[hidden.pk])).text
    assert "5551234" in page and "boss@hidden.example" in page and "Zebulon" in page
