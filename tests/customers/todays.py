"""One source of the page of today, asked alone."""

from datetime import datetime
from typing import Any

from customers.today import Block, BlockSource, Day, Figure, FigureSource, blocks_of, figures_of


def block(source: BlockSource, user: Any, *, now: datetime) -> Block | None:
    return next(iter(blocks_of(Day(user, now), {"asked": source})), None)


def figures(source: FigureSource, user: Any, *, now: datetime) -> list[Figure]:
    return figures_of(Day(user, now), [source])
