"""What several people may edit at once: a version raised by the database, and the lock before a decision."""

from typing import Any, ClassVar, Self

from django.db import models


class Versioned(models.Model):
    """``version`` is raised by a trigger when an EDITABLE column changes (records.versions).

    ``records.edit.edit_record`` writes rows of this shape, field by field, with an event that names who.
    """

    kind: ClassVar[str]
    EDITABLE: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def is_deleted(self) -> bool:
        return False

    @property
    def customer_of_event(self) -> int | None:
        """The customer in whose timeline this row's events stand."""
        return None

    def lock(self) -> Self:
        """Locks the row until the transaction ends and reads it anew, so that what follows decides on the truth."""
        fresh = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))
        self._state.fields_cache.clear()
        return self

    def derived(self, changed: set[str]) -> dict[str, Any]:
        """Columns that follow from the changed fields (keys, sort orders): written with them, told by no event."""
        return {}
