"""The customers list, as the first user of the list machine."""

import datetime

import pytest
from django.utils import timezone

from customers.models import Customer
from customers.search import index_customers
from records.models import SavedView, Tag, Tagging
from tests.crm.lists.walk import link
from tests.customers.makers import customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice):
    rows = [customer(f"Firma {number:02}", owner=alice) for number in range(3)]
    index_customers([row.pk for row in rows])
    return rows


def page(client, query="", **headers):
    return client.get(f"/customers/?{query}", headers=headers).content.decode()


def test_a_list_shows_the_rows_in_reach_only(signed_in, alice, charlie, alices):
    customer("Foreign", owner=charlie)
    found = page(signed_in(alice))
    assert "Firma 00" in found and "Firma 02" in found
    assert "Foreign" not in found


@pytest.mark.parametrize("person", ["alice", "tess", "erin"])
@pytest.mark.parametrize("query", ["", "grade=D", "q=Firma", "sort=next", "contact=unplanned&sort=-name"])
def test_thirty_rows_need_as_many_queries_as_three(
    signed_in, request, alice, alices, person, query, django_assert_num_queries
):
    client = signed_in(request.getfixturevalue(person))
    page(client, query)
    with django_assert_num_queries(20, exact=False) as few:
        page(client, query)
    index_customers([customer(f"Firma {number + 3:02}", owner=alice).pk for number in range(27)])
    with django_assert_num_queries(len(few)):
        assert page(client, query).count("data-list-row") == 30


def test_htmx_gets_the_list_alone_and_its_address(signed_in, alice, alices):
    answer = signed_in(alice).get("/customers/?grade=D&state=", headers={"HX-Request": "true"})
    found = answer.content.decode()
    assert found.lstrip().startswith("<section") and "<html" not in found
    assert answer["HX-Push-Url"] == "/customers/?grade=D"
    assert "HX-Request" in answer["Vary"]


def test_the_links_lead_from_page_to_page(signed_in, alice):
    for number in range(60):
        customer(f"Firma {number:02}", owner=alice)
    client = signed_in(alice)
    first = page(client, "sort=name")
    second = client.get(link(first, "next")).content.decode()
    assert "Firma 49" in first and "Firma 50" in second and "Firma 49" not in second
    assert "Firma 49" in client.get(link(second, "prev")).content.decode()


def test_active_filters_are_chips_with_a_cross(signed_in, alice, alices):
    found = page(signed_in(alice), f"grade=A&grade=B&owner={alice.pk}&created_after=2026-01-02")
    assert "A, B" in found and "Alice" in found
    assert "from 2 Jan 2026" in found
    assert f'href="/customers/?owner={alice.pk}&amp;created_after=2026-01-02"' in found


@pytest.mark.parametrize(
    "query", ["grade=Z", "owner=999999", "owner=x", "created_after=2026-99-99", "created_after=5&created_before=1",
              "created_after=2026-02-01&created_before=2026-01-01", "region=%00", "contact=never%27"],
)  # fmt: skip
def test_a_filter_without_sense_shows_why_and_no_rows(signed_in, alice, alices, query):
    found = page(signed_in(alice), query)
    assert "This filter makes no sense" in found
    assert "data-list-row" not in found


def test_an_owner_out_of_reach_is_no_filter(signed_in, alice, charlie, alices):
    assert "This filter makes no sense" in page(signed_in(alice), f"owner={charlie.pk}")


def test_the_filter_form_shows_the_present_values(signed_in, alice, alices):
    found = signed_in(alice).get("/lists/customers/filters/?grade=A&q=x").content.decode()
    assert '<option value="A" selected>' in found
    assert 'name="q" value="x"' in found


def test_filters_by_contact(signed_in, alice, alices):
    past = timezone.now() - datetime.timedelta(days=1)
    Customer.objects.filter(pk=alices[0].pk).update(next_contact_at=past)
    Customer.objects.filter(pk=alices[1].pk).update(last_contact_at=past)
    client = signed_in(alice)
    assert shown(page(client, "contact=overdue")) == ["Firma 00"]
    assert shown(page(client, "contact=never&sort=name")) == ["Firma 00", "Firma 02"]
    assert shown(page(client, "contact=unplanned&sort=name")) == ["Firma 01", "Firma 02"]


def test_filters_by_tag(signed_in, alice, alices):
    tag = Tag.objects.create(name="VIP")
    Tagging.objects.create(tag=tag, subject_kind="customer", subject_id=alices[1].pk)
    assert shown(page(signed_in(alice), f"tag={tag.pk}")) == ["Firma 01"]


def shown(found):
    return [f"Firma {number:02}" for number in range(3) if f">Firma {number:02}<" in found]


def test_nothing_yet_says_what_to_do_and_nothing_found_how_to_go_back(signed_in, alice):
    client = signed_in(alice)
    assert "No customers yet" in page(client)
    assert "Nothing found" in page(client, "q=nothing")


def test_the_exact_count_is_asked_for(signed_in, alice, alices):
    assert "3" in signed_in(alice).get("/lists/customers/count/", headers={"HX-Request": "true"}).content.decode()


def test_a_name_is_text_and_never_markup(signed_in, alice):
    customer("<script>x</script>", owner=alice)
    found = page(signed_in(alice))
    assert "<script>x" not in found and "&lt;script&gt;x" in found


def test_a_person_chooses_columns_and_their_order(signed_in, alice, tess, alices):
    data = {"columns": ["name", "grade", "city"], "place_name": "2", "place_grade": "3", "place_city": "1"}
    signed_in(alice).post("/lists/customers/columns/", data)
    assert heads(page(signed_in(alice))) == ["City", "Name", "Grade"]
    assert "Owner" in heads(page(signed_in(tess)))
    signed_in(alice).post("/lists/customers/columns/", {"reset": "1"})
    assert "Owner" in heads(page(signed_in(alice)))


def heads(found):
    import re

    parts = re.findall(r'<th scope="col" class="(?:num)?"[^>]*>(?:<a[^>]*>)?([^<]+)', found)
    return [part.strip() for part in parts]


def test_a_view_keeps_filters_columns_and_sort(signed_in, alice, alices):
    client = signed_in(alice)
    answer = client.post("/lists/customers/views/?grade=D&sort=name", {"name": "Small ones", "share": "none"})
    view = SavedView.objects.get(name="Small ones")
    assert answer.url == f"/customers/?view={view.pk}"
    found = client.get(answer.url).content.decode()
    assert "Small ones" in found and "Grade" in found and 'aria-sort="ascending"' in found


def test_a_view_is_seen_by_those_with_whom_it_is_shared(signed_in, alice, bob, charlie, tess, olga, alices):
    make = SavedView.objects.create
    make(list_name="customers", owner=alice, name="Mine")
    make(list_name="customers", owner=alice, name="Teams", share="team", team=alice.team)
    make(list_name="customers", owner=olga, name="Everybodys", share="all")
    seen = {p.username: {name for name in ("Mine", "Teams", "Everybodys") if name in page(signed_in(p))}
            for p in (alice, bob, tess, charlie)}  # fmt: skip
    assert seen["alice"] == {"Mine", "Teams", "Everybodys"}
    assert seen["bob"] == seen["tess"] == {"Teams", "Everybodys"}
    assert seen["charlie"] == {"Everybodys"}


def test_a_shared_view_shows_what_the_viewer_reaches(signed_in, alice, charlie, alices):
    customer("Charlies", owner=charlie)
    view = SavedView.objects.create(list_name="customers", owner=alice, name="D", share="all", query="grade=D")
    found = page(signed_in(charlie), f"view={view.pk}")
    assert "Charlies" in found and "Firma 00" not in found


def test_only_who_sees_all_shares_with_all(signed_in, alice, olga):
    for person, status in ((alice, 422), (olga, 302)):
        answer = signed_in(person).post("/lists/customers/views/", {"name": "X", "share": "all"})
        assert answer.status_code == status


def test_the_list_opens_with_the_view_a_person_chose(signed_in, alice, alices):
    Customer.objects.filter(pk=alices[0].pk).update(grade="A")
    client = signed_in(alice)
    client.post("/lists/customers/views/opening/", {"view": "a_grade"})
    assert shown(page(client)) == ["Firma 00"]
    assert len(shown(page(client, "view=all"))) == 3
