"""A handover as one batch: portions that commit with their count, so that a killed one goes on where it stopped.

Per portion: the heirs are locked (their caps count under it), then some rows of one kind, skipping those that somebody
edits at this moment: they come in the next round. Rights are asked anew each time.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors

from accounts import access
from accounts.directory import deactivate
from accounts.models import User
from crm.lists.bulk import as_person
from records.handover.kinds import VERB, Giving, HandoverKind, listeners
from records.handover.plan import Plan, Turns
from records.handover.reckon import Shares, able_for, reckon
from records.handover.who import heirs, leavers, split_kinds
from records.jobs import alone
from records.models import Batch
from records.refusals import Refused

AT_ONCE = 200  # rows that the person waits for; more run in the background
FIRST_PORTION, LEAST, MOST = 500, 100, 2_000
QUICK, SLOW = 0.2, 0.5  # seconds for a portion: nobody's save waits longer than a second
ROUNDS = 20  # for rows that somebody edits while we pass
PAUSE = 0.3

NOW, ASK = "now", "ask"  # to deactivate her, or to ask the administrators to
ELSEWHERE = "elsewhere"


def start_handover(leaver: User, plan: Plan, *, by: Any, deactivates: str = "") -> Batch:
    """The batch of a handover, not run yet. Refused while another one of the same person runs."""
    with transaction.atomic():
        leaver = User.objects.select_for_update(no_key=True).get(pk=leaver.pk)
        if Batch.objects.filter(verb=VERB, state=Batch.State.RUNNING, params__leaver=leaver.pk).exists():
            raise Refused(_("What %(name)s holds is being handed over already.") % {"name": leaver}, reason="running")
        mine, _others = split_kinds(by, leaver)
        params = {
            "leaver": leaver.pk, "plan": plan.as_json(), "now": timezone.now().isoformat(), "deactivates": deactivates,
            "total": sum(kind.rows(leaver, by).count() for kind in mine), "told": {}, "turns": {},
        }  # fmt: skip
        batch = Batch.start(VERB, by=by, title=_("Handover from %(name)s") % {"name": leaver}, params=params)
        batch.count(moved=0)
        return batch


def run_handover(batch: Batch) -> None:
    """Record after: each portion commits with its count, and a second run goes on where the first was killed."""
    with alone(f"handover:{batch.pk}") as mine:
        batch.refresh_from_db()
        if not mine or batch.state != Batch.State.RUNNING:
            return
        with as_person(batch.by):
            try:
                _hand_over(batch)
            except Refused as refusal:
                batch.fail(str(refusal))
            else:
                batch.finish()
            for listener in listeners:
                listener.done(batch)


def _hand_over(batch: Batch) -> None:
    _round(batch)
    if batch.params["deactivates"] == NOW:
        _deactivate(batch)
        _round(batch)  # what she was given until that moment
    batch.params["stays"] = _what_stays(batch)
    batch.save(update_fields=["params"])


def _deactivate(batch: Batch) -> None:
    leaver, by = _whose(batch)
    if not leaver.is_active or not access.allows(by, "administer", "system"):
        return
    try:
        deactivate(leaver, by=by)
    except ValidationError as error:  # the last administrator stays
        batch.message = " ".join(error.messages)


def _round(batch: Batch) -> None:
    leaver, by = _whose(batch)
    for kind in split_kinds(by, leaver)[0]:
        for _try in range(ROUNDS):
            kept = _pass(batch, kind)
            if kind.rows(*_whose(batch)).count() <= kept:
                break
            time.sleep(PAUSE)


def _pass(batch: Batch, kind: HandoverKind) -> int:
    """Once through all rows of a kind; returns how many nobody can take."""
    size, after, kept = FIRST_PORTION, 0, 0
    while True:
        begun = time.monotonic()
        last, nobody = _once_more(lambda size=size, after=after: _portion(batch, kind, after, size))
        kept += nobody
        if last is None:
            return kept
        took = time.monotonic() - begun
        size = max(LEAST, size // 2) if took > SLOW else min(MOST, size * 2) if took < QUICK else size
        after = last


def _once_more(do: Callable[[], Any]) -> Any:
    """A deadlock took a portion back: it is tried once more."""
    try:
        return do()
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.DeadlockDetected):
            raise
        return do()


def _portion(batch: Batch, kind: HandoverKind, after: int, size: int) -> tuple[int | None, int]:
    """The last number that was looked at, None when there was none; and how many stay with her."""
    kept = {"params": dict(batch.params), "counts": dict(batch.counts)}
    try:
        with transaction.atomic():
            return _give_portion(batch, kind, after, size)
    except BaseException:
        batch.params, batch.counts = kept["params"], kept["counts"]
        raise


def _give_portion(batch: Batch, kind: HandoverKind, after: int, size: int) -> tuple[int | None, int]:
    leaver, by = _whose(batch)
    _require(leaver, by)
    plan = Plan.from_json(batch.params["plan"])
    people = _lock_people(plan, leaver, by)
    rows = kind.rows(leaver, by)
    chosen = rows.filter(pk__gt=after).order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)
    ids = list(chosen.values_list("pk", flat=True)[:size])
    if not ids:
        return None, 0
    turns = Turns(able_for(kind, plan, people), batch.params["turns"].get(kind.code, 0))
    place = plan.places.get(kind.code, "")
    shares = reckon(kind, rows.filter(pk__in=ids), turns, place=place)
    how = Giving(by, leaver, batch, datetime.fromisoformat(batch.params["now"]))
    moved = _give(kind, shares, people, place, how)
    _keep(batch, kind, turns, shares, moved)
    return ids[-1], len(shares.nobody)


def _give(kind: HandoverKind, shares: Shares, people: dict[int, User], place: str, how: Giving) -> set[int]:
    moved: list[int] = []
    if shares.heirs:
        moved += kind.give({pk: people[heir] for pk, heir in shares.heirs.items()}, how)
    if shares.elsewhere:
        assert kind.elsewhere is not None, kind.code
        moved += kind.elsewhere.give(shares.elsewhere, place, how)
    return set(moved)


def _keep(batch: Batch, kind: HandoverKind, turns: Turns, shares: Shares, moved: set[int]) -> None:
    """``told``: kind → heir, or ELSEWHERE → how many."""
    told = dict(batch.params["told"].get(kind.code, {}))
    for pk in moved:
        to = str(shares.heirs.get(pk, ELSEWHERE))
        told[to] = told.get(to, 0) + 1
    batch.params = {
        **batch.params,
        "told": {**batch.params["told"], kind.code: told},
        "turns": {**batch.params["turns"], kind.code: turns.turn},
    }
    batch.counts = {**batch.counts, "moved": batch.counts.get("moved", 0) + len(moved)}
    batch.save(update_fields=["params", "counts"])


def _whose(batch: Batch) -> tuple[User, User]:
    """The leaver and who hands over, as they are now."""
    people = User.objects.in_bulk([batch.params["leaver"], batch.by_id])
    return people[batch.params["leaver"]], people[batch.by_id]


def _require(leaver: User, by: User) -> None:
    if not leavers(by).filter(pk=leaver.pk).exists():
        raise Refused(_("You may not hand over what %(name)s holds.") % {"name": leaver}, reason="reach")


def _lock_people(plan: Plan, leaver: User, by: Any) -> dict[int, User]:
    """Those who may still inherit, by id, before any row: the same lock as a claim's."""
    people = heirs(by, leaver).filter(pk__in=plan.people).order_by("pk").select_for_update(no_key=True)
    return {person.pk: person for person in people}


def _what_stays(batch: Batch) -> dict[str, int]:
    """Kind → how many she still holds: nobody could take them, somebody edited them, or ``by`` may not assign them."""
    leaver, by = _whose(batch)
    mine, others = split_kinds(by, leaver)
    counts = {kind.code: kind.rows(leaver, by).count() for kind in [*mine, *others]}
    return {code: count for code, count in counts.items() if count}
