"""The events of leads in words, for timelines."""

from django.utils.translation import gettext_lazy as _

from customers.phrases import Phrase, phrases

_OURS = {
    "lead.contact": Phrase("phone-call", _("First contact"), "good"),
    "lead.log": Phrase("phone", _("Contact logged")),
    "lead.qualify": Phrase("user-check", _("Qualified"), "good"),
    "lead.convert": Phrase("trophy", _("Converted"), "good"),
    "lead.lose": Phrase("circle-x", _("Lost: %(reason)s"), "bad", "lead_lost_reason"),
    "lead.reopen": Phrase("refresh", _("Reopened")),
    "lead.to_queue": Phrase("arrows-split", _("Back to the queue from %(from)s: everybody had it"), "warn"),
    "lead.undo": Phrase("arrow-back-up", _("Assignment undone")),
    "lead.submit": Phrase("template", _("Wrote again by a web form"), "good"),
    "tell_existence": Phrase("eye", _("Somebody out of reach was told that this exists")),
}


def add_phrases() -> None:
    for name, phrase in _OURS.items():
        phrases.add(name, phrase)
