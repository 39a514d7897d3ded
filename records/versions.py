"""The version of a record is raised by the database, so that no road forgets it.

Each Record model's migration runs ``version_trigger("app_table", columns)``; a guard compares the columns with the
model's EDITABLE fields, its owner and its state. Derived facts (last contact, counts, score) raise nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db import migrations


def version_trigger(table: str, columns: Iterable[str]) -> migrations.RunSQL:
    """The operation that makes ``table`` raise its version when one of ``columns`` changes. Run again to widen it."""
    # Column-wise WHEN: a sweep that touches other columns does not even enter the function.
    differs = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return migrations.RunSQL(
        f"""
        DROP TRIGGER IF EXISTS raise_version ON "{table}";
        CREATE TRIGGER raise_version BEFORE UPDATE ON "{table}" FOR EACH ROW
        WHEN ({differs}) EXECUTE FUNCTION records_raise_version();
        """,
        f'DROP TRIGGER IF EXISTS raise_version ON "{table}"',
    )


def versioned_columns(model: Any) -> list[str]:
    """The columns whose change must raise the version of this model's rows."""
    names = {model._meta.get_field(name).column for name in model.EDITABLE}
    fields = {field.name: field.column for field in model._meta.concrete_fields}
    names |= {fields[name] for name in ("owner", "state", "deleted_at") if name in fields}
    return sorted(names)
