"""Which product of ours a line names: by its code exactly, else by its name, which may be nearly so."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import fold
from records.imports.load import STAGE, Load
from records.imports.near import Names
from records.imports.sets import set_aside
from sales.models import Product


def link_products(load: Load) -> None:
    """``product_id`` of the rows in play. What is not found keeps its text on the line and is told."""
    rows = Product.objects.live().order_by("pk").values_list("pk", "code", "external_id", "name", "name_zh", "name_ru")
    products = list(rows)
    codes: dict[str, int] = {}
    for pk, *numbers in ((pk, code, number) for pk, code, number, *_names in products):
        for number in filter(None, numbers):
            codes.setdefault(fold(number), pk)
    names = Names((pk, *labels) for pk, _code, _number, *labels in products)
    _link(load, "product_code", lambda text: codes.get(fold(text)))
    _link(load, "product", lambda text: codes.get(fold(text)) or _by_name(load, names, text))
    _tell_unknown(load)


def _link(load: Load, column: str, find: Any) -> None:
    texts = load.sql(
        f'SELECT DISTINCT "{column}" FROM {STAGE} WHERE state = \'a\' AND product_id IS NULL AND "{column}" IS NOT NULL'
    )
    found = {text: pk for (text,) in texts if (pk := find(text)) is not None}
    if found:
        load.sql(
            f"""UPDATE {STAGE} s SET product_id = m.id
                FROM unnest(%(texts)s::text[], %(ids)s::bigint[]) m(text, id)
                WHERE s."{column}" = m.text AND s.product_id IS NULL""",
            {"texts": list(found), "ids": list(found.values())},
        )


def _by_name(load: Load, names: Names, text: str) -> int | None:
    exact = names.exact(text)
    found = exact or names.near(text)
    if len(found) != 1:
        return None
    if not exact:
        label = names.label(found[0])
        load.memory.setdefault("near_products", {})[text] = label
        if load.strict:
            return None
        rows = load.sql(
            f"SELECT count(*) FROM {STAGE} WHERE state = 'a' AND product_id IS NULL AND product = %(text)s",
            {"text": text},
        )
        load.notes.add("near", rows[0][0], field=_("product"), value=text, match=label)
    return found[0]


def _tell_unknown(load: Load) -> None:
    told = "coalesce(s.product, s.product_code)"
    if load.strict:
        for text, label in load.memory.get("near_products", {}).items():
            params = {"field": str(_("product")), "value": text, "match": label}
            set_aside(
                load, "r", "s.product_id IS NULL AND s.product = %(value)s", "near",
                "jsonb_build_object('field', %(field)s::text, 'value', %(value)s::text, 'match', %(match)s::text)",
                params_of=params,
            )  # fmt: skip
        set_aside(
            load, "r", f"s.product_id IS NULL AND {told} IS NOT NULL", "no_product",
            f"jsonb_build_object('value', {told})",
        )  # fmt: skip
        return
    unknown = f"SELECT {told}, count(*) FROM {STAGE} s WHERE state = 'a' AND product_id IS NULL GROUP BY 1 ORDER BY 2"
    for text, count in load.sql(unknown):
        if text is not None:
            load.notes.add("no_product", count, value=text)
