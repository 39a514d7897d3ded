"""A grade that a person sets holds until a date (PRODUCT §4); without a date of hers, for a year."""

import dataclasses
import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.models import Company
from crm.lists.actions import edit_action
from crm.lists.spec import BulkAction, BulkResult

HELD_FOR = relativedelta(years=1)


def holds_until(asked: datetime.date | None) -> datetime.date:
    """The date that she gave, unless it is none or over."""
    today = timezone.now().astimezone(Company.get().zone).date()
    return asked if asked and asked >= today else today + HELD_FOR


def edit_with_grade(*fields: str) -> BulkAction:
    """The bulk change of customers, where a grade brings its date along."""
    plain = edit_action("customer", fields)

    def run(ids: list[int], *, by: Any, values: dict[str, Any], batch: Any) -> BulkResult:
        if values.get("grade") and not values.get("grade_until"):
            values = {**values, "grade_until": holds_until(None)}
        return plain.run(ids, by=by, values=values, batch=batch)

    return dataclasses.replace(plain, run=run)
