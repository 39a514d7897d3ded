"""For administrators, who see no business data by right: whether somebody holds open work, and who hands it over."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from records.handover.preview import holdings
from records.handover.who import leavers, who_may


def hint(person: Any, reader: Any) -> str:
    """Safe markup; "" when she holds nothing. How much, and the link, are for who may hand it over."""
    if leavers(reader).filter(pk=person.pk).exists():
        held = ", ".join(f"{label}: {count}" for label, count in holdings(person, reader))
        link = reverse("records:handover", args=[person.pk])
        return format_html('{} · <a href="{}">{}</a>', held, link, _("Hand over")) if held else ""
    people = who_may(person)
    if not any(holdings(person, one) for one in people):
        return ""
    names = ", ".join(str(one) for one in people)
    return format_html("{}", _("Holds open work. Who can hand it over: %(names)s.") % {"names": names})
