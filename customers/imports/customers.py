"""Import of customers: a company by its number elsewhere, its tax number or its name without legal form."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import company_key, sort_key
from customers.imports.points import DERIVED, insert_points, point_columns, put_points
from customers.models import Contact, Customer, Pool
from customers.search import copy_contacts, copy_customers, index_customers
from records.imports.importables import Importable, ImportColumn
from records.imports.load import STAGE, Load, column_currency
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

COLUMNS = (
    ImportColumn(
        "name", _("name"), required=True,
        aliases=("account", "account name", "company", "company name", "customer", "customer name", "organisation",
                 "organization", "organization name", "client", "title", "客户", "客户名称", "名称", "公司",
                 "公司名称",
                 "企业名称", "单位名称", "门店名称", "店名", "название", "наименование", "компания", "организация",
                 "клиент", "контрагент"),
    ),
    ImportColumn(
        "external_id", _("number in another system"), "key", max_length=120,
        aliases=("id", "account id", "customer id", "customer number", "company id", "external id", "identifier",
                 "客户编号", "客户编码", "编号", "门店编号", "код", "номер", "ид", "код клиента"),
    ),
    ImportColumn("industry", _("industry"), "dictionary", of="industry",
                 aliases=("sector", "branch", "行业", "所属行业", "отрасль", "сфера деятельности")),
    ImportColumn("source", _("source"), "dictionary", of="lead_source",
                 aliases=("lead source", "customer source", "来源", "客户来源", "источник")),
    ImportColumn("region", _("region"), "dictionary", of="region",
                 aliases=("billing state", "state", "state abbr", "province", "territory", "大区", "区域", "地区",
                          "省份", "регион", "область")),
    ImportColumn("country", _("country"), "country",
                 aliases=("office location", "billing country", "headquarters", "国家", "страна")),
    ImportColumn("city", _("city"), max_length=120, aliases=("billing city", "town", "城市", "город")),
    ImportColumn("street", _("street"),
                 aliases=("address", "billing street", "street address", "business address", "地址", "详细地址",
                          "адрес", "улица", "юридический адрес")),
    ImportColumn("postcode", _("postcode"), max_length=20,
                 aliases=("billing postal code", "postal code", "zip", "zip code", "zipcode", "邮编", "индекс")),
    ImportColumn("employees", _("employees"), "integer",
                 aliases=("number of employees", "employee count", "size", "headcount", "员工人数", "人数",
                          "сотрудников", "число сотрудников", "количество сотрудников")),
    ImportColumn("revenue", _("yearly revenue"), "amount",
                 aliases=("revenue", "annual revenue", "turnover", "年收入", "年营业额", "выручка", "годовой оборот")),
    ImportColumn("currency", _("currency"), "currency", aliases=("currency code", "币种", "валюта")),
    ImportColumn("website", _("website"), aliases=("web site", "url", "homepage", "site", "网站", "网址", "сайт")),
    ImportColumn("tax_number", _("tax number"), max_length=32,
                 aliases=("tax identifier", "tax id", "vat", "vat id", "vat number", "税号",
                          "统一社会信用代码", "инн")),
    ImportColumn("tax_branch", _("КПП"), max_length=9, aliases=("кпп",)),
    ImportColumn("parent", _("subsidiary of"), "key",
                 aliases=("parent", "parent id", "parent account", "parent company", "上级公司", "母公司",
                          "головная компания", "холдинг")),
    ImportColumn("owner", _("owner"), "person",
                 aliases=("owner id", "owner name", "account owner", "account manager", "sales agent", "sales rep",
                          "负责人", "客户经理", "业务员", "销售", "ответственный", "менеджер", "владелец")),
    ImportColumn("grade", _("grade"), "choice", aliases=("客户等级", "等级", "категория"),
                 choices={"A": (), "B": (), "C": (), "D": ()}),
    ImportColumn("contact_name", _("contact"), max_length=255,
                 aliases=("contact", "contact name", "contact person", "联系人", "контактное лицо", "контакт")),
    ImportColumn("comment", _("comment"), max_length=20_000,
                 aliases=("description", "notes", "note", "comments", "备注", "说明", "примечание", "комментарий",
                          "описание")),
    ImportColumn("created_at", _("created"), "moment",
                 aliases=("created date", "created on", "date created", "创建时间", "创建日期",
                          "дата создания", "создан")),
    ImportColumn("author", _("created by"), "person",
                 aliases=("created by id", "creator", "author", "创建人", "кем создан", "автор")),
    ImportColumn("last_contact_at", _("last contact"), "moment",
                 aliases=("last activity date", "last contacted", "last activity", "最后跟进时间", "最近跟进",
                          "последний контакт")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удален")),
    *point_columns(_("phone"), _("mobile phone"), _("e-mail"), _("fax"), _("web")),
)  # fmt: skip

# Attribute of the model → column of the stage, as they stand.
PLAIN = {
    "name": "name", "external_id": "external_id", "industry_id": "industry", "source_id": "source",
    "region_id": "region", "country": "country", "city": "city", "street": "street", "postcode": "postcode",
    "employees": "employees", "revenue": "revenue", "currency": "currency_kept", "website": "website",
    "tax_number": "tax_number", "tax_branch": "tax_branch", "comment": "comment",
}  # fmt: skip
HOLDER = {
    "owner_id": "s.owner",
    "team_id": "(SELECT team_id FROM accounts_user u WHERE u.id = s.owner)",
    "assigned_at": "CASE WHEN s.owner IS NOT NULL THEN %(now)s END",
    "pool_id": "CASE WHEN s.owner IS NULL THEN %(pool)s END",
    "entered_pool_at": "CASE WHEN s.owner IS NULL THEN %(now)s END",
}
# As grade_by_hand.HELD_FOR.
GRADE_HOLDS = "CASE WHEN s.grade IS NOT NULL THEN (%(now)s::timestamptz + interval '1 year')::date END"


def derive(values: dict[str, Any], load: Load) -> None:
    values["company_key"] = company_key(values["name"])[:255]
    values["sort_key"] = sort_key(values["name"])[:255]
    values["parent_key"] = company_key(values["parent"])[:255] if values.get("parent") else None
    if "revenue" in values:
        values["currency_kept"] = values.get("currency") or column_currency(load, "revenue")
    put_points(values, load)


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    differ = "s.external_id IS NOT NULL AND d.first_external_id IS NOT NULL AND s.external_id <> d.first_external_id"
    same_in_file(load, "s.external_id", "s.tax_number")
    if load.on_duplicate != "add":
        same_in_file(load, "s.company_key", unless=differ)
    _find(load)
    check_owners(load)
    decide(load, Customer)
    _note_parents(load)
    changed = {name: column for name, column in PLAIN.items() if column.removesuffix("_kept") in load.mapping.fields}
    update(load, Customer, changed, customer="t.id")
    pool = Pool.default()
    _note_pool(load, pool)
    if load.dry_run:
        return
    _write(load, pool)


def _find(load: Load) -> None:
    keys = {"s.external_id": "t.external_id", "s.tax_number": "t.tax_number"}
    match(load, Customer, keys if load.on_duplicate != "add" else {"s.external_id": "t.external_id"})
    if load.on_duplicate != "add":
        differ = "(t.external_id <> '' AND s.external_id IS NOT NULL AND t.external_id <> s.external_id)"
        match(load, Customer, {"s.company_key": "t.company_key"}, only=f"NOT {differ}")


def _note_parents(load: Load) -> None:
    lost = load.sql(
        f"""SELECT s.parent, count(*) FROM {STAGE} s WHERE s.state IN ('a', 'u') AND s.parent IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM {STAGE} p WHERE p.company_key = s.parent_key OR p.external_id = s.parent)
              AND NOT EXISTS (SELECT 1 FROM customers_customer c
                              WHERE c.deleted_at IS NULL AND c.company_key = s.parent_key)
              AND NOT EXISTS (SELECT 1 FROM customers_customer c
                              WHERE c.deleted_at IS NULL AND c.external_id = s.parent)
            GROUP BY 1"""
    )  # fmt: skip
    for name, count in lost:
        load.notes.add("none", count, field=_("subsidiary of"), value=name)


def _note_pool(load: Load, pool: Pool) -> None:
    waiting = load.sql(f"SELECT count(*) FROM {STAGE} WHERE state = 'a' AND owner IS NULL")[0][0]
    if waiting:
        load.notes.add("in_pool", waiting, value=pool)


def _write(load: Load, pool: Pool) -> None:
    number(load, Customer)
    _link_parents(load)
    insert(
        load,
        Customer,
        {
            "id": "s.target", **{name: f"s.{column}" for name, column in PLAIN.items()}, **HOLDER,
            "sort_key": "s.sort_key", "company_key": "s.company_key", "parent_id": "s.parent_id",
            "phone": "s.phone_shown",
            "email": "s.email_shown", "grade": "coalesce(s.grade, 'D')", "grade_until": GRADE_HOLDS,
            "last_contact_at": "s.last_contact_at",
            "created_at": "coalesce(s.created_at, %(now)s)", "created_by_id": "coalesce(s.author, %(by)s)",
        },
        params={"pool": pool.pk},
    )  # fmt: skip
    _keep_parents(load)
    _add_contacts(load)
    insert_points(load, customer="s.target")
    log(
        load,
        customer="s.target",
        facts=f"jsonb_build_object('to', s.owner, 'pool', CASE WHEN s.owner IS NULL THEN {pool.pk} END)",
    )
    for ids in portions(load):
        copy_customers(ids)
        if "contact_name" in load.mapping.fields:
            copy_contacts(Contact._base_manager.filter(customer_id__in=ids).values_list("pk", flat=True))
    for ids in portions(load, state="u"):
        index_customers(ids)


def _link_parents(load: Load) -> None:
    """Each parent stands in the file, perhaps below its subsidiary, or is known; a circle is cut."""
    for mine, ours, theirs in (
        ("parent", "external_id", "external_system = '' AND p.external_id"),
        ("parent_key", "company_key", "company_key"),
    ):
        load.sql(
            f"""UPDATE {STAGE} s SET parent_id = m.parent FROM (
                    SELECT s.row, min(p.id) AS parent FROM {STAGE} s JOIN (
                        SELECT target AS id, {ours} AS key FROM {STAGE} WHERE state = 'a'
                        UNION ALL
                        SELECT p.id, k.key FROM (SELECT DISTINCT {mine} AS key FROM {STAGE}) k
                        JOIN customers_customer p ON p.{theirs} = k.key AND p.deleted_at IS NULL) p
                      ON p.key = s.{mine} AND p.id <> s.target
                    WHERE s.state IN ('a', 'u') AND coalesce(s.{mine}, '') <> '' AND s.parent_id IS NULL GROUP BY 1) m
                WHERE m.row = s.row"""
        )
    load.sql(
        f"""WITH RECURSIVE above AS (
                SELECT row, target, parent_id FROM {STAGE} WHERE state = 'a' AND parent_id IS NOT NULL
                UNION ALL
                SELECT a.row, a.target, p.parent_id FROM above a JOIN {STAGE} p ON p.target = a.parent_id
                WHERE p.parent_id IS NOT NULL AND a.parent_id <> a.target
            ) CYCLE parent_id SET is_circle USING path
            UPDATE {STAGE} s SET parent_id = NULL FROM above a WHERE a.row = s.row AND a.parent_id = a.target"""
    )


def _keep_parents(load: Load) -> None:
    """Customers that were known get a parent when they have none."""
    load.sql(
        f"""UPDATE customers_customer t SET parent_id = s.parent_id FROM {STAGE} s
            WHERE s.state = 'u' AND t.id = s.target AND t.parent_id IS NULL AND s.parent_id IS NOT NULL"""
    )


def _add_contacts(load: Load) -> None:
    """The contact person whom a customers' file names beside the company."""
    insert(
        load,
        Contact,
        {
            "customer_id": "s.target", "name": "s.contact_name", "sort_key": "lower(s.contact_name)",
            "is_main": "true", "phone": "s.phone_shown", "email": "s.email_shown",
            "customer_owner": "s.owner", "customer_team": "(SELECT team_id FROM accounts_user u WHERE u.id = s.owner)",
            "created_at": "%(now)s", "created_by_id": "%(by)s",
        },
        source=f"{STAGE} s WHERE s.state = 'a' AND s.contact_name IS NOT NULL",
    )  # fmt: skip


CUSTOMERS = Importable(
    "customer", "customers", _("Customers"), "customer", COLUMNS, load, derive,
    {**DERIVED, "company_key": "text", "sort_key": "text", "parent_key": "text", "parent_id": "bigint",
     "currency_kept": "text"},
    order=20,
)  # fmt: skip
