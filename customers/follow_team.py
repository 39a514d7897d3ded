"""A person changes teams: what she owns follows, so that reach is by today's team.

Records carry their owner's team for the walks of the lists. Whoever changes the person's row (administration, API,
import) leaves a row of its history; the job ``customers.follow_teams`` derives from it whose records are due.
"""

import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from accounts.models import User
from customers.followers import follower_models
from records.jobs import JobOutcome
from records.models import JobRun, OwnedRecord

VERB = "customers.follow_teams"
PORTION = 5_000
# What was written by somebody who had read the old team is found by the runs of the next minutes.
OVERLAP = datetime.timedelta(minutes=10)


def follow_teams(*, now: datetime.datetime, dry_run: bool = False, force: bool = False) -> JobOutcome:
    """Record after: run twice, the second finds nothing. In portions that commit; a killed run is gone on with."""
    outcome = JobOutcome()
    for person in _moved_since(None if force else _last_run()):
        moved = _count(person) if dry_run else _follow(person)
        if moved:
            outcome.moved += moved
            outcome.lines.append(_("%(name)s: %(count)d records") % {"name": person.name, "count": moved})
    return outcome


def _last_run() -> datetime.datetime | None:
    done = JobRun.objects.filter(name=VERB, state=JobRun.State.DONE).order_by("-started_at")
    return done.values_list("started_at", flat=True).first()


def _moved_since(moment: datetime.datetime | None) -> QuerySet[User]:
    """Who changed teams since then by the history; on the first run, or by ``force``, who ever did."""
    history = User.pgh_event_model.objects.annotate(  # type: ignore[attr-defined]
        team_before=Window(Lag("team_id"), partition_by=F("id"), order_by="pgh_id")
    ).values_list("id", "team_id", "team_before", "pgh_label", "pgh_created_at")
    if moment is not None:
        recent = User.pgh_event_model.objects.filter(pgh_created_at__gt=moment - OVERLAP)  # type: ignore[attr-defined]
        history = history.filter(id__in=recent.values("id"))
    moved = {
        pk
        for pk, team, before, label, at in history
        if label == "update" and team != before and (moment is None or at > moment - OVERLAP)
    }
    return User.objects.filter(pk__in=moved).order_by("pk")


def _follow(person: User) -> int:
    return sum(_move(table, columns, person) for table, columns in _tables())


def _tables() -> list[tuple[str, tuple[str, str]]]:
    """Owned records, then the copies at what follows a customer."""
    owned = [model for model in apps.get_models() if issubclass(model, OwnedRecord)]
    return [
        *((model._meta.db_table, ("owner_id", "team_id")) for model in owned),
        *((model._meta.db_table, ("customer_owner", "customer_team")) for model in follower_models()),
    ]


def _move(table: str, columns: tuple[str, str], person: User) -> int:
    """The version does not rise: nobody edited anything. Ascending, as everybody locks."""
    owner, team = columns
    sql = f"""UPDATE {table} SET {team} = %(team)s WHERE id IN (
                  SELECT id FROM {table} WHERE {owner} = %(person)s AND {team} IS DISTINCT FROM %(team)s::bigint
                  ORDER BY id LIMIT {PORTION} FOR UPDATE)"""
    moved = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, {"person": person.pk, "team": person.team_id})
            if not cursor.rowcount:
                return moved
            moved += cursor.rowcount


def _count(person: User) -> int:
    with connection.cursor() as cursor:
        found = 0
        for table, (owner, team) in _tables():
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {owner} = %s AND {team} IS DISTINCT FROM %s::bigint",
                [person.pk, person.team_id],
            )
            found += cursor.fetchone()[0]
    return found
