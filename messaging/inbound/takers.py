"""Who takes a message: each higher room adds its kind of record. Messaging itself knows no customer and no lead.

takers.add("customer", Taker("customer", "change", of_sender, join))
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from crm.register import Register
from messaging.inbound.references import known_records
from messaging.models import InboundMail
from records.kinds import kinds
from records.models import Alias

# A sender that stands at more records than this is none: a switchboard, a test address.
MOST = 20


@dataclass(frozen=True)
class Taker:
    """``right``: the action that a person needs on the record to join a message to it.

    ``of_sender(address, among)``: numbers of the live records of which this is an address, ``among`` some of them or
    all; at most MOST + 1. ``join(mail, record, by=)`` writes the message where the record's history stands, with the
    mail locked. ``make(mail, by=)``, for one kind: a new record of a message; None where nothing is made of mail.
    """

    kind: str
    right: str
    of_sender: Callable[[str, Collection[int] | None], list[int]]
    join: Callable[..., None]
    make: Callable[..., Any] | None = None

    @property
    def rows(self) -> Any:
        return kinds[self.kind].model.objects  # type: ignore[attr-defined]


takers: Register[Taker] = Register("taker of mail")


def maker() -> Taker | None:
    """Who makes a new record of a message."""
    return next((taker for taker in takers if taker.make), None)


def records_of(mail: InboundMail) -> dict[str, list[int]]:
    """Kind → numbers of the records of which the sender's address is one; a kind with too many of them is left out."""
    if not mail.from_address:
        return {}
    found = {taker.kind: taker.of_sender(mail.from_address, None) for taker in takers}
    return {kind: ids for kind, ids in found.items() if 0 < len(ids) <= MOST}


def referred_by(mail: InboundMail) -> dict[str, list[int]]:
    """Kind → numbers of the records of the messages that it answers, as they are numbered today."""
    found: dict[str, list[int]] = {}
    for kind, pk in today_of(known_records(mail)):
        if kind in takers and pk not in found.setdefault(kind, []):
            found[kind].append(pk)
    return found


def today_of(records: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """A converted lead is its customer, a merged customer the one that it was merged into."""
    found = []
    for kind, pk in records:
        seen = {(kind, pk)}
        while alias := Alias.objects.filter(kind=kind, old_id=pk).first():
            kind, pk = alias.target_kind, alias.target_id
            if (kind, pk) in seen:
                break
            seen.add((kind, pk))
        found.append((kind, pk))
    return found
