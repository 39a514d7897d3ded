from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.access import Path
from crm.versioned import Versioned
from records.anchors import refuse_if_anchored
from records.edit import edit_record
from records.log import log_event
from records.models.alias import refuse_if_merged
from records.models.event import Event
from records.refusals import Refused


class RecordQuerySet(models.QuerySet):
    """The only door to rows for whatever acts for a person."""

    def live(self) -> Self:
        """Without what lies in the trash."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        return self.live().filter(access.as_q(user, self.model))

    def below(self, user: Any, parent: "Record") -> Self:
        """The visible rows of one parent that is at hand, for its page."""
        rule = access.below(user, self.model, parent)
        path = self.model.access  # type: ignore[attr-defined]
        return self.live().filter(rule, **{path.parent: parent})

    def allowing(self, user: Any, action: str) -> Self:
        """The visible rows on which the person may do ``action``: bulk actions, choices, exports."""
        rows = self.visible_to(user)
        return rows if action == "view" else rows.filter(access.as_q(user, self.model, action))


class Record(Versioned):
    """A business record: versioned, logged, kept 30 days in the trash before it is gone.

    ``version`` is raised by the database when an EDITABLE column, the state or the owner
    changes (records.versions).
    """

    access: ClassVar[Path]

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("created by"),
    )  # fmt: skip
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def customer_of_event(self) -> int | None:
        """The customer in whose timeline this record's events stand."""
        if self.kind == "customer":
            return self.pk
        return getattr(self, "customer_id", None)

    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        """Changes fields as one UPDATE with one event; how and when it refuses: records.edit.edit_record."""
        return edit_record(self, values, by=by, **how)

    @transaction.atomic
    def trash(self, *, by: Any, batch: Any = None) -> Event:
        """Out of lists, sums and duplicate checks, with what hangs on it; restorable for 30 days."""
        self.lock()
        if self.is_deleted:
            raise Refused(_("This is in the trash already."), reason="deleted")
        refuse_if_anchored(self)
        self.deleted_at, self.deleted_by = timezone.now(), by
        self.save(update_fields=["deleted_at", "deleted_by"])
        for rows in self.hanging():
            rows.filter(deleted_at__isnull=True).update(deleted_at=self.deleted_at, deleted_by=by)
        return log_event("delete", self, by=by, batch=batch)

    @transaction.atomic
    def restore(self, *, by: Any, batch: Any = None) -> Event:
        """Back again, with what went into the trash together with it; what was deleted by itself stays there."""
        self.lock()
        if not self.is_deleted:
            raise Refused(_("This is not in the trash."), reason="not_deleted")
        refuse_if_merged(self)
        for rows in self.hanging():
            rows.filter(deleted_at=self.deleted_at).update(deleted_at=None, deleted_by=None)
        self.deleted_at = self.deleted_by = None
        self.save(update_fields=["deleted_at", "deleted_by"])
        return log_event("restore", self, by=by, batch=batch)

    def hanging(self) -> list[models.QuerySet]:
        """The rows that go into the trash and come back with this record."""
        return []


class OwnedRecord(Record):
    """A record with an owner. ``team`` is the owner's team, stamped here so that a list can walk it by an index."""

    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("owner"),
    )  # fmt: skip
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("team"),
    )  # fmt: skip
    # The moment from which the owner's limits count.
    assigned_at = models.DateTimeField(_("assigned"), null=True, editable=False)

    class Meta:
        abstract = True

    @transaction.atomic
    def give_to(
        self, owner: Any, *, by: Any, verb: str = "assign", facts: dict | None = None, batch: Any = None
    ) -> Event:
        """Hands the record to a person and stamps team and moment; for kinds without rules of their own."""
        self.lock()
        if owner is not None and not owner.is_active:
            raise Refused(_("%(name)s is not active.") % {"name": owner}, reason="inactive")
        before = self.owner_id
        self.owner, self.team_id = owner, owner.team_id if owner else self.team_id
        self.assigned_at = timezone.now()
        self.save(update_fields=["owner", "team", "assigned_at"])
        facts = {"from": before, "to": self.owner_id, **(facts or {})}
        return log_event(verb, self, by=by, facts=facts, batch=batch)


def owned_indexes(
    sort: str, prefix: str, *extra: str, condition: Q | None = None, whole: bool = False
) -> list[models.Index]:
    """The three walks of a list (own, team, all) in one order: ``sort`` as in ``order_by``, newest first with ``-``.

    ``extra`` are trailing key columns for filters (SCALE: Reach). ``whole``: the team's index ends with the owner, so
    that a supervisor's list, which leaves out her own rows there, is answered by the index alone.
    """
    condition = condition or Q(deleted_at__isnull=True)
    tail = [sort, "-id" if sort.startswith("-") else "id", *extra]
    return [
        models.Index(fields=["owner", *tail], name=f"{prefix}_own", condition=condition),
        models.Index(fields=["team", *tail, *(["owner"] if whole else [])], name=f"{prefix}_team", condition=condition),
        models.Index(fields=tail, name=f"{prefix}_all", condition=condition),
    ]
