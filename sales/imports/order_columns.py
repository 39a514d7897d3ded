"""The columns of a file of orders, and what one row of it says: a line, or a whole order with its total."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.money import minor_unit
from crm.normalise import company_key
from records.imports.importables import ImportColumn
from records.imports.load import Load, column_currency
from records.imports.reasons import BadValue
from sales.amounts import line_amount

STATES = {
    "draft": ("new", "pending", "on hold", "草稿", "待确认", "新建", "черновик", "новый"),
    "confirmed": ("open", "activated", "processing", "in progress", "accepted", "approved", "paid", "已确认",
                  "处理中", "已付款", "подтверждён", "подтвержден", "в работе", "оплачен"),
    "shipped": ("dispatched", "sent", "已发货", "отгружен", "отправлен"),
    "delivered": ("fulfilled", "received", "已交付", "已送达", "已签收", "доставлен"),
    "closed": ("complete", "completed", "done", "finished", "已完成", "已关闭", "закрыт", "выполнен", "завершён",
               "завершен"),
    "cancelled": ("canceled", "void", "voided", "已取消", "取消", "отменён", "отменен"),
}  # fmt: skip
LARGEST = Decimal(10) ** 13
PRICE_UNIT = Decimal("0.0001")

COLUMNS = (
    ImportColumn("external_id", _("order number"), "key", max_length=120,
                 aliases=("order", "order id", "order no", "order number", "so number", "sales order", "invoice",
                          "invoice no", "invoice number", "transaction id", "id", "number", "订单号", "订单编号",
                          "单号", "编号", "номер заказа", "заказ", "номер")),
    ImportColumn("customer", _("customer"), "key",
                 aliases=("account", "account name", "company", "company name", "client", "customer name", "bill to",
                          "客户", "客户名称", "公司", "клиент", "компания", "контрагент", "покупатель")),
    ImportColumn("customer_number", _("number of the customer"), "key", max_length=120,
                 aliases=("customer id", "customer no", "account id", "company id", "client id", "客户编号",
                          "код клиента")),
    ImportColumn("ordered_on", _("ordered"), "date",
                 aliases=("order date", "date", "ordered on", "invoice date", "purchase date", "transaction date",
                          "effective date", "start date", "下单日期", "订单日期", "日期", "дата заказа", "дата")),
    ImportColumn("status", _("state"), "choice", choices=STATES,
                 aliases=("status", "order status", "state", "订单状态", "状态", "статус", "статус заказа",
                          "состояние")),
    ImportColumn("product", _("product"), max_length=255,
                 aliases=("product name", "item", "item name", "lineitem name", "goods", "产品", "产品名称", "商品",
                          "商品名称", "товар", "продукт", "номенклатура")),
    ImportColumn("product_code", _("code of the product"), max_length=60,
                 aliases=("product code", "stock code", "sku", "item code", "article", "lineitem sku", "product id",
                          "产品编码", "商品编码", "货号", "артикул", "код товара")),
    ImportColumn("line_name", _("text of the line"), max_length=255,
                 aliases=("line", "line description", "description", "item description", "描述", "说明", "описание",
                          "наименование")),
    ImportColumn("quantity", _("quantity"), "number",
                 aliases=("qty", "units", "lineitem quantity", "数量", "количество", "кол-во")),
    ImportColumn("unit", _("unit"), max_length=40, aliases=("uom", "unit of measure", "单位", "ед. изм.", "единица")),
    ImportColumn("unit_price", _("unit price"), "amount",
                 aliases=("price", "sales price", "price each", "lineitem price", "单价", "价格", "цена",
                          "цена за единицу")),
    ImportColumn("discount", _("discount, %"), "number", aliases=("discount %", "discount percent", "折扣率",
                 "скидка, %")),
    ImportColumn("tax_rate", _("tax, %"), "number",
                 aliases=("tax rate", "tax %", "vat rate", "vat %", "税率", "ставка ндс", "ндс, %")),
    ImportColumn("amount", _("amount of the line"), "amount",
                 aliases=("amount", "line total", "line amount", "sales", "subtotal", "extended price", "小计", "金额",
                          "сумма строки", "стоимость")),
    ImportColumn("total", _("total of the order"), "amount",
                 aliases=("total", "order total", "grand total", "total amount", "order amount", "value", "revenue",
                          "订单金额", "总金额", "合计", "итого", "сумма", "сумма заказа")),
    ImportColumn("prices_include_tax", _("prices include tax"), "boolean",
                 aliases=("tax included", "gross prices", "含税", "с ндс", "включая ндс")),
    ImportColumn("currency", _("currency"), "currency", aliases=("currency code", "currency iso code", "币种",
                 "валюта")),
    ImportColumn("owner", _("owner"), "person",
                 aliases=("owner id", "owner name", "order owner", "account manager", "sales agent", "sales rep",
                          "负责人", "客户经理", "业务员", "ответственный", "менеджер")),
    ImportColumn("opportunity_number", _("number of the opportunity"), "key", max_length=120,
                 aliases=("opportunity id", "opportunity", "deal id", "商机编号", "номер сделки")),
    ImportColumn("their_number", _("number at the customer's"), max_length=60,
                 aliases=("po number", "purchase order", "po", "customer reference", "客户订单号",
                          "номер заказа клиента")),
    ImportColumn("confirmed_on", _("confirmed"), "date",
                 aliases=("confirmed on", "activated date", "确认日期", "дата подтверждения")),
    ImportColumn("cancelled_on", _("cancelled on"), "date",
                 aliases=("cancelled", "cancelled at", "canceled at", "cancel date", "取消日期", "дата отмены")),
    ImportColumn("cancel_reason", _("why it was cancelled"), "dictionary", of="order_cancel_reason",
                 aliases=("cancel reason", "cancellation reason", "取消原因", "причина отмены")),
    ImportColumn("due_on", _("due"), "date",
                 aliases=("due date", "payment due", "付款期限", "到期日", "срок оплаты", "оплатить до")),
    ImportColumn("paid", _("received"), "amount",
                 aliases=("paid", "amount paid", "paid amount", "payment", "已付金额", "已收款", "оплачено")),
    ImportColumn("paid_on", _("received on"), "date",
                 aliases=("paid on", "paid at", "payment date", "付款日期", "收款日期", "дата оплаты")),
    ImportColumn("terms", _("terms"), max_length=20_000,
                 aliases=("notes", "note", "comment", "comments", "备注", "комментарий", "условия")),
    ImportColumn("created_at", _("created"), "moment",
                 aliases=("created date", "created on", "created at", "创建时间", "дата создания")),
    ImportColumn("author", _("created by"), "person", aliases=("created by id", "创建人", "автор")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удален")),
)  # fmt: skip

LINE = ("product", "product_code", "line_name", "quantity", "unit_price", "amount")
DERIVED = {
    "currency_kept": "text", "key": "text", "is_line": "boolean", "price": "numeric", "line_amount": "numeric",
    "product_id": "bigint", "opportunity_id": "bigint",
}  # fmt: skip


def derive(values: dict[str, Any], load: Load) -> None:
    values["customer_key"] = company_key(values["customer"])[:255] if values.get("customer") else None
    values["currency_kept"] = values.get("currency") or _currency(load)
    values["is_line"] = any(values.get(name) is not None for name in LINE)
    _check_percents(values)
    if not values["is_line"]:
        _take_total(values)
    values.setdefault("quantity", Decimal(1))
    if values["quantity"] <= 0:
        raise BadValue("not_positive", field=_("quantity"), value=values["quantity"])
    if values["quantity"] >= LARGEST / 1000 or values["quantity"] != round(values["quantity"], 3):
        raise BadValue("range", field=_("quantity"), value=values["quantity"])
    values["price"] = _price(values, load)


def _currency(load: Load) -> str:
    given = [name for name in ("unit_price", "amount", "total") if name in load.mapping.fields]
    chosen = [each.currency for each in load.mapping.used if each.field in given and each.currency]
    return chosen[0] if chosen else column_currency(load, given[0] if given else "total")


def _check_percents(values: dict[str, Any]) -> None:
    for name, label in (("discount", _("discount, %")), ("tax_rate", _("tax, %"))):
        value = values.get(name)
        if value is not None and not 0 <= value <= 100:
            raise BadValue("range", field=label, value=value)


def _take_total(values: dict[str, Any]) -> None:
    """A row without anything of a line: its total is the order's only line, its tax is within."""
    if values.get("total") is not None:
        values["unit_price"], values["discount"] = values["total"], None
        if values.get("tax_rate"):
            values["prices_include_tax"] = True


def _price(values: dict[str, Any], load: Load) -> Decimal | None:
    """The price of one unit, such that quantity × price less discount is the file's amount. None: the product's."""
    quantity, discount = values["quantity"], values.get("discount") or Decimal(0)
    currency, price, amount = values["currency_kept"], values.get("unit_price"), values.get("amount")
    if price is not None:
        price = price.quantize(PRICE_UNIT, ROUND_HALF_UP)
        found = line_amount(quantity, price, discount, currency)
        if found > LARGEST:
            raise BadValue("range", field=_("amount of the line"), value=found)
        if amount is None or _is_amount(found, amount, values):
            return price
    if amount is None:
        return price
    whole = quantity * (100 - discount) / 100
    told = (amount / whole).quantize(PRICE_UNIT, ROUND_HALF_UP) if whole else Decimal(0)
    if abs(line_amount(quantity, told, discount, currency) - amount) >= minor_unit(currency):
        raise BadValue("amount_differs", quantity=quantity, price=price if price is not None else told, value=amount)
    if price is not None:
        load.notes.add("price_from_amount")
    return told


def _is_amount(found: Decimal, amount: Decimal, values: dict[str, Any]) -> bool:
    """Whether the file's amount is this one, without its tax or with it."""
    rate = values.get("tax_rate") or Decimal(0)
    unit = minor_unit(values["currency_kept"])
    return any(abs(each - amount) < unit for each in (found, found * (100 + rate) / 100))
