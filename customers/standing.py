"""How a customer stands before the recycle rules: the days it has left, what keeps it, what resets the days.

Asks the same expressions as the nightly run (customers.limits); a test compares the two over random dates and rules.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.conditions import ALWAYS_EXEMPTS, conditions, of_use
from customers.limits import Today, exemptions, rules_in_force, under_rules
from customers.models import Customer, Pool, RecycleRule
from customers.recycle import reason


@dataclass(frozen=True)
class Standing:
    """``drops_on``: the night from which a run takes it, unless something in ``kept_by`` holds it."""

    rule: RecycleRule
    drops_on: date
    today: date
    touched_on: date
    sold_on: date
    protected_until: datetime | None = None
    kept_by: list[str] = field(default_factory=list)

    @property
    def pool(self) -> Pool:
        return self.rule.pool

    @property
    def days_left(self) -> int:
        return (self.drops_on - self.today).days

    @property
    def is_kept(self) -> bool:
        return bool(self.kept_by or self.protected_until)

    @property
    def is_due(self) -> bool:
        """Whether a run at this moment would move it."""
        return self.days_left <= 0 and not self.is_kept

    @property
    def is_warned(self) -> bool:
        return not self.is_kept and self.days_left <= self.rule.warn_days

    @property
    def headline(self) -> str:
        if self.is_kept:
            return _("Stays with its owner")
        if self.days_left <= 0:
            return _("Falls into the pool “%(pool)s” tonight") % {"pool": self.pool}
        text = ngettext(
            "%(days)s day left before the pool “%(pool)s”", "%(days)s days left before the pool “%(pool)s”",
            self.days_left,
        )  # fmt: skip
        return text % {"days": self.days_left, "pool": self.pool}

    @property
    def headline_with_reason(self) -> str:
        """For a customer that something keeps."""
        return _("No rule takes it away: %(what)s") % {"what": ", ".join(self.kept_by)}

    @property
    def because(self) -> str:
        """What the rule counts: “no activity for 30 days”."""
        return reason(self.rule)

    @property
    def resets(self) -> str:
        """What a person can do about it."""
        if self.rule.idle_days and self.rule.order_days and self.rule.needs_both:
            return _("An activity or an order resets it.")
        if self.rule.idle_days and self.rule.order_days:
            return _("An activity and an order reset it.")
        if self.rule.idle_days:
            return _("Any activity, such as a call, resets it.")
        return _("An order or a won opportunity resets it.")


def standing_of(customer: Customer, *, now: datetime | None = None) -> Standing | None:
    """None when no rule holds for the customer, or when it is in a pool."""
    rules = rules_in_force() if customer.owner_id else []
    if not rules:
        return None
    today = Today.at(now or timezone.now())
    kept = {f"{rule.pk}_{name}": held for rule in rules for name, held in exemptions(rule).items()}
    kept = {f"rule_{name}": held for name, held in kept.items()}
    facts = {"held_by": F("rule"), "touched": F("touched_at"), "sold": F("sold_at"), "start": F("since"), **kept}
    rows = under_rules(rules, today).filter(pk=customer.pk).annotate(**facts)
    found = rows.values(*facts, "protected_until").first()
    rule = next((rule for rule in rules if found and rule.pk == found["held_by"]), None)
    if found is None or rule is None:
        return None
    until = found["protected_until"]
    return Standing(
        rule=rule,
        drops_on=drop_day(rule, found["touched"], found["sold"], found["start"], today),
        today=today.date,
        touched_on=today.day_of(found["touched"]),
        sold_on=today.day_of(found["sold"]),
        protected_until=until if until and until > today.now else None,
        kept_by=_kept_by(rule, found),
    )


def drop_day(rule: RecycleRule, touched: datetime, sold: datetime, start: datetime, today: Today) -> date:
    """The first day on which the rule's limits lie behind a customer with these facts."""

    def after(moment: datetime, days: int) -> date:
        return today.calendar.after(today.day_of(moment), days, working=rule.counts_working_days)

    clocks = [after(moment, days) for moment, days in ((touched, rule.idle_days), (sold, rule.order_days)) if days]
    day = max(clocks) if rule.needs_both else min(clocks)
    # A new owner has her days in any case; a day that is no working day changes nothing for either clock.
    return max(day, after(start, rule.fresh_days)) if rule.fresh_days else day


def _kept_by(rule: RecycleRule, found: dict[str, Any]) -> list[str]:
    codes = dict.fromkeys([*rule.exempt, *of_use(ALWAYS_EXEMPTS)])
    return [str(conditions[code].label) for code in codes if found.get(f"rule_{rule.pk}_kept_{code}")]
