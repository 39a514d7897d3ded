"""Which open leads may be the same, for the review queue."""

from leads.states import OPEN
from records.merge.pairs import Keyed, keyed

_COLUMNS = {
    "tax": ("tax_key",), "email": ("email_key",), "phone": ("phone_key", "mobile_key"), "name": ("company_key",),
    "domain": ("domain_key",),
}  # fmt: skip
_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN))


def add_signals() -> None:
    for signal, columns in _COLUMNS.items():
        parts = [
            f"SELECT id, {column} AS key FROM leads_lead WHERE {column} <> '' AND deleted_at IS NULL"
            f" AND state IN ({_OPEN})"
            for column in columns
        ]
        keyed.add(f"lead.{signal}", Keyed("lead", signal, " UNION ALL ".join(parts)))
