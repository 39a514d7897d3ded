"""Import of opportunities, with the stages of the file: mapped to ours or made into a pipeline of their own."""

import datetime
import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import company_key
from customers import derived
from customers.imports import find_customer
from customers.imports.find_customer import link_customers
from records.dictionary import entry_by_code
from records.imports.importables import Importable, ImportColumn
from records.imports.load import STAGE, Load, column_currency
from records.imports.mapping import Mapping
from records.imports.reasons import BadValue
from records.imports.sets import check_owners, decide, match, number, portions, same_in_file, set_aside, update
from records.imports.table import Table
from sales.imports.stages import LOST, WON, entered_stage, prepare_stages, propose_stages, raw_stages, stage_choices
from sales.load import load_opportunities
from sales.models import Opportunity, Product
from sales.search import copy_opportunities, index_opportunities

COLUMNS = (
    ImportColumn("name", _("name"),
                 aliases=("opportunity", "opportunity name", "deal", "deal name", "title", "subject", "商机",
                          "商机名称",
                          "项目名称", "名称", "сделка", "название", "название сделки")),
    ImportColumn("customer", _("customer"), "key",
                 aliases=("account", "account name", "company", "company name", "client", "客户", "客户名称", "公司",
                          "клиент", "компания", "контрагент")),
    ImportColumn("customer_number", _("number of the customer"), "key", max_length=120,
                 aliases=("account id", "customer id", "company id", "客户编号", "код клиента")),
    ImportColumn("external_id", _("number in another system"), "key", max_length=120,
                 aliases=("id", "opportunity id", "deal id", "商机编号", "编号", "номер", "номер сделки")),
    ImportColumn("stage", _("stage"), "values", required=True, max_length=200,
                 aliases=("stage name", "deal stage", "status", "阶段", "销售阶段", "商机阶段", "этап",
                          "стадия", "статус")),
    ImportColumn("amount", _("amount"), "amount",
                 aliases=("close value", "value", "deal value", "revenue", "total", "金额", "预计金额",
                          "商机金额", "сумма",
                          "бюджет")),
    ImportColumn("currency", _("currency"), "currency", aliases=("currency code", "币种", "валюта")),
    ImportColumn("product", _("product"), "match", of="product", aliases=("product name", "产品", "товар", "продукт")),
    ImportColumn("quantity", _("quantity"), "number", aliases=("qty", "数量", "количество")),
    ImportColumn("owner", _("owner"), "person",
                 aliases=("owner id", "owner name", "opportunity owner", "sales agent", "sales rep", "account manager",
                          "负责人", "客户经理", "业务员", "ответственный", "менеджер")),
    ImportColumn("opened_on", _("opened"), "date",
                 aliases=("open date", "opened", "start date", "opportunity date", "开始日期", "дата открытия")),
    ImportColumn("reached", _("entered the stage on"), "dates", many=True),
    ImportColumn("close_on", _("expected close"), "date",
                 aliases=("close date", "expected close date", "expected closing date", "closing date", "预计成交日期",
                          "预计签单日期", "дата закрытия", "ожидаемая дата закрытия")),
    ImportColumn("closed_on", _("closed"), "date",
                 aliases=("closed date", "closed at", "actual close date", "won date", "成交日期", "дата сделки")),
    ImportColumn("probability", _("probability, %"), "number", aliases=("probability", "概率", "вероятность")),
    ImportColumn("source", _("source"), "dictionary", of="lead_source", aliases=("lead source", "来源", "источник")),
    ImportColumn("lost_reason", _("reason of the loss"), "dictionary", of="opportunity_lost_reason",
                 aliases=("loss reason", "lost reason", "输单原因", "причина отказа")),
    ImportColumn("competitor", _("competitor"), max_length=200, aliases=("competitors", "竞争对手", "конкурент")),
    ImportColumn("next_step", _("next step"), aliases=("下一步", "следующий шаг")),
    ImportColumn("description", _("description"), max_length=20_000,
                 aliases=("notes", "comment", "comments", "描述", "备注", "описание", "комментарий")),
    ImportColumn("created_at", _("created"), "moment",
                 aliases=("created date", "created on", "date created", "创建时间", "дата создания")),
    ImportColumn("author", _("created by"), "person", aliases=("created by id", "创建人", "автор")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удалена")),
)  # fmt: skip

PLAIN = {
    "name": "name", "close_on": "close_on", "source_id": "source", "competitor": "competitor",
    "next_step": "next_step",
    "description": "description", "external_id": "external_id",
}  # fmt: skip


def complete(mapping: Mapping, table: Table) -> None:
    """What the stages of the file mean, and which dates tell when one was entered."""
    stages = list(raw_stages(table, mapping))
    mapping.values["stage"], _pipeline = propose_stages(stages)
    for column in mapping.columns:
        if not column.field and (stage := entered_stage(column.header, stages)):
            column.field, column.stage = "reached", stage


def prepare(load: Load) -> None:
    prepare_stages(load, raw_stages(load.table, load.mapping), load.name)
    load.memory["lost_reason"] = entry_by_code("opportunity_lost_reason", "other")


def products(load: Load) -> list[tuple]:
    return list(Product.objects.live().order_by("pk").values_list("pk", "name", "name_zh", "name_ru", "code"))


def derive(values: dict[str, Any], load: Load) -> None:
    values["customer_key"] = company_key(values["customer"])[:255] if values.get("customer") else None
    values["currency_kept"] = values.get("currency") or column_currency(load, "amount")
    if values["stage"] not in load.memory["stages"]:
        raise BadValue("unknown", field=_("stage"), value=values["stage"])
    state, stage = load.memory["stages"][values["stage"]]
    reached = _reached(values, load)
    closed_on = values.get("closed_on") or values.get("close_on")
    if state != "open" and closed_on is None:
        raise BadValue("closed_needs_date")
    values["state_"] = state
    values["stage_id"] = _stage(state, stage, reached, load)
    values["closed_on_"] = closed_on if state != "open" else None
    values["opened_on_"] = values.get("opened_on") or _first_date(values, reached, load)
    values["stays"] = _stays(reached, values["closed_on_"], load)
    if state == LOST and values.get("lost_reason") is None:
        values["lost_reason"] = load.memory["lost_reason"].pk
        load.notes.add("lost_reason", match=load.memory["lost_reason"].label)


def _reached(values: dict[str, Any], load: Load) -> list[tuple[datetime.date, int | None]]:
    """(day, stage id) in time's order, of the stages whose beginning the file tells."""
    stages = load.memory["stages"]
    told = values.get("reached", {})
    return sorted(
        ((datetime.date.fromisoformat(day), stages.get(name, ("", None))[1]) for name, day in told.items()),
        key=lambda item: item[0],
    )


def _stage(state: str, stage: int | None, reached: list[tuple], load: Load) -> int | None:
    """Won has reached every stage; lost stood in that of its latest date, else in the first (PRODUCT §6)."""
    if state == WON:
        return load.memory["ordered"][-1]
    if state == LOST:
        return next((pk for _day, pk in reversed(reached) if pk), load.memory["ordered"][0])
    return stage


def _first_date(values: dict[str, Any], reached: list[tuple], load: Load) -> datetime.date | None:
    """The first date of the row; an expected close is none."""
    created = values.get("created_at")
    days = [day for day, _stage in reached]
    days += [day for day in (created and created.astimezone(load.zone).date(), values["closed_on_"]) if day]
    return min(days, default=None)


def _stays(reached: list[tuple], closed_on: datetime.date | None, load: Load) -> str | None:
    """The way through the stages as far as the file tells it, as ``load_opportunities`` takes it."""
    known = [(_moment(day, load), pk) for day, pk in reached if pk]
    if not known:
        return None
    ends = [start for start, _pk in known[1:]] + [_moment(closed_on, load) if closed_on else None]
    return json.dumps([{"stage": pk, "from": start, "to": end} for (start, pk), end in zip(known, ends, strict=True)])


def _moment(day: datetime.date, load: Load) -> str:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=load.zone).isoformat()


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    link_customers(load, nearly=True)
    named = "jsonb_build_object('value', coalesce(s.customer, s.customer_number))"
    set_aside(load, "r", "s.customer_id = -1", "ambiguous_customer", named)
    set_aside(
        load, "r", "s.customer_id IS NULL AND coalesce(s.customer, s.customer_number) IS NOT NULL", "no_customer", named
    )
    set_aside(load, "r", "s.state_ = 'won' AND s.customer_id IS NULL", "won_needs_customer")
    _name(load)
    same_in_file(load, "s.external_id")
    match(load, Opportunity, {"s.external_id": "t.external_id"})
    if load.on_duplicate != "add":
        _find_without_number(load)
    check_owners(load)
    decide(load, Opportunity)
    changed = {name: column for name, column in PLAIN.items() if column in load.mapping.fields}
    _tell_of_course(load)
    update(load, Opportunity, changed, customer="t.customer_id")
    if not load.dry_run:
        _write(load)


def _tell_of_course(load: Load) -> None:
    """A stage is left by its gate, an amount follows its products: a file changes neither, and must not seem to."""
    told = load.sql(
        f"""SELECT count(*) FROM {STAGE} s JOIN sales_opportunity t ON t.id = s.target
            WHERE s.state = 'u' AND (s.state_ <> t.state OR (s.state_ = 'open' AND s.stage_id <> t.stage_id)
                  OR s.amount <> t.amount OR s.owner <> t.owner_id)"""
    )[0][0]
    if told:
        load.notes.add("kept_course", told)


def _name(load: Load) -> None:
    """Customer and product name what the file leaves unnamed."""
    load.sql(
        f"""UPDATE {STAGE} s SET name = left(coalesce(nullif(concat_ws(' – ',
                coalesce(s.customer, (SELECT c.name FROM customers_customer c WHERE c.id = s.customer_id)),
                (SELECT p.name FROM sales_product p WHERE p.id = s.product)), ''), s.external_id, '#' || s.row), 255)
            WHERE s.name IS NULL"""
    )


def _find_without_number(load: Load) -> None:
    """Rows without a number are the same when customer, name, opening, close and amount are."""
    key = "concat_ws('|', s.customer_id, lower(s.name), s.opened_on_, s.closed_on_, s.amount)"
    same_in_file(load, f"CASE WHEN s.external_id IS NULL THEN {key} END")
    load.sql(
        f"""UPDATE {STAGE} s SET target = m.id FROM (
                SELECT s.row, min(t.id) AS id FROM {STAGE} s JOIN sales_opportunity t
                    ON t.customer_id = s.customer_id AND lower(t.name) = lower(s.name)
                   AND t.opened_on IS NOT DISTINCT FROM s.opened_on_ AND t.amount IS NOT DISTINCT FROM s.amount
                   AND t.closed_on IS NOT DISTINCT FROM s.closed_on_ AND t.deleted_at IS NULL
                WHERE s.state = 'a' AND s.target IS NULL AND s.external_id IS NULL GROUP BY 1) m
            WHERE m.row = s.row"""
    )


_SOURCE = f"""
SELECT s.target AS id, s.name, ''::text AS external_system, coalesce(s.external_id, '') AS external_id, s.customer_id,
       NULL::bigint AS contact_id, s.owner AS owner_id, s.stage_id, s.stage_id AS furthest_stage_id, s.state_ AS state,
       s.amount, s.currency_kept AS currency, s.opened_on_ AS opened_on, s.close_on, s.closed_on_ AS closed_on,
       CASE WHEN s.state_ = 'lost' THEN s.lost_reason END AS lost_reason_id, s.source AS source_id,
       coalesce(s.competitor, '') AS competitor, coalesce(s.next_step, '') AS next_step,
       coalesce(s.description, '') AS description, coalesce(s.created_at, %(now)s) AS created_at,
       s.product AS product_id, nullif(s.quantity, 0) AS quantity, s.stays
FROM {STAGE} s WHERE s.state = 'a'
"""


def _write(load: Load) -> None:
    number(load, Opportunity)
    load_opportunities(_SOURCE, by=load.by, now=load.now, batch=load.batch)
    if "author" in load.mapping.fields:
        load.sql(
            f"""UPDATE sales_opportunity t SET created_by_id = s.author FROM {STAGE} s
                WHERE s.state = 'a' AND s.target = t.id AND s.author IS NOT NULL"""
        )
    for ids in portions(load):
        copy_opportunities(ids)
        customers = Opportunity.objects.filter(pk__in=ids, customer__isnull=False).order_by().values_list("customer")
        derived.derive(derived.lock_customers(pk for (pk,) in customers.distinct()))
    for ids in portions(load, state="u"):
        index_opportunities(ids)


OPPORTUNITIES = Importable(
    "opportunity", "opportunities", _("Opportunities"), "opportunity", COLUMNS, load, derive,
    {
        **find_customer.DERIVED, "currency_kept": "text", "state_": "text", "stage_id": "bigint",
        "closed_on_": "date", "opened_on_": "date", "stays": "jsonb",
    },
    candidates={"product": products}, needs_one_of=("name", "customer", "customer_number", "product", "external_id"),
    prepare=prepare, complete=complete, value_choices=stage_choices, order=60,
)  # fmt: skip
