"""What of this room goes from a leaver to her heirs: open leads, places in assignment rules, fallbacks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.hand_over_rules import add_rule_places
from leads.models import Lead, RuleMember
from leads.states import OPEN, LeadState
from leads.undo_assign import undo_assignment
from records.handover.kinds import VERB, Elsewhere, Giving, HandoverKind, handovers

QUEUE = "queue"

# As an assignment by hand; without an owner, back into the queue of the leaver's team.
_GIVE = """
WITH chosen AS (
    SELECT l.id, l.owner_id, l.state, g.owner, u.team_id
    FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[]) AS g(id, owner) JOIN leads_lead l ON l.id = g.id
    LEFT JOIN accounts_user u ON u.id = g.owner
    WHERE l.owner_id = %(leaver)s AND l.deleted_at IS NULL AND l.state = ANY(%(open)s) ORDER BY l.id
    FOR NO KEY UPDATE OF l
), given AS (
    UPDATE leads_lead l SET owner_id = c.owner, team_id = CASE WHEN c.owner IS NULL THEN l.team_id ELSE c.team_id END,
           state = CASE WHEN c.owner IS NULL THEN 'new' ELSE 'assigned' END,
           assigned_at = CASE WHEN c.owner IS NOT NULL THEN %(now)s END, rule_id = NULL, waits_because = '',
           next_contact_at = nullif(l.next_contact_at, l.first_contact_due_at), first_contact_due_at = NULL
    FROM chosen c WHERE l.id = c.id
    RETURNING l.id, c.owner_id AS former, c.owner, c.state AS was, l.state
)
INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, batch_id, facts)
SELECT %(at)s, %(by)s, %(verb)s, 'lead', id, %(batch)s,
       jsonb_build_object('from', former, 'to', owner, 'state', jsonb_build_array(was, state))
FROM given RETURNING subject_id
"""


def add_handovers() -> None:
    queue = Elsewhere(
        _("Leads not contacted yet"), lambda _by: [(QUEUE, _("Back into the queue"))], _not_contacted, _into_queue,
        _("In the queue the assignment rules give them out anew."),
    )  # fmt: skip
    handovers.add(
        "lead",
        HandoverKind(
            "lead", _("open leads"), _leads, _give_leads, undo_assignment, ("lead", "assign"), ("lead", "work"), 50,
            region="region_id", elsewhere=queue, warns=_over_cap,
        ),
    )  # fmt: skip
    add_rule_places()


def _leads(leaver: Any, _by: Any) -> QuerySet:
    return Lead.objects.live().open().filter(owner=leaver)


def _over_cap(added: Mapping[Any, int], _by: Any) -> Iterable[str]:
    """Leads handed over pass the caps of rules, but whoever is at hers is given no new ones."""
    held = Lead.objects.live().open().filter(owner__in=added).order_by().values_list("owner").annotate(n=Count("pk"))
    number = dict(held)
    capped = RuleMember.objects.filter(user__in=added, is_active=True, rule__is_active=True, holding_cap__isnull=False)
    for member in capped.select_related("rule", "user").order_by("rule__order", "rule_id", "user__name", "pk"):
        will = number.get(member.user_id, 0) + added[member.user]
        if will > member.holding_cap:
            facts = {"name": member.user, "n": will, "rule": member.rule, "cap": member.holding_cap}
            text = ngettext(
                "%(name)s will hold %(n)d open lead; “%(rule)s” gives no new ones from %(cap)d on.",
                "%(name)s will hold %(n)d open leads; “%(rule)s” gives no new ones from %(cap)d on.",
                will,
            )
            yield text % facts


def _not_contacted(rows: QuerySet) -> QuerySet:
    return rows.filter(state=LeadState.ASSIGNED, contacted_at__isnull=True)


def _give_leads(shares: Mapping[int, Any], how: Giving) -> list[int]:
    return _write({pk: person.pk for pk, person in shares.items()}, how)


def _into_queue(ids: list[int], _place: str, how: Giving) -> list[int]:
    return _write(dict.fromkeys(ids), how)


def _write(owners: Mapping[int, int | None], how: Giving) -> list[int]:
    params = {
        "ids": list(owners), "owners": list(owners.values()), "leaver": how.leaver.pk, "open": list(OPEN),
        "now": how.moment, "at": timezone.now(), "by": how.by and how.by.pk, "verb": VERB, "batch": how.batch.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, params)
        return sorted(row[0] for row in cursor.fetchall())
