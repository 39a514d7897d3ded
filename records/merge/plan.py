"""What will stand after a merge. The preview shows this plan, and the merge carries out this plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.forms.shown import shown_value
from records.merge.kinds import BOTH, DROP, KEEP, NOBODY, Listed, Merging, Unit, mergings
from records.merge.links import links_of
from records.refusals import Refused

# Between two texts of which both stand.
BETWEEN = "\n\n"


@dataclass(frozen=True)
class PlannedUnit:
    """``side``: whose values stand; ``sides``: those to choose from, fewer than two where there is no choice."""

    unit: Unit
    keep: Any
    drop: Any
    side: str
    sides: tuple[str, ...]

    @property
    def values(self) -> dict[str, Any]:
        """Column → value that stands afterwards."""
        if self.side == BOTH:
            (name,) = self.unit.fields
            return {name: _joined(getattr(self.keep, name), getattr(self.drop, name))}
        if self.side == NOBODY:
            return dict.fromkeys(values_of(self.unit, self.keep))
        return values_of(self.unit, self.drop if self.side == DROP else self.keep)

    @property
    def left(self) -> str:
        return self._shown(values_of(self.unit, self.keep), self.keep)

    @property
    def right(self) -> str:
        return self._shown(values_of(self.unit, self.drop), self.drop)

    @property
    def result(self) -> str:
        return self._shown(self.values, self.drop if self.side == DROP else self.keep)

    def _shown(self, values: Mapping[str, Any], record: Any) -> str:
        if self.unit.shown:
            return self.unit.shown(record)
        names = {record._meta.get_field(name).attname: name for name in self.unit.fields}
        told = [shown_value(record, names[column], value) for column, value in values.items() if value is not False]
        return ", ".join(filter(None, told))


@dataclass(frozen=True)
class PlannedList:
    listed: Listed
    left: dict[Any, str]
    right: dict[Any, str]
    side: str

    @property
    def sides(self) -> tuple[str, ...]:
        return (BOTH, KEEP, DROP) if set(self.right) - set(self.left) else ()

    @property
    def result(self) -> dict[Any, str]:
        """What the kept record has afterwards, in the order of both."""
        if self.side == KEEP:
            return self.left
        if self.side == DROP:
            return {key: self.left.get(key, text) for key, text in self.right.items()}
        return {**self.right, **self.left}


@dataclass(frozen=True)
class MergePlan:
    merging: Merging
    keep: Any
    drop: Any
    units: tuple[PlannedUnit, ...]
    lists: tuple[PlannedList, ...]

    @property
    def kind(self) -> str:
        return self.merging.kind

    @property
    def values(self) -> dict[str, Any]:
        """Column → value of the kept record afterwards."""
        found = {name: value for unit in self.units for name, value in unit.values.items()}
        return found | self.merging.blend(self.keep, self.drop)

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Column → (before, after) where they differ."""
        return {
            name: (getattr(self.keep, name), value)
            for name, value in self.values.items()
            if getattr(self.keep, name) != value
        }

    @property
    def held(self) -> set[str]:
        """The columns of ``values`` that nobody typed."""
        typed = {name for unit in self.units if not unit.unit.is_held for name in unit.values}
        return set(self.values) - typed

    @cached_property
    def moves(self) -> list[tuple[Any, int]]:
        """(what, how many) of the rows that go over, in the order of the links."""
        named = [(link.label, link) for _name, link in links_of(self.kind) if link.label and not link.choice]
        branches = [f"SELECT count(*) FROM {link.table} t WHERE {link.rows()}" for _label, link in named]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"({sql})" for sql in branches), self.params)
            counts: dict[str, int] = {}
            for (label, _link), (count,) in zip(named, cursor.fetchall(), strict=True):
                counts[str(label)] = counts.get(str(label), 0) + count
        return [(label, count) for label, count in counts.items() if count]

    @property
    def params(self) -> dict[str, Any]:
        return {"keep": self.keep.pk, "drop": self.drop.pk}

    def side_of(self, choice: str) -> str:
        return next((one.side for one in self.lists if one.listed.name == choice), BOTH)


def plan_merge(keep: Any, drop: Any, choices: Mapping[str, str] | None = None) -> MergePlan:
    """``choices``: unit or list → side; without one the default. Refused where a merge makes no sense."""
    merging, choices = mergings[keep.kind], choices or {}
    refuse_senseless(keep, drop)
    merging.refuse(keep, drop)
    units = tuple(_unit(unit, keep, drop, choices.get(unit.name)) for unit in merging.units)
    lists = tuple(_listed(listed, keep, drop, choices.get(listed.name)) for listed in merging.lists)
    return MergePlan(merging, keep, drop, units, lists)


def refuse_senseless(keep: Any, drop: Any) -> None:
    if keep.pk == drop.pk:
        raise Refused(_("This is one and the same record."), reason="same")
    for record in (keep, drop):
        if record.is_deleted:
            text = _("“%(name)s” is in the trash, or was merged already.") % {"name": record}
            raise Refused(text, reason="deleted", record=record.pk)


def values_of(unit: Unit, record: Any) -> dict[str, Any]:
    columns = [record._meta.get_field(name).attname for name in unit.fields]
    return {column: getattr(record, column) for column in columns}


def _unit(unit: Unit, keep: Any, drop: Any, asked: str | None) -> PlannedUnit:
    sides = tuple(_sides(unit, keep, drop))
    side = asked if asked in sides else _default(unit, keep, drop, sides)
    return PlannedUnit(unit, keep, drop, side, sides if len(sides) > 1 else ())


def _sides(unit: Unit, keep: Any, drop: Any) -> Iterator[str]:
    if unit.offers:
        yield from unit.offers(keep, drop)
        return
    left, right = values_of(unit, keep), values_of(unit, drop)
    if left == right or _is_empty(right):
        yield KEEP
    elif _is_empty(left):
        yield DROP
        yield KEEP
    else:
        yield KEEP
        yield DROP
        if unit.is_text:
            yield BOTH


def _default(unit: Unit, keep: Any, drop: Any, sides: tuple[str, ...]) -> str:
    wanted = unit.default(keep, drop) if unit.default else BOTH if unit.is_text else ""
    return wanted if wanted in sides else sides[0]


def _is_empty(values: Mapping[str, Any]) -> bool:
    return all(value in (None, "", False) for value in values.values())


def _joined(first: str, second: str) -> str:
    return first if second.strip() in first else f"{first}{BETWEEN}{second}"


def _listed(listed: Listed, keep: Any, drop: Any, asked: str | None) -> PlannedList:
    side = asked if asked in (KEEP, DROP, BOTH) else BOTH
    return PlannedList(listed, listed.items(keep), listed.items(drop), side)
