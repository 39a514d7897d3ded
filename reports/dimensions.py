"""By what a contribution is split: the words for it, and where the name of a group stands.

Groups are ranked by their number alone; a name is read only for the rows that are shown and for ties.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team

TAILS = {"zh-hans": "_zh", "ru": "_ru"}


@dataclass(frozen=True)
class Dimension:
    """``name_of()``: SQL for the name of the group whose key is the column ``key``."""

    label: Any
    name_of: Callable[[], str]


def _from(table: str) -> Callable[[], str]:
    return lambda: f"(SELECT n.name FROM {table} n WHERE n.id = key)"


def _entry() -> str:
    tail = TAILS.get(get_language() or "", "")
    name = f"coalesce(nullif(n.name{tail}, ''), n.name)" if tail else "n.name"
    return f"(SELECT {name} FROM records_dictionaryentry n WHERE n.id = key)"


DIMENSIONS = {
    "customer": Dimension(_("Customer"), _from("customers_customer")),
    "product": Dimension(_("Product"), _from("sales_product")),
    "person": Dimension(_("Person"), _from("accounts_user")),
    "team": Dimension(_("Team"), _from("accounts_team")),
    "manager": Dimension(_("Supervisor"), _from("accounts_user")),
    "region": Dimension(_("Region (top team)"), _from("accounts_team")),
    "customer_region": Dimension(_("Region of the customer"), _entry),
    "country": Dimension(_("Country of the customer"), lambda: "nullif(key, '')"),
}


def region_of(team: str) -> Case:
    """The top of the team tree above the team in the column ``team``."""
    tops = [When(**{f"{team}__in": ids}, then=Value(root.pk)) for root, ids in Team.below_roots().items()]
    return Case(*tops, output_field=BigIntegerField())
