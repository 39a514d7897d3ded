"""What this room adds to the import: leads, known by their number elsewhere, e-mail, phone, or name and company."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import fold
from customers.imports import find_customer
from customers.imports.find_customer import link_customers
from leads.keys import SOURCES, keys_of
from leads.models import Lead, ScoreRule
from leads.rating_by_hand import held_until
from leads.scoring.score import score_leads
from leads.search import copy_leads, index_leads
from records.dictionary import entry_by_code
from records.imports.importables import Importable, ImportColumn, importables
from records.imports.load import STAGE, Load, column_currency
from records.imports.reasons import BadValue
from records.imports.sets import (
    check_owners,
    decide,
    insert,
    log,
    match,
    number,
    portions,
    same_in_file,
    set_aside,
    update,
)

STATES = {
    "new": ("open", "open - not contacted", "not contacted", "unassigned", "新建", "未联系", "новый", "новая"),
    "assigned": ("已分配", "назначен"),
    "contacted": ("working", "working - contacted", "in progress", "attempted", "已联系", "跟进中", "в работе"),
    "qualified": ("sales qualified", "sql", "mql", "已确认", "合格", "квалифицирован"),
    "converted": ("closed - converted", "closed converted", "已转化", "конвертирован"),
    "lost": ("closed - not converted", "closed not converted", "unqualified", "disqualified", "junk", "无效",
             "потерян",
             "отказ"),
}  # fmt: skip
RATINGS = {"hot": ("热", "горячий"), "warm": ("温", "тёплый"), "cold": ("冷", "холодный")}

COLUMNS = (
    ImportColumn("name", _("name"), max_length=200,
                 aliases=("full name", "lead name", "contact", "contact name", "联系人", "姓名", "名称",
                          "线索名称", "имя",
                          "фио", "контакт")),
    ImportColumn("given_name", _("given name"), max_length=100, aliases=("first name", "first", "firstname", "名")),
    ImportColumn("family_name", _("family name"), max_length=100,
                 aliases=("last name", "last", "lastname", "surname", "姓", "фамилия")),
    ImportColumn("company", _("company"), max_length=200,
                 aliases=("company name", "account", "organization", "organisation", "公司", "公司名称",
                          "客户名称", "компания",
                          "организация")),
    ImportColumn("position", _("position"), max_length=120, aliases=("title", "job title", "职位", "должность")),
    ImportColumn("phone", _("phone"), max_length=60,
                 aliases=("phone number", "telephone", "tel", "business phone", "phone work", "电话",
                          "联系电话", "телефон")),
    ImportColumn("mobile", _("mobile phone"), max_length=60,
                 aliases=("cell", "cell phone", "手机", "手机号", "мобильный", "мобильный телефон")),
    ImportColumn("email", _("e-mail"), "email", max_length=254,
                 aliases=("e-mail", "mail", "email address", "e-mail address", "email work", "邮箱",
                          "电子邮箱", "почта",
                          "эл. почта")),
    ImportColumn("wechat", _("WeChat"), max_length=80, aliases=("微信", "微信号")),
    ImportColumn("whatsapp", "WhatsApp", max_length=80),
    ImportColumn("telegram", "Telegram", max_length=80),
    ImportColumn("website", _("web site"), max_length=300, aliases=("url", "homepage", "site", "网站", "сайт")),
    ImportColumn("country", _("country"), "country", aliases=("国家", "страна")),
    ImportColumn("region", _("region"), "dictionary", of="region",
                 aliases=("billing state", "province", "地区", "省份", "регион", "область")),
    ImportColumn("city", _("city"), max_length=120, aliases=("town", "城市", "город")),
    ImportColumn("industry", _("industry"), "dictionary", of="industry", aliases=("sector", "行业", "отрасль")),
    ImportColumn("tax_number", _("tax number"), max_length=40, aliases=("tax id", "vat", "inn", "税号", "инн")),
    ImportColumn("source", _("source"), "dictionary", of="lead_source",
                 aliases=("lead source", "channel", "来源", "线索来源", "источник")),
    ImportColumn("campaign", _("campaign"), max_length=120, aliases=("市场活动", "кампания")),
    ImportColumn("need", _("need"), max_length=20_000,
                 aliases=("description", "notes", "comment", "message", "requirement", "需求", "备注", "потребность",
                          "комментарий", "описание")),
    ImportColumn("estimated_value", _("estimated value"), "amount",
                 aliases=("value", "budget", "amount", "预计金额", "预算", "бюджет", "сумма")),
    ImportColumn("currency", _("currency"), "currency", aliases=("币种", "валюта")),
    ImportColumn("rating", _("rating"), "choice", choices=RATINGS, aliases=("热度", "рейтинг")),
    ImportColumn("lead_state", _("state"), "choice", choices=STATES, aliases=("state", "status", "lead status",
                 "状态", "статус")),
    ImportColumn("owner", _("owner"), "person",
                 aliases=("owner id", "owner name", "lead owner", "sales agent", "负责人", "客户经理", "ответственный",
                          "менеджер")),
    ImportColumn("external_id", _("external number"), "key", max_length=100,
                 aliases=("id", "lead id", "external id", "identifier", "编号", "номер")),
    ImportColumn("created_at", _("created"), "moment",
                 aliases=("created date", "created on", "date created", "创建时间", "дата создания")),
    ImportColumn("customer_number", _("number of the customer"), "key", max_length=120,
                 aliases=("converted account id", "account id", "客户编号", "код клиента")),
    ImportColumn("converted_on", _("converted"), "moment", aliases=("converted date", "转化时间", "дата конверсии")),
    ImportColumn("author", _("created by"), "person", aliases=("created by id", "创建人", "автор")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удален")),
)  # fmt: skip

PLAIN = {
    **{name: name for name in (
        "name", "company", "position", "phone", "mobile", "email", "wechat", "whatsapp", "telegram", "website",
        "country", "city", "tax_number", "campaign", "need", "estimated_value", "external_id",
    )},
    "region_id": "region", "industry_id": "industry", "source_id": "source", "currency": "currency_kept",
    "rating_by_hand": "rating", "rating_until": "rating_kept",
}  # fmt: skip
KEYS = ("phone_key", "mobile_key", "email_key", "domain_key", "company_key", "tax_key", "sort_key")


def derive(values: dict[str, Any], load: Load) -> None:
    names = (values.get("given_name"), values.get("family_name"))
    values["name"] = values.get("name") or " ".join(filter(None, names)) or None
    if not values["name"] and not values.get("company"):
        raise BadValue("required_one", fields=f"{_('name')}, {_('company')}")
    values.update(keys_of({name: values.get(name) or "" for name in SOURCES}, country=load.country))
    if values.get("email") and not values["email_key"]:
        raise BadValue("email", value=values["email"])
    for name in ("phone", "mobile"):
        if values.get(name) and not values[f"{name}_key"]:
            if values[name].startswith("+"):
                raise BadValue("phone", value=values[name])
            load.notes.add("phone", value=values[name])
    if values.get("estimated_value") is not None:
        values["currency_kept"] = values.get("currency") or column_currency(load, "estimated_value")
    values["rating_kept"] = load.memory["rating_until"] if values.get("rating") else None
    # The same person at the same company, when nothing better tells leads apart.
    values["name_key"] = fold(f"{values['name'] or ''}|{values.get('company') or ''}")


def prepare(load: Load) -> None:
    load.memory["lost_reason"] = entry_by_code("lead_lost_reason", "other")
    load.memory["rating_until"] = held_until(Lead.Rating.HOT, None)


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    same_in_file(load, "s.external_id")
    match(load, Lead, {"s.external_id": "t.external_id"})
    if load.on_duplicate != "add":
        differ = (
            "s.external_id IS NOT NULL AND d.first_external_id IS NOT NULL AND s.external_id <> d.first_external_id"
        )
        same_in_file(load, "s.email_key", "s.name_key", unless=differ)
        other = "(t.external_id = '' OR s.external_id IS NULL OR t.external_id = s.external_id)"
        match(load, Lead, {"s.email_key": "t.email_key"}, only=other)
        match(
            load,
            Lead,
            {"s.sort_key": "t.sort_key"},
            only=f"t.company_key = s.company_key AND s.email_key = '' AND {other}",
        )
    check_owners(load)
    decide(load, Lead)
    _settle_converted(load)
    changed = {name: column for name, column in PLAIN.items() if column.removesuffix("_kept") in load.mapping.fields}
    update(load, Lead, changed)
    _note_lost(load)
    if not load.dry_run:
        _write(load)


def _settle_converted(load: Load) -> None:
    """A converted lead has an owner and a customer: that of its number in the other system, else of its company."""
    load.sql(f"UPDATE {STAGE} SET customer_key = company_key WHERE lead_state = 'converted'")
    link_customers(load)
    unsettled = "(s.owner IS NULL OR coalesce(s.customer_id, -1) = -1)"
    set_aside(load, "s", f"s.state = 'a' AND s.lead_state = 'converted' AND {unsettled}", "converted")


def _note_lost(load: Load) -> None:
    lost = load.sql(f"SELECT count(*) FROM {STAGE} WHERE state = 'a' AND lead_state = 'lost'")[0][0]
    if lost:
        load.notes.add("lost_reason", lost, match=load.memory["lost_reason"].label)


# A lead without owner waits; with one it is at least assigned (lead_has_an_owner_once_assigned).
_STATE = """CASE WHEN s.lead_state = 'lost' THEN 'lost' WHEN s.owner IS NULL THEN 'new'
                 WHEN coalesce(s.lead_state, 'new') = 'new' THEN 'assigned' ELSE s.lead_state END"""
_CREATED = "coalesce(s.created_at, %(now)s)"


def _write(load: Load) -> None:
    number(load, Lead)
    reached = {
        name: f"CASE WHEN {_STATE} = '{state}' THEN {_CREATED} END"
        for name, state in (("contacted_at", "contacted"), ("qualified_at", "qualified"), ("lost_at", "lost"))
    }
    insert(
        load,
        Lead,
        {
            "id": "s.target", **{name: f"s.{column}" for name, column in PLAIN.items()},
            **{key: f"s.{key}" for key in KEYS}, **reached, "owner_id": "s.owner",
            "team_id": "(SELECT team_id FROM accounts_user u WHERE u.id = s.owner)",
            "assigned_at": "CASE WHEN s.owner IS NOT NULL THEN %(now)s END", "state": _STATE,
            "converted_at": f"CASE WHEN {_STATE} = 'converted' THEN coalesce(s.converted_on, {_CREATED}) END",
            "customer_id": f"CASE WHEN {_STATE} = 'converted' THEN s.customer_id END",
            "lost_reason_id": f"CASE WHEN {_STATE} = 'lost' THEN %(lost)s END",
            "created_at": _CREATED, "created_by_id": "coalesce(s.author, %(by)s)",
        },
        params={"lost": load.memory["lost_reason"].pk},
    )  # fmt: skip
    log(load, facts="jsonb_build_object('to', s.owner)")
    is_scored = "rating" in load.mapping.fields or ScoreRule.objects.in_force().exists()
    for ids in portions(load):
        copy_leads(ids)
        _score(ids, is_scored)
    for ids in portions(load, state="u"):
        index_leads(ids)
        _score(ids, is_scored)


def _score(ids: list[int], is_scored: bool) -> None:
    if is_scored:
        score_leads(ids)


LEADS = Importable(
    "lead", "leads", _("Leads"), "lead", COLUMNS, load, derive,
    {**dict.fromkeys(KEYS, "text"), **find_customer.DERIVED, "currency_kept": "text", "rating_kept": "date",
     "name_key": "text"},
    needs_one_of=("name", "given_name", "family_name", "company"), prepare=prepare, order=40,
)  # fmt: skip


def add_importables() -> None:
    importables.add(LEADS.kind, LEADS)
