"""The facts of a lead that score rules give points for: what each asks of a rule, and its condition in SQL.

One condition serves the score, its explanation and the preview. A further fact is one entry of the register.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, In, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from crm.normalise import FREE_MAIL
from crm.places import countries, languages
from crm.register import Register
from customers.models import ContactPoint, Customer
from customers.models.activity import ActivityType, Direction
from customers.states import Grade
from leads.models import LeadActivity, ScoreRule

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """The day for which scores are worked out, in the company's zone: within it they do not change by themselves."""

    today: datetime.date
    company: Company

    @classmethod
    def at(cls, now: datetime.datetime) -> "Day":
        company = Company.get()
        return cls(now.astimezone(company.zone).date(), company)

    def begins(self, days_ago: int) -> datetime.datetime:
        """Midnight of the day so many days ago; of tomorrow for -1."""
        day = self.today - days_ago * ONE_DAY
        return datetime.datetime.combine(day, datetime.time(), self.company.zone)


@dataclass(frozen=True)
class Fact:
    """``where(rule, day)``: the condition on a lead. ``asks``: which columns of the rule it reads, in the form's order.

    ``entries``: the dictionary list of what is chosen; ``codes()``: the choices as (code, label). ``unit``: what a
    range counts.
    """

    label: Any
    where: Callable[[ScoreRule, Day], Q]
    asks: tuple[str, ...] = ()
    entries: str = ""
    codes: Callable[[], Any] | None = None
    unit: Any = ""


facts: Register[Fact] = Register("fact of a lead's score")
RANGE = ("at_least", "at_most")


def _any_of(column: str, names: str) -> Callable[[ScoreRule, Day], Q]:
    return lambda rule, _day: Q(**{f"{column}__in": getattr(rule, names)})


def _plain(condition: Callable[[], Q]) -> Callable[[ScoreRule, Day], Q]:
    return lambda _rule, _day: condition()


def _campaign(rule: ScoreRule, _day: Day) -> Q:
    words = [word.strip() for word in rule.words.replace("，", ",").split(",")]
    condition = Q(pk__in=[])
    for word in filter(None, words):
        condition |= Q(campaign__icontains=word)
    return condition


def _value(rule: ScoreRule, day: Day) -> Q:
    """Values of another currency do not count, as for assignment rules."""
    condition = Q(estimated_value__isnull=False, currency=day.company.currency)
    if rule.at_least is not None:
        condition &= Q(estimated_value__gte=rule.at_least)
    return condition & Q(estimated_value__lte=rule.at_most) if rule.at_most is not None else condition


def _free_mail() -> Q:
    domain = Func(
        F("email_key"), Value("@"), Value(2), function="split_part", output_field=models.CharField(max_length=254)
    )
    return Q(In(domain, sorted(FREE_MAIL)))


def _company_mail() -> Q:
    return ~Q(email_key="") & ~_free_mail()


def _known_grade(rule: ScoreRule, _day: Day) -> Q:
    """A customer with the same phone, e-mail or company name has one of the grades."""
    keys = [OuterRef(name) for name in ("phone_key", "mobile_key", "email_key")]
    reached = ContactPoint.objects.filter(
        normalised__in=keys, customer__deleted_at__isnull=True, customer__grade__in=rule.codes
    ).exclude(normalised="")
    named = Customer._base_manager.filter(
        company_key=OuterRef("company_key"), deleted_at__isnull=True, grade__in=rule.codes
    ).exclude(company_key="")
    return Q(Exists(reached)) | Q(Exists(named))


def _contacts(rule: ScoreRule, _day: Day) -> Q:
    """Lines of the contact log without notes."""
    log = LeadActivity.objects.filter(lead=OuterRef("pk")).exclude(type=ActivityType.NOTE).order_by()
    number = Coalesce(Subquery(log.values("lead").annotate(n=Count("*")).values("n")), 0)
    condition = Q(GreaterThanOrEqual(number, int(rule.at_least or 0)))
    return condition & Q(LessThanOrEqual(number, int(rule.at_most))) if rule.at_most is not None else condition


def _answered() -> Q:
    return Q(Exists(LeadActivity.objects.filter(lead=OuterRef("pk"), direction=Direction.IN)))


def _quiet(rule: ScoreRule, day: Day) -> Q:
    """Whole days since the last contact; without any, since the lead was entered."""
    condition = ~Q(pk__in=[])
    if rule.at_least is not None:
        condition &= _last_contact("lt", day.begins(int(rule.at_least) - 1))
    if rule.at_most is not None:
        condition &= _last_contact("gte", day.begins(int(rule.at_most)))
    return condition


def _last_contact(lookup: str, moment: datetime.datetime) -> Q:
    never = Q(last_contact_at__isnull=True, **{f"created_at__{lookup}": moment})
    return Q(**{f"last_contact_at__{lookup}": moment}) | never


def _add(name: str, label: Any, where: Callable[[ScoreRule, Day], Q], *asks: str, **more: Any) -> None:
    facts.add(name, Fact(label, where, asks, **more))


_add("source", _("Source"), _any_of("source_id", "entries"), "entries", entries="lead_source")
_add("region", _("Region"), _any_of("region_id", "entries"), "entries", entries="region")
_add("industry", _("Industry"), _any_of("industry_id", "entries"), "entries", entries="industry")
_add("country", _("Country"), _any_of("country", "codes"), "codes", codes=countries)
_add("language", _("Language"), _any_of("language", "codes"), "codes", codes=languages)
_add("campaign", _("Campaign contains"), _campaign, "words")
_add("value", _("Estimated value"), _value, *RANGE, unit=_("In the company's currency; others do not count."))
_add("phone", _("Has a phone number"), _plain(lambda: ~Q(phone_key="") | ~Q(mobile_key="")))
_add("email", _("Has an e-mail address"), _plain(lambda: ~Q(email_key="")))
_add("company", _("Has a company"), _plain(lambda: ~Q(company="")))
_add("company_mail", _("E-mail of a company's own domain"), _plain(_company_mail))
_add("free_mail", _("E-mail of a free mail service"), _plain(_free_mail))
_add("referred", _("Referred by a customer"), _plain(lambda: Q(referred_by__isnull=False)))
_add("known_grade", _("A customer of this grade fits"), _known_grade, "codes", codes=lambda: Grade.choices)
_add("contacts", _("Logged contacts"), _contacts, *RANGE, unit=_("Contacts in the log, notes not counted."))
_add("answered", _("Has answered"), _plain(_answered))
_add("quiet", _("Days without contact"), _quiet, *RANGE, unit=_("Days since the last contact, else since its entry."))
