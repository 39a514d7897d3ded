"""Which messages a message answers, as far as we know them: received ones that were joined, and sent ones."""

from typing import Any

from django.utils import timezone

from messaging.models import InboundMail, SentMail


def known_records(mail: InboundMail) -> list[tuple[str, int]]:
    """(kind, number) of the records that they belong to; what was answered directly comes first."""
    if not mail.references:
        return []
    rows = InboundMail.objects.live().filter(message_id__in=mail.references, taken_id__isnull=False)
    received = rows.exclude(pk=mail.pk).values_list("message_id", "taken_kind", "taken_id")
    sent = SentMail.objects.filter(message_id__in=mail.references).values_list("message_id", "about_kind", "about_id")
    places = {message_id: place for place, message_id in enumerate(mail.references)}
    found = sorted([*received, *sent], key=lambda row: (places[row[0]], row[1:]))
    return list(dict.fromkeys((kind, pk) for _message_id, kind, pk in found))


def remember_sent(message_id: str, record: Any, *, to: str = "") -> None:
    """For whatever sends mail about a record: an answer will name this number. Twice is once."""
    number = message_id.strip().strip("<>")[:250]
    values = {"about_kind": record.kind, "about_id": record.pk, "to_address": to[:254], "sent_at": timezone.now()}
    SentMail.objects.get_or_create(message_id=number, defaults=values)
