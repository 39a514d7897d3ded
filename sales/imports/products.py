"""Import of products: known by their number elsewhere, their code or their name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import fold
from records.imports.importables import Importable, ImportColumn
from records.imports.load import Load, column_currency
from records.imports.sets import decide, insert, log, match, number, portions, same_in_file, set_aside, update
from sales.models import Product
from sales.search import index_products

COLUMNS = (
    ImportColumn("name", _("name"), required=True, max_length=200,
                 aliases=("product", "product name", "item", "title", "description", "产品", "产品名称",
                          "商品", "商品名称",
                          "товар", "продукт", "название", "наименование", "номенклатура")),
    ImportColumn("code", _("code"), max_length=60,
                 aliases=("product code", "sku", "stock code", "article", "产品编码", "产品编号", "编码",
                          "货号", "код",
                          "артикул")),
    ImportColumn("category", _("series"), "dictionary", of="product_category",
                 aliases=("category", "family", "product family", "group", "类别", "分类", "系列", "категория",
                          "серия",
                          "группа")),
    ImportColumn("unit", _("unit"), "dictionary", of="product_unit", aliases=("单位", "计量单位", "единица",
                 "ед. изм.")),
    ImportColumn("price", _("price"), "amount",
                 aliases=("sales price", "list price", "unit price", "retail price", "amount", "价格", "单价",
                          "售价", "цена",
                          "стоимость")),
    ImportColumn("currency", _("currency"), "currency", aliases=("currency code", "币种", "валюта")),
    ImportColumn("cost", _("cost"), "amount", aliases=("purchase price", "成本", "себестоимость")),
    ImportColumn("tax_rate", _("tax rate, %"), "number", aliases=("tax", "vat", "tax rate", "税率", "ндс")),
    ImportColumn("description", _("description"), max_length=20_000, aliases=("details", "说明", "描述", "описание")),
    ImportColumn("active", _("can be offered"), "boolean", aliases=("is active", "active", "启用", "активен")),
    ImportColumn("external_id", _("number elsewhere"), "key", max_length=80, aliases=("id", "product id",
                 "external id")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "已删除", "удален")),
)  # fmt: skip

PLAIN = {
    "name": "name", "code": "code", "category_id": "category", "unit_id": "unit", "price": "price",
    "currency": "currency_kept", "cost": "cost", "tax_rate": "tax_rate", "description": "description",
    "is_active": "active", "external_id": "external_id",
}  # fmt: skip


def derive(values: dict[str, Any], load: Load) -> None:
    values["name_key"] = fold(values["name"])
    values["currency_kept"] = values.get("currency") or column_currency(load, "price")


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    set_aside(
        load,
        "r",
        "s.tax_rate NOT BETWEEN 0 AND 100",
        "range",
        "jsonb_build_object('field', 'tax', 'value', s.tax_rate)",
    )
    same_in_file(load, "s.external_id", "lower(s.code)", "CASE WHEN s.code IS NULL THEN s.name_key END")
    match(load, Product, {"s.external_id": "t.external_id", "lower(s.code)": "lower(t.code)"})
    match(load, Product, {"s.name_key": "lower(t.name)"}, only="(s.code IS NULL OR t.code = '')")
    decide(load, Product)
    changed = {name: column for name, column in PLAIN.items() if column.removesuffix("_kept") in load.mapping.fields}
    update(load, Product, changed)
    if load.dry_run:
        return
    number(load, Product)
    given = {name: f"s.{column}" for name, column in PLAIN.items()}
    defaults = {
        "tax_rate": "coalesce(s.tax_rate, 0)",
        "is_active": "coalesce(s.active, true)",
        "created_by_id": "%(by)s",
    }
    insert(load, Product, {"id": "s.target", **given, **defaults})
    log(load)
    for ids in portions(load) + portions(load, state="u"):
        index_products(ids)


PRODUCTS = Importable(
    "product", "products", _("Products"), "product", COLUMNS, load, derive,
    {"name_key": "text", "currency_kept": "text"}, has_owner=False, order=50,
)  # fmt: skip
