"""What a body says as values of a model: codes and ids become rows, each within the reach of whoever asks."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from records.dictionary import entry_by_code
from records.models import DictionaryEntry
from records.refusals import Refused

_GONE = _("There is no such record within your reach.")


def values_of(model: Any, sent: Mapping[str, Any], *, by: Any) -> dict[str, Any]:
    """Fields of ``model``, judged one by one as a form would; raises ValidationError by field."""
    values, errors = {}, {}
    for name, value in _flat(model, sent).items():
        try:
            values[name] = _value(model._meta.get_field(name), value, by)
        except ValidationError as error:
            errors["amount" if name == "currency" and name not in sent else name] = error
    if errors:
        raise ValidationError(errors)
    return values


def _flat(model: Any, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Money as its amount and its currency."""
    flat: dict[str, Any] = {}
    for name, value in sent.items():
        is_money = type(model._meta.get_field(name)).__name__ == "AmountField"
        if is_money and value is not None:
            flat |= {name: value["amount"], "currency": value["currency"]}
        else:
            flat[name] = value
    return flat


def _value(field: Any, value: Any, by: Any) -> Any:
    if not field.is_relation:
        return field.clean(value, None)
    if value is None:
        return None
    if field.related_model is DictionaryEntry:
        found: Any = entry_by_code(field.remote_field.limit_choices_to["list"], value)
        if found is None or not found.is_active:
            raise ValidationError(_("There is no such entry in this list."))
        return found
    return one_of(field.related_model.objects.visible_to(by), value)


def one_of(rows: Any, pk: int) -> Any:
    """The row, or a ValidationError that does not tell whether it exists elsewhere."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise ValidationError(_GONE)
    return found


def chosen(field: str, rows: Any, pk: int) -> Any:
    """As ``one_of``, with the error at its field."""
    try:
        return one_of(rows, pk)
    except ValidationError as error:
        raise ValidationError({field: error}) from error


def person_for(pk: int, kind: str, *, by: Any, field: str = "owner") -> Any:
    """To whom ``by`` gives a record of the kind: herself, or with the right *assign* whoever is in its reach."""
    if pk == by.pk:
        return by
    if not access.allows(by, "assign", kind):
        raise PermissionDenied(_("You may not do this."))
    return chosen(field, access.people_in_reach(by, kind, "assign"), pk)


def same_customer(values: Mapping[str, Any], customer: Any, *names: str) -> None:
    """A contact or opportunity belongs to the customer of the record that names it."""
    for name in names:
        row = values.get(name)
        if row is not None and row.customer_id != (customer.pk if customer else None):
            raise ValidationError({name: _("This belongs to another customer.")})


def reason_of(data: Mapping[str, Any], of: str) -> DictionaryEntry:
    """The entry that ``reason`` names by its code, or by its words in any language."""
    text = (data.get("reason") or "").strip()
    found = entry_by_code(of, text) or _by_words(of, text)
    if found is None:
        raise Refused(_("Say why: one of the reasons of the list."), reason="reason")
    return found


def reason_and_note(data: Mapping[str, Any], of: str) -> tuple[DictionaryEntry, str]:
    """As ``reason_of``; words that no entry has are kept in the note, with the entry "other" as the reason."""
    note = (data.get("note") or "")[:500]
    words, other = (data.get("reason") or "").strip(), entry_by_code(of, "other")
    if not words or other is None or entry_by_code(of, words) or _by_words(of, words):
        return reason_of(data, of), note
    return other, " – ".join(part for part in (words, note) if part)[:500]


def _by_words(of: str, text: str) -> DictionaryEntry | None:
    folded = text.casefold()
    for entry in DictionaryEntry.objects.filter(list=of, is_active=True).order_by("order", "id"):
        if folded and folded in {name.casefold() for name in (entry.name, entry.name_zh, entry.name_ru)}:
            return entry
    return None
