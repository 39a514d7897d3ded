"""What a score rule is for, in words."""

from typing import Any

from django.utils.translation import gettext as _

from crm.formats import current_formats
from leads.models import ScoreRule
from leads.scoring.facts import facts
from records.models import DictionaryEntry


def in_words(rule: ScoreRule, labels: dict[int, str]) -> str:
    """``"Source: Web form, Fair"``, ``"Days without contact: from 14"``. ``labels`` of entries: ``labels_of``."""
    fact = facts.get(rule.fact)
    if fact is None:
        return rule.fact
    what = ""
    if fact.entries:
        what = ", ".join(labels.get(pk, "?") for pk in rule.entries)
    elif fact.codes:
        known = dict(fact.codes())
        what = ", ".join(str(known.get(code, code)) for code in rule.codes)
    elif "words" in fact.asks:
        what = rule.words
    elif fact.asks:
        what = _range(rule.at_least, rule.at_most)
    return f"{fact.label}: {what}" if what else str(fact.label)


def labels_of(rules: list[ScoreRule]) -> dict[int, str]:
    ids = {pk for rule in rules for pk in rule.entries}
    return {entry.pk: entry.label for entry in DictionaryEntry.objects.filter(pk__in=ids).order_by("pk")}


def _range(low: Any, high: Any) -> str:
    number = current_formats().number
    if high is None:
        return _("from %(low)s") % {"low": number(low, places=0)}
    if low is None:
        return _("up to %(high)s") % {"high": number(high, places=0)}
    return _("%(low)s to %(high)s") % {"low": number(low, places=0), "high": number(high, places=0)}
