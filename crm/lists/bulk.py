"""An action on many rows of a list, as one batch in portions: resumable, with the right asked anew for each portion."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone, translation

from accounts import access
from accounts.middleware import company_zone
from crm.lists.asked import Asked
from crm.lists.branches import Branch, fetch, union_all
from crm.lists.spec import BulkAction, BulkResult, lists
from records.jobs import alone
from records.log import plain
from records.models import Batch

PORTION = 500
AT_ONCE = 200  # rows that the person waits for; more run in the background
REASONS_KEPT = 1_000


def start_bulk(asked: Asked, action: BulkAction, ids: list[int] | None, values: dict[str, Any], *, total: int) -> Batch:
    """The batch of an action on these rows, or, without ids, on all that the filter says when it runs."""
    params = {
        "list": asked.spec.name, "action": action.name, "ids": ids, "query": asked.query(), "values": plain(values),
        "total": total,
    }  # fmt: skip
    title = f"{asked.spec.title}: {action.label}"
    return Batch.start(action.verb, by=asked.user, title=title[:200], params=params)


def run_bulk(batch: Batch) -> None:
    """Goes through the rows by id. Record after: a portion and its count commit together, so a kill loses nothing."""
    with alone(f"bulk:{batch.pk}") as mine:
        batch.refresh_from_db()
        if not mine or batch.state != Batch.State.RUNNING:
            return
        spec = lists[batch.params["list"]]
        action = spec.action(batch.params["action"])
        assert action is not None, batch.params
        with as_person(batch.by):
            asked = Asked(spec, QueryDict(batch.params["query"]), batch.by)
            ids = batch.params["ids"] if batch.params["ids"] is not None else list(ids_of(asked.branches))
            last = batch.params.get("last", 0)
            left = sorted(pk for pk in ids if pk > last)
            for start in range(0, len(left), PORTION):
                _portion(batch, spec.model, action, left[start : start + PORTION])
        batch.finish()


@transaction.atomic
def _portion(batch: Batch, model: Any, action: BulkAction, ids: list[int]) -> None:
    access.forget(batch.by)
    allowed = sorted(model.objects.allowing(batch.by, action.right).filter(pk__in=ids).values_list("pk", flat=True))
    result = BulkResult()
    if allowed:
        result = action.run(allowed, by=batch.by, values=batch.params["values"], batch=batch)
    beyond = sorted(set(ids) - set(allowed))
    refused = [*((pk, "") for pk in beyond), *result.refused]
    _keep(batch, ids, result, refused)


def _keep(batch: Batch, ids: list[int], result: BulkResult, refused: list[tuple[int, str]]) -> None:
    """``refused`` in params: [id, why], "" for rows on which the person may not do this."""
    kept = [*batch.params.get("refused", []), *map(list, refused)][:REASONS_KEPT]
    batch.params = {**batch.params, "last": ids[-1], "refused": kept}
    added = {"done": result.done, "refused": len(refused), "seen": len(ids)}
    for name, number in added.items():
        batch.counts[name] = batch.counts.get(name, 0) + number
    batch.save(update_fields=["params", "counts"])


def ids_of(branches: list[Branch]) -> Iterator[int]:
    """All ids that the branches yield, unordered."""
    if not branches:
        return

    def narrow(rows: models.QuerySet) -> models.QuerySet:
        return rows.order_by().values_list("pk")

    sql, params = union_all([branch.narrowed(narrow) for branch in branches])
    for (pk,) in fetch(sql, params):
        yield pk


@contextmanager
def as_person(person: Any) -> Iterator[None]:
    """Texts, days and figures in the language and zone of the person for whom a task works."""
    with translation.override(person.language), timezone.override(person.time_zone or company_zone()):
        yield
