"""One record of every kind in each place where a record can be, and who sees what lies there: written down by hand.

Each has a word of its own, so that a page, a file or an answer shows by its text alone whose records stand in it.
"""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts import access
from customers.churn.case import open_case
from customers.create import NewContact, create_customer
from customers.log_activity import log_activity
from customers.models import Pool, PoolMember
from customers.ownership import give_one
from customers.points import Point
from customers.todo import create_task
from leads.create import create_lead
from messaging.models import InboundMail
from records.models import Collaborator
from records.sharing import share
from sales import collect
from sales.issue_invoice import invoice
from sales.open_opportunity import open_opportunity
from tests.sales import documents

# What lies where → who sees it besides those who see all. Charlie is of another team than alice and bob, and tess
# leads only theirs; alice shared two of charlie's customers, one until yesterday.
PLACES = {
    "alice": {"alice", "tess"}, "bob": {"bob", "tess"}, "charlie": {"charlie"}, "tess": {"tess"},
    "shared": {"charlie", "alice"}, "ended": {"charlie"},
    # An opportunity of alice's with a customer of charlie's: she reads the customer as long as it is open.
    "lent": {"charlie", "alice"},
    # Waiting in a pool of alice's and in one of charlie's; in the trash. In no list, whoever asks.
    "pool": set(), "quiet": set(), "trash": set(),
}  # fmt: skip
LENT_OPPORTUNITY = {"charlie", "alice", "tess"}
NOWHERE = {"pool", "quiet", "trash"}
SEE_ALL = {"erin", "olga", "finn"}
QUEUE = {"tess", "erin", "olga"}  # leads and mail that nobody has yet: whoever reaches a team
OF_POOL = {"pool": {"alice", "tess", "erin", "olga"}, "quiet": {"charlie", "erin", "olga"}}
DAY = datetime.date(2026, 3, 2)


@dataclass
class Seeded:
    """``words``: (kind, place) → its word; ``records`` likewise; ``secrets``: place → an address to be masked."""

    people: dict[str, Any]
    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> set[str]:
        return {kind for kind, _place in self.records}

    def places(self, kind: str, who: str) -> set[str]:
        """Where this person sees records of the kind, by the table above."""
        of_kind = next((record for (made, _place), record in self.records.items() if made == kind), None)
        if of_kind is None or not access.allows(
            self.people[who], "view", of_kind.access.kind
        ):  # contacts go by the right to customers
            return set()
        return {place for made, place in self.records if made == kind and who in _seers(kind, place)}

    def of(self, kind: str, who: str) -> set[str]:
        """The words that stand in a list of the kind."""
        return {self.words[kind, place] for place in self.places(kind, who)}

    def known(self, who: str) -> set[str]:
        """All words and addresses that this person may meet anywhere: an opportunity names the customer it is with."""
        words = {word for kind in self.kinds for word in self.of(kind, who)}
        words |= {self.words["customer", place] for place in self.places("opportunity", who)}
        return words | {self.secrets[place] for place in self.places("customer", who)}

    @cached_property
    def all_words(self) -> set[str]:
        return {*self.words.values(), *self.secrets.values()}


def _seers(kind: str, place: str) -> set[str]:
    if place == "queue":
        return QUEUE
    if place in NOWHERE:
        return set()
    return (LENT_OPPORTUNITY if (kind, place) == ("opportunity", "lent") else PLACES[place]) | SEE_ALL


def seed(people: dict[str, Any]) -> Seeded:
    made = Seeded(people)
    for place in PLACES:
        _fill(made, place, people.get(place) or people["bob" if place in NOWHERE else "charlie"])
    made.records["lead", "queue"] = create_lead({"name": _word("lead", "queue")}, by=None)
    made.records["mail", "queue"] = _mail("queue")
    _put_in_place(made, people)
    for (kind, place), record in made.records.items():
        record.refresh_from_db()
        made.words[kind, place] = _shown_as(made, kind, place, record)
    return made


def _fill(made: Seeded, place: str, owner: Any) -> None:
    made.secrets[place] = f"zqsecret{place}@{place}.example"
    customer = create_customer(
        {"name": _word("customer", place)}, by=owner, points=[Point("email", made.secrets[place])],
        contacts=[NewContact({"name": _word("contact", place)})],
    )  # fmt: skip
    found = made.records
    found["customer", place], found["contact", place] = customer, customer.contacts.get()
    values = {"type": "note", "content": _word("activity", place)}
    found["activity", place] = log_activity(customer, values, by=owner)
    if place in ("lent", "pool", "quiet"):
        return
    found["lead", place] = create_lead({"name": _word("lead", place)}, by=owner, owner=owner)
    if place == owner.username:
        found["mail", place] = _mail(place, owner=owner, team=owner.team)
    _fill_with_sales(found, place, customer, owner)


def _fill_with_sales(found: dict[tuple[str, str], Any], place: str, customer: Any, owner: Any) -> None:
    task = create_task({"title": _word("task", place), "customer": customer, "due_at": timezone.now()}, by=owner)
    opportunity = open_opportunity(
        _word("opportunity", place), by=owner, owner=owner, customer=customer, opened_on=DAY
    )  # fmt: skip
    found["task", place], found["opportunity", place] = task, opportunity
    if place == "trash":
        return  # what has orders is not deleted
    found["quote", place] = documents.quote(owner=owner, customer=customer)
    order = documents.order(owner=owner, customer=customer, on=DAY)
    found["order", place] = order
    (found["instalment", place],) = collect.plan(order, [documents.whole()], by=owner)
    found["invoice", place] = invoice(found["instalment", place], by=owner)
    found["churn", place] = open_case(customer, by=owner)


def _mail(place: str, **whose: Any) -> InboundMail:
    word = _word("mail", place)
    return InboundMail.objects.create(
        **whose, state="waiting", why="unknown", subject=word, heading=word.casefold(), from_address="a@b.example",
        digest=word, how="pipe",
    )  # fmt: skip


def _put_in_place(made: Seeded, people: dict[str, Any]) -> None:
    records, alice = made.records, people["alice"]
    for kind in ("customer", "lead"):
        share(records[kind, "shared"], alice, by=None)
        share(records[kind, "ended"], alice, by=None)
        ended = Collaborator.objects.filter(subject_kind=kind, subject_id=records[kind, "ended"].pk)
        ended.update(until=timezone.now() - datetime.timedelta(days=1))
        records[kind, "trash"].trash(by=people["bob"])
    records["opportunity", "lent"] = open_opportunity(
        _word("opportunity", "lent"), by=None, owner=alice, customer=records["customer", "lent"], opened_on=DAY
    )
    for place, member in (("pool", alice), ("quiet", people["charlie"])):
        made.pools[place] = Pool.objects.create(name=f"Pool {place}", is_open=False)
        PoolMember.objects.create(pool=made.pools[place], user=member)
        give_one(records["customer", place], pool=made.pools[place], by=None, verb="recycle")


def _word(kind: str, place: str) -> str:
    return f"Zq{kind}{place}"


def _shown_as(made: Seeded, kind: str, place: str, record: Any) -> str:
    """What stands for it in a list: its name, its number, or that of what it hangs on."""
    if kind == "churn":
        return _word("customer", place)
    if kind == "instalment":
        return made.records["order", place].number
    return record.number if kind in ("quote", "order", "invoice") else _word(kind, place)
