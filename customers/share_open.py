"""Whoever is given open records without reaching their customers reads these as long as the records are open."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from customers.models import Customer
from records.models import Collaborator


def share_customers_of(model: Any, ids: Iterable[int], *, by: Any) -> None:
    """For many records of one kind: a few statements per owner."""
    rows = model.objects.open().filter(pk__in=list(ids), customer__isnull=False, owner__isnull=False)
    for owner in User.objects.filter(pk__in=rows.order_by().values("owner").distinct()).order_by("pk"):
        pairs = list(rows.filter(owner=owner).order_by("pk").values_list("pk", "customer"))
        # Asked of these customers alone: a person may reach tens of thousands.
        these = Customer.objects.visible_to(owner).filter(pk__in={customer for _pk, customer in pairs})
        reached = set(these.values_list("pk", flat=True))
        Collaborator.objects.bulk_create(
            (_share(owner, customer, model.kind, pk, by) for pk, customer in pairs if customer not in reached),
            batch_size=5_000,
            ignore_conflicts=True,
        )


def share_anew(model: Any, ids: Iterable[int], *, by: Any) -> None:
    """The owners changed: what was shared for the sake of these records ends, and begins for the new ones."""
    ids = list(ids)
    Collaborator.objects.filter(because_kind=model.kind, because_id__in=ids).delete()
    share_customers_of(model, ids, by=by)


def share_open_of(model: Any, keep: int, drop: int, *, by: Any) -> None:
    """After two customers became one, or were parted: who has open records of ``model`` at the kept one reads it, and
    nobody reads either for the sake of a record that hangs on the other one now."""
    share_customers_of(model, model.objects.open().filter(customer=keep).values_list("pk", flat=True), by=by)
    here = Collaborator.objects.filter(subject_kind="customer", subject_id__in=(keep, drop), because_kind=model.kind)
    gone = model._base_manager.filter(pk=OuterRef("because_id")).exclude(customer=OuterRef("subject_id"))
    here.filter(Exists(gone)).delete()


def _share(owner: User, customer: int, kind: str, pk: int, by: Any) -> Collaborator:
    return Collaborator(
        user=owner, subject_kind="customer", subject_id=customer, because_kind=kind, because_id=pk, added_by=by
    )
