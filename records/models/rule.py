from typing import Any

from crm.versioned import Versioned
from records.edit import edit_record
from records.models.event import Event


class Rule(Versioned):
    """What holds for many records: a pipeline, a price list, a limit, a list of choices. Versioned and logged as a
    record is, but company-wide or of a team: it has no owner and never lies in the trash.
    """

    class Meta:
        abstract = True

    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        """Changes fields as one UPDATE with one event; how and when it refuses: records.edit.edit_record."""
        return edit_record(self, values, by=by, **how)
