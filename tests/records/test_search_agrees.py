"""What the indexes of the search answer is what a plain look at every row within reach answers."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm import normalise
from customers.create import NewContact, create_customer
from customers.models import Contact, ContactSearch, Customer, CustomerSearch, Pool
from customers.ownership import give_one
from records.search import Text, find, put
from records.search.ask import question, takes_parts

pytestmark = pytest.mark.django_db

NAMES = ("Norberg Pumps", "Old Norberg", "ООО «Норберг»", "上海云山科技有限公司", "Snorberg-Lines", "A B Norden")
WORDS = ("norberg", "NORB", "berg pumps", "норб", "云山", "shys", "no", "nor", "g-l", "a b nor", "pumps norberg")


@pytest.fixture
def firms(alice, bob, charlie, tess):
    made = []
    for place, name in enumerate(NAMES * 3):
        person = (alice, bob, charlie, tess)[place % 4]
        made.append(create_customer({"name": name}, by=person, contacts=[NewContact({"name": f"{name} Jr"})]))
    give_one(made[0], pool=Pool.default(), by=None, verb="recycle")
    made[1].trash(by=bob)
    return made


@pytest.mark.parametrize("word", WORDS)
def test_for_every_person_the_hits_are_the_rows_within_reach_that_hold_the_words(
    alice, bob, charlie, tess, erin, ada, olga, finn, nobody, firms, word
):
    for person in (alice, bob, charlie, tess, erin, ada, olga, finn, nobody):
        groups = {group.kind: {hit.pk for hit in group.hits} for group in find(person, word, shown=100)}
        for kind, model, rows in (("customer", Customer, CustomerSearch), ("contact", Contact, ContactSearch)):
            assert groups.get(kind, set()) == _looked_at(person, model, rows, word), (person, kind)


def _looked_at(person, model, rows, word):
    sql, params = question(word).condition("s")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT record_id FROM {rows._meta.db_table} s WHERE {sql}", params)
        ids = [number for (number,) in cursor.fetchall()]
    return set(model.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))


LETTERS = st.text(st.sampled_from("aбé'\\^%_-.&|!:*( )云9"), min_size=1, max_size=60)


@given(name=LETTERS, word=LETTERS)
@example(name="x" * 80 + "end", word="x" * 41 + "end")
@example(name="abc", word="^ab")
@example(name="it's a\\b", word="t's a\\b")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_of_parts_finds_exactly_the_names_that_contain_the_words(db, name, word):
    asked = question(word)
    if asked is None:
        return
    put(CustomerSearch, [Text(1, (name,))])
    sql, params = asked.rows(CustomerSearch._meta.db_table, "s.record_id")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = bool(cursor.fetchall())
    condition, params = asked.condition("s")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {CustomerSearch._meta.db_table} s WHERE {condition}", params)
        assert found == bool(cursor.fetchall())
    folded = normalise.fold(word)
    if takes_parts(word) and "云" not in folded:
        held = CustomerSearch.objects.get(pk=1)
        assert found == all(part in held.name_key for part in folded.split())


def test_the_parts_of_names_are_read_from_their_index(db):
    put(CustomerSearch, [Text(number, (f"Firm {number}",)) for number in range(1, 20)])
    sql, params = question("firm").rows(CustomerSearch._meta.db_table, "s.record_id")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "customersearch_parts" in plan
