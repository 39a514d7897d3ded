"""The filter form of a list, field by field. What nobody filled follows from its choices alone, and is kept.

A dozen filters cost ten times the table under them, and nearly all of them are empty. The markup of an empty field is
kept in the process under everything that it shows: list, filter, language, and its choices as they are at this moment
within the reader's reach, asked of the database as one short sum per filter. So a choice that was added, renamed or
retired, another team or another right shows at once, and nobody has to be told to forget anything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django.core.cache import caches
from django.db import connection, models
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_filters.filters import QuerySetRequestMixin

from crm.lists.asked import Asked
from crm.lists.filters import ListFilters


def filter_fields(asked: Asked) -> list[SafeString]:
    """All filters of the list in their order, those in use with their values."""
    names = list(_filters(asked))
    filled = [name for name in names if name in asked.filtering.names]
    fields = _empty(asked, [name for name in names if name not in filled])
    fields |= _rendered(asked, filled, asked.data)
    return [mark_safe(fields[name]) for name in names]


def _filters(asked: Asked) -> Mapping[str, Any]:
    return asked.spec.filterset.base_filters  # type: ignore[union-attr]


def _empty(asked: Asked, names: list[str]) -> dict[str, str]:
    choices = _choices_now(asked, names)
    keys = {name: _key(asked, name, choices.get(name, "")) for name in names}
    kept = caches["markup"].get_many(keys.values())
    missing = [name for name in names if keys[name] not in kept]
    made = _rendered(asked, missing, None)
    caches["markup"].set_many({keys[name]: markup for name, markup in made.items()}, None)
    return {name: made.get(name) or kept[keys[name]] for name in names}


def _key(asked: Asked, name: str, choices: str) -> str:
    return f"filter.{asked.spec.name}.{name}.{get_language()}.{choices}"


def _choices_now(asked: Asked, names: list[str]) -> dict[str, str]:
    """A sum over the choices of each filter that offers records, all by one statement."""
    choosing = [name for name in names if isinstance(_filters(asked)[name], QuerySetRequestMixin)]
    if not choosing:
        return {}
    filters = _filterset(asked, choosing, None).filters
    parts, params = [], []
    for name in choosing:
        sql, values = _what_is_shown(filters[name].get_queryset(None)).as_sql()
        parts.append(f"(SELECT md5(json_agg(choice)::text) FROM ({sql}) choice)")
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        [sums] = cursor.fetchall()
    return dict(zip(choosing, (text or "" for text in sums), strict=True))


def _what_is_shown(choices: models.QuerySet) -> Any:
    """Number and texts of each row: the label of a choice is one of its texts, in whichever language."""
    texts = [field.attname for field in choices.model._meta.concrete_fields if isinstance(field, models.CharField)]
    return choices.values("pk", *texts).query.get_compiler(connection.alias, elide_empty=False)


def _rendered(asked: Asked, names: Iterable[str], data: QueryDict | None) -> dict[str, str]:
    if not names:
        return {}
    form = _filterset(asked, names, data).form
    return {name: as_crispy_field(form[name]) for name in names}


def _filterset(asked: Asked, names: Iterable[str], data: QueryDict | None) -> ListFilters:
    none = asked.spec.model.objects.none()
    return asked.spec.filterset(data, none, user=asked.user, names=names)  # type: ignore[misc]
