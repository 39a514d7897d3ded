"""The rules of the demo company, so that a newcomer sees them at work: sensible limits, none of which bites at once."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Company, Role
from customers.churn import case as churn
from customers.churn.watch import watch
from customers.models import ChurnRule, Customer, Pool, RecycleRule
from customers.pool.change import change_limits
from customers.rules import create_rule
from leads import rules as assignment
from leads.scoring.change import create_rule as create_score_rule
from leads.scoring.sweep import run as score_sweep
from leads.web_forms import change as web_forms
from records.company import change_company
from records.dictionary import entry_by_code
from sales.models import QuotePolicy, Stage
from sales.pipelines.change import set_gate
from sales.pricing.change import add_price, create_price_list, set_rate

RATES = {"USD": "0.92", "CNY": "0.128", "RUB": "0.0105", "GBP": "1.17"}


def make_company(by: Any) -> None:
    company = Company.get()
    values = {
        "name": "Tidewell Demo", "legal_name": "Tidewell Demo GmbH", "street": "Am Kai 7", "postcode": "20457",
        "city": "Hamburg", "country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin",
        "tax_number": "22/123/04567", "vat_number": "DE123456789", "register_entry": "Hamburg HRB 123456",
        "email": "sales@demo.invalid", "phone": "+49 40 555000", "bank_name": "Hafenbank",
        "bank_account": "DE89 3704 0044 0532 0130 00", "bank_code": "COBADEFFXXX",
    }  # fmt: skip
    change_company(company, values, by=by)


def make_rules(people: dict[str, Any], products: list[Any], today: datetime.date) -> None:
    """After the records: what was done before the rules stays as it was."""
    olga = people["olga"]
    _pools(olga)
    _churn(people, today)
    _leads(people)
    _web_form(people["olga"])
    _scores(people["olga"])
    _prices(olga, products, today)
    _quotes_and_stages(olga)


def _pools(olga: Any) -> None:
    """Nobody falls on the first night; a few are warned of."""
    pool = Pool.default()
    pool.edit({"brake_percent": 30, "claims_per_day": 10, "cooldown_days": 14}, by=olga)
    kept = {"open_opportunity": True, "open_order": True}
    create_rule(
        RecycleRule,
        {
            "name": "Quiet prospects", "pool": pool, "order": 10, "states": ["prospect"], "idle_days": 90,
            "warn_days": 14, "fresh_days": 14, "exempt": kept, "is_active": True,
        },
        by=olga,
    )  # fmt: skip
    create_rule(
        RecycleRule,
        {
            "name": "Small customers without orders", "pool": pool, "order": 20, "grades": ["C", "D"], "idle_days": 120,
            "order_days": 365, "needs_both": True, "warn_days": 14, "fresh_days": 30, "exempt": kept,
        },
        by=olga,
    )  # fmt: skip
    change_limits({"never_days": 2, "idle_days_a": 14, "idle_days_b": 30, "idle_days_c": 60}, by=olga)


def _churn(people: dict[str, Any], today: datetime.date) -> None:
    """Some are late by the rule; of those with orders one is put off and one is lost."""
    values = {"name": "Out of rhythm", "signal": "order_interval", "number": Decimal(2), "grades": ["A", "B", "C"]}
    create_rule(ChurnRule, {**values, "is_active": True}, by=people["olga"])
    watch(now=timezone.now())
    bought = Customer.objects.live().filter(last_order_on__isnull=False, life_cycle="maintain")
    deferred, lost = bought.filter(owner=people["alice"]).order_by("pk")[:2]
    case = churn.open_case(deferred, by=people["alice"], note="Asked for prices elsewhere")
    measures = "A visit with the new price list; free delivery this year"
    churn.defer(case, measures, today + datetime.timedelta(days=30), by=people["alice"])
    case = churn.open_case(lost, by=people["alice"], note="No answer since the last delivery")
    reason = entry_by_code("churn_reason", "competitor")
    assert reason is not None
    churn.confirm(case, reason, by=people["alice"], competitor="Hansa Pumpen")


def _leads(people: dict[str, Any]) -> None:
    """From the web in turn to the north; the other new leads wait for a supervisor."""
    empty: dict[str, Any] = {"regions": [], "industries": [], "languages": [], "countries": [], "min_value": None}
    values = {
        **empty, "name": "Web and e-mail, in turn", "team": None, "strategy": "round_robin", "fallback": people["tess"],
        "sources": [entry.pk for code in ("web", "email") if (entry := entry_by_code("lead_source", code))],
        "contact_within": None, "in_working_hours": False,
    }  # fmt: skip
    limits = {"is_active": True, "weight": 1, "holding_cap": 40, "daily_cap": None}
    members = [{"user": people[name], **limits} for name in ("alice", "bob")]
    rule = assignment.create_rule(values, members, by=people["olga"])
    assignment.switch_rule(rule, True, by=people["olga"])


def _web_form(olga: Any) -> None:
    """For the web site of the demo company; its leads follow the rule above."""
    texts = {
        "name": "Contact form of the web site", "title": "Talk to us about pumps",
        "intro": "Tell us what you need. A person answers within one working day.",
        "consent": "I agree that Tidewell Demo GmbH keeps what I send in order to answer me.",
        "campaign": "Web site", "source": entry_by_code("lead_source", "web"),
    }  # fmt: skip
    asked = {"name": True, "company": False, "email": True, "phone": False, "country": False, "need": True}
    fields = [{"name": name, "is_required": must, "label": "", "help": ""} for name, must in asked.items()]
    form = web_forms.create_form(texts, fields, by=olga)
    web_forms.switch_form(form, True, by=olga)


def _scores(olga: Any) -> None:
    """Fairs and referrals are worth most; who is left alone for two weeks cools down."""
    sources = [entry.pk for code in ("fair", "referral") if (entry := entry_by_code("lead_source", code))]
    given = [
        ("source", "Fair or referral", 30, {"entries": sources}),
        ("company", "A company stands behind it", 20, {}),
        ("company_mail", "Mail of its own domain", 15, {}),
        ("phone", "Can be called", 10, {}),
        ("free_mail", "Free mail service", -10, {}),
        ("quiet", "Left alone for two weeks", -20, {"at_least": Decimal(14)}),
    ]
    for fact, name, points, asked in given:
        create_score_rule(fact, {"name": name, "points": points, "is_active": True, **asked}, by=olga)
    score_sweep(now=timezone.now(), dry_run=False, force=True)


def _prices(olga: Any, products: list[Any], today: datetime.date) -> None:
    year = datetime.date(today.year, 1, 1)
    for currency, rate in RATES.items():
        set_rate(currency, year, Decimal(rate), by=olga)
    resellers = create_price_list(name="Resellers", currency="EUR", by=olga)
    for product in products[:4]:
        add_price(resellers, product=product, amount=product.price * Decimal("0.85"), by=olga)
        add_price(
            resellers, product=product, amount=product.price * Decimal("0.8"), from_quantity=Decimal(10), by=olga
        )  # fmt: skip


def _quotes_and_stages(olga: Any) -> None:
    supervisor = Role.objects.get(code="supervisor")
    QuotePolicy.get().edit({"discount_limit": Decimal(10), "role_limits": {str(supervisor.pk): "25"}}, by=olga)
    stages = list(Stage.objects.offered().filter(pipeline__code="default"))
    set_gate(None, stages[-1], {"needs": ["customer", "amount"]}, by=olga)
