"""What a person chose for a list of hers: columns, and the view it opens with. One row without a name (SavedView)."""

from typing import Any

from crm.lists.spec import ListSpec
from records.models import SavedView


def choose_columns(spec: ListSpec, names: list[str], *, by: Any) -> None:
    """Stores the columns in this order; none of them means: as the list comes."""
    allowed = {column.name for column in spec.columns_for(by)}
    _store(spec, by, columns=[name for name in dict.fromkeys(names) if name in allowed])


def open_with(spec: ListSpec, key: str, *, by: Any) -> None:
    """The list opens with this view from now on; "" opens it with everything."""
    _store(spec, by, opens_with=key)


def _store(spec: ListSpec, user: Any, **fields: Any) -> None:
    SavedView.objects.update_or_create(list_name=spec.name, owner=user, name="", defaults=fields)
