"""No table that points at a record which may be merged is forgotten: it is registered, or listed with the reason."""

import pytest
from django.apps import apps
from django.db import models

from records.kinds import kinds
from records.merge.kinds import mergings
from records.merge.links import links, not_moved

# Names by kind and number: any kind may stand there.
PLAIN = {"customer_id"}


def pointing(kind):
    """ "app.Model.column" of all that may hold a number of this kind."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label in {"admin", "auth", "contenttypes", "sessions", "account", "mfa", "axes"}:
            continue
        fields = {field.attname: field for field in model._meta.concrete_fields}
        for column, field in fields.items():
            is_key = isinstance(field, models.ForeignKey) and field.remote_field.model is kinds[kind].model
            is_named = column.endswith("_id") and f"{column.removesuffix('_id')}_kind" in fields
            is_plain = column == f"{kind}_id" and not isinstance(field, models.ForeignKey)
            if is_key or is_named or is_plain:
                found.add(f"{model._meta.label}.{column}")
    return found


@pytest.mark.parametrize("kind", mergings.names())
def test_every_column_that_points_at_it_is_registered_or_left_with_a_reason(kind):
    registered = {link.place for link in links if link.kind == kind}
    missing = pointing(kind) - registered - set(not_moved.names())
    assert not missing, f"say in a merge.py how these go over when a {kind} is merged: {sorted(missing)}"


def test_every_reason_is_of_a_column_that_there_is():
    known = {
        f"{model._meta.label}.{field.attname}" for model in apps.get_models() for field in model._meta.concrete_fields
    }
    assert not set(not_moved.names()) - known
    assert not {link.place for link in links} - known


@pytest.mark.parametrize("kind", mergings.names())
def test_every_field_that_a_person_edits_is_in_the_plan_once(kind):
    fields = [name for unit in mergings[kind].units for name in unit.fields]
    assert len(fields) == len(set(fields))
    assert not set(kinds[kind].model.EDITABLE) - set(fields)
