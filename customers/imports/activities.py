"""Import of activities: what was done with customers before this system."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import company_key
from customers.imports import find_customer
from customers.imports.find_customer import link_customers
from customers.models import Activity
from records.imports.importables import Importable, ImportColumn
from records.imports.load import STAGE, Load
from records.imports.sets import decide, insert, log, match, number, same_in_file, set_aside

TYPES = {
    "call": ("phone", "phone call", "telephone", "电话", "звонок"),
    "visit": ("拜访", "上门", "визит"),
    "email": ("e-mail", "mail", "邮件", "письмо"),
    "chat": ("message", "wechat", "whatsapp", "微信", "чат"),
    "social": ("social media", "社交"),
    "meeting": ("appointment", "demo", "会议", "встреча"),
    "fax": ("传真", "факс"),
    "sms": ("短信", "смс"),
    "note": ("other", "task", "备注", "其他", "заметка"),
}
DIRECTIONS = {"out": ("outgoing", "outbound", "呼出", "исходящий"), "in": ("incoming", "inbound", "呼入", "входящий")}

COLUMNS = (
    ImportColumn("customer", _("customer"), "key",
                 aliases=("company", "company name", "account", "account name", "客户", "客户名称", "公司", "клиент",
                          "компания")),
    ImportColumn("customer_number", _("number of the customer"), "key", max_length=120,
                 aliases=("account id", "customer id", "what id", "客户编号", "код клиента")),
    ImportColumn("at", _("when"), "moment", required=True,
                 aliases=("date", "activity date", "date time", "时间", "日期", "跟进时间", "дата", "дата и время")),
    ImportColumn("type", _("type"), "choice", choices=TYPES,
                 aliases=("activity type", "kind", "channel", "方式", "跟进方式", "类型", "тип", "вид")),
    ImportColumn("direction", _("direction"), "choice", choices=DIRECTIONS, aliases=("方向", "направление")),
    ImportColumn("content", _("content"), max_length=50_000,
                 aliases=("subject", "notes", "note", "description", "comments", "text", "内容", "跟进内容",
                          "содержание",
                          "описание")),
    ImportColumn("outcome", _("outcome"), "dictionary", of="activity_outcome", aliases=("result", "结果",
                 "результат")),
    ImportColumn("contact_name", _("contact"), "key", aliases=("contact name", "联系人", "контакт")),
    ImportColumn("minutes", _("minutes"), "integer", aliases=("duration", "时长", "длительность")),
    ImportColumn("next_contact_at", _("next contact"), "moment",
                 aliases=("next step date", "follow up", "follow up date", "下次跟进", "下次联系时间",
                          "следующий контакт")),
    ImportColumn("author", _("by"), "person",
                 aliases=("owner", "owner id", "user", "sales agent", "跟进人", "负责人", "ответственный",
                          "менеджер")),
    ImportColumn("external_id", _("number in another system"), "key", max_length=120,
                 aliases=("id", "activity id", "编号", "код")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удален")),
)  # fmt: skip


def derive(values: dict[str, Any], load: Load) -> None:
    values["customer_key"] = company_key(values["customer"])[:255] if values.get("customer") else None


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    link_customers(load, nearly=True)
    named = "jsonb_build_object('value', coalesce(s.customer, s.customer_number, ''))"
    set_aside(load, "r", "s.customer_id = -1", "ambiguous_customer", named)
    set_aside(load, "r", "s.customer_id IS NULL", "no_customer", named)
    if load.on_duplicate != "add":
        same_in_file(
            load, "s.customer_id::text || '|' || s.at || '|' || coalesce(s.type, '') || md5(coalesce(s.content, ''))"
        )
        match(
            load, Activity, {"s.customer_id": "t.customer_id"},
            only="t.at = s.at AND t.content = coalesce(s.content, '') AND t.type = coalesce(s.type, 'note')",
        )  # fmt: skip
    same_in_file(load, "s.external_id")
    match(load, Activity, {"s.external_id": "t.external_id"})
    # An activity says what happened: one that is known already stays as it is.
    decide(load, Activity, keeps=True)
    _find_contacts(load)
    if not load.dry_run:
        _write(load)


def _find_contacts(load: Load) -> None:
    load.sql(
        f"""UPDATE {STAGE} s SET contact_id = m.id FROM (
                SELECT s.row, min(c.id) AS id FROM {STAGE} s JOIN customers_contact c
                    ON c.customer_id = s.customer_id AND c.deleted_at IS NULL AND lower(c.name) = lower(s.contact_name)
                WHERE s.state = 'a' AND s.contact_name IS NOT NULL GROUP BY 1) m
            WHERE m.row = s.row"""
    )
    lost = load.sql(
        f"""SELECT contact_name, count(*) FROM {STAGE}
            WHERE state = 'a' AND contact_name IS NOT NULL AND contact_id IS NULL GROUP BY 1"""
    )
    for name, count in lost:
        load.notes.add("no_contact", count, value=name)


def _write(load: Load) -> None:
    number(load, Activity)
    insert(
        load,
        Activity,
        {
            "id": "s.target", "customer_id": "s.customer_id", "contact_id": "s.contact_id",
            "type": "coalesce(s.type, 'note')", "direction": "coalesce(s.direction, 'out')", "content": "s.content",
            "outcome_id": "s.outcome", "at": "s.at", "minutes": "s.minutes", "next_contact_at": "s.next_contact_at",
            "state": "CASE WHEN s.at > %(now)s THEN 'planned' ELSE 'done' END", "by_id": "coalesce(s.author, %(by)s)",
            "external_id": "s.external_id",
            "customer_owner": "(SELECT owner_id FROM customers_customer c WHERE c.id = s.customer_id)",
            "customer_team": "(SELECT team_id FROM customers_customer c WHERE c.id = s.customer_id)",
            "created_at": "least(s.at, %(now)s)", "created_by_id": "coalesce(s.author, %(by)s)",
        },
    )  # fmt: skip
    log(load, customer="s.customer_id")
    _stamp_customers(load)


def _stamp_customers(load: Load) -> None:
    """Last and next contact stand on the customer; a later one that is known already stays."""
    load.sql(
        f"""UPDATE customers_customer t SET
                last_contact_at = greatest(t.last_contact_at, m.last),
                next_contact_at = coalesce(t.next_contact_at, m.next)
            FROM (SELECT customer_id, max(at) FILTER (WHERE at <= %(now)s AND coalesce(type, 'note') <> 'note') AS last,
                         min(next_contact_at) FILTER (WHERE next_contact_at > %(now)s) AS next
                  FROM {STAGE} WHERE state = 'a' GROUP BY 1) m
            WHERE t.id = m.customer_id"""
    )


ACTIVITIES = Importable(
    "activity", "activities", _("Activities"), "customer", COLUMNS, load, derive,
    {**find_customer.DERIVED, "contact_id": "bigint"},
    needs_one_of=("customer", "customer_number"), has_owner=False, order=70,
)  # fmt: skip
