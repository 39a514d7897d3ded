"""Whose message it may be, as far as the reader reaches."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts import access
from messaging.inbound.takers import records_of, referred_by, takers
from messaging.models import InboundMail
from records.kinds import kinds


@dataclass
class Suggestion:
    record: Any
    label: Any
    icon: str
    url: str
    may_join: bool
    reasons: list[str] = field(default_factory=list)


def suggestions(mail: InboundMail, user: Any) -> list[Suggestion]:
    """The most likely first. What is out of reach is not told."""
    told = ((_("same e-mail address"), records_of(mail)), (_("it answers a message of this record"), referred_by(mail)))
    found: dict[tuple[str, int], Suggestion] = {}
    for taker in takers:
        ids = {pk for _reason, records in told for pk in records.get(taker.kind, [])}
        for record in taker.rows.visible_to(user).filter(pk__in=ids).order_by("pk") if ids else ():
            kind = kinds[taker.kind]
            may_join = access.covers(user, record, taker.right)
            reasons = [reason for reason, records in told if record.pk in records.get(taker.kind, [])]
            found[taker.kind, record.pk] = Suggestion(
                record, kind.label, kind.icon, kind.url_of(record), may_join, reasons
            )
    return sorted(found.values(), key=lambda one: -len(one.reasons))
