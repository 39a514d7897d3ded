"""The views of a list as the person sees them: those of the product, her own, and those shared with her."""

from dataclasses import dataclass, field
from typing import Any

from crm.lists.spec import ListSpec
from records.models import SavedView


@dataclass(frozen=True)
class ShownView:
    """``key`` stands in the address; ``saved`` is the row, None for a view of the product."""

    key: str
    label: Any
    query: str
    sort: str = ""
    columns: list[str] = field(default_factory=list)
    saved: SavedView | None = None
    is_own: bool = False


def shown_views(spec: ListSpec, saved: list[SavedView], user: Any) -> list[ShownView]:
    built_in = [ShownView(view.name, view.label, view.query, view.sort) for view in spec.views]
    named = [
        ShownView(str(view.pk), view.name, view.query, view.sort, view.columns, view, view.owner_id == user.pk)
        for view in saved
    ]
    return built_in + sorted(named, key=lambda view: not view.is_own)
