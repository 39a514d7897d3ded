"""The lines of a quote or an order: taken with a new document, and one by one at ``/quotes/7/lines``."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from crm.endpoints.fields import body, out, shower
from crm.endpoints.parts import Part
from crm.endpoints.values import values_of
from sales.document_lines import add_line, change_line, remove_line
from sales.models import QuoteLine

CHANGED = ("name", "description", "unit", "quantity", "unit_price", "discount", "tax_rate")
TYPED = ("product", *CHANGED)
SHOWN = ("position", *TYPED, "amount")
EXAMPLE = {"name": "Installation", "quantity": 2, "unit_price": {"amount": "80.00", "currency": "EUR"}}

LineOut = out("Line", QuoteLine, SHOWN)
show_line = shower(QuoteLine, SHOWN)
NewLine = body("NewLine", QuoteLine, TYPED, example=EXAMPLE)
NewLines = Annotated[list[NewLine], Field(max_length=200)]  # type: ignore[valid-type]


def show_lines(document: Any) -> list[dict[str, Any]]:
    return [show_line(line) for line in document.lines.all()]


def create(document: Any, sent: dict[str, Any], *, by: Any) -> Any:
    """A product fills in what is left out; without one the line has a name and a price of its own."""
    values = _values(document, sent, by)
    if values.get("product") is None:
        missing = [name for name in ("name", "unit_price") if not values.get(name) and values.get(name) != 0]
        if missing:
            raise ValidationError(dict.fromkeys(missing, _("A line without product has a name and a price.")))
    return add_line(document, by=by, **values)


def create_all(document: Any, lines: Iterable[dict[str, Any]], *, by: Any) -> None:
    for place, sent in enumerate(lines):
        try:
            create(document, sent, by=by)
        except ValidationError as error:
            errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            raise ValidationError(
                {f"lines.{place}.{name}".rstrip("."): texts for name, texts in errors.items()}
            ) from None


def change(line: Any, sent: dict[str, Any], *, by: Any) -> None:
    document = line.quote if isinstance(line, QuoteLine) else line.order
    change_line(line, by=by, **_values(document, sent, by))


def _values(document: Any, sent: dict[str, Any], by: Any) -> dict[str, Any]:
    values = values_of(QuoteLine, sent, by=by)
    if values.pop("currency", document.currency) != document.currency:
        raise ValidationError(
            {"unit_price": _("The prices are in %(currency)s here.") % {"currency": document.currency}}
        )
    return values


LINES = Part(
    out=LineOut,
    show=show_line,
    rows=lambda document: document.lines.order_by("position", "pk"),
    body=NewLine,
    create=create,
    patch=body("LineChange", QuoteLine, CHANGED, example={"quantity": 3}),
    change=change,
    remove=lambda line, *, by: remove_line(line, by=by),
)
