"""Tax numbers with their check digits."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.ru import inn

from customers.models.customer import TaxKind

_CHECKS: dict[str, Callable[[str], str]] = {
    TaxKind.INN: inn.validate, TaxKind.USCC: uscc.validate, TaxKind.VAT: vat.validate,
}  # fmt: skip


def clean_tax_number(kind: str, number: str) -> str:
    """The compact spelling; ValidationError when a check digit says that it cannot be one."""
    number = number.strip()
    check = _CHECKS.get(kind)
    if not number or check is None:
        return " ".join(number.upper().split())
    try:
        return check(number)
    except WrongNumber as error:
        raise ValidationError(_("This is not a valid tax number of this kind."), code="tax_number") from error


def clean_tax_branch(branch: Any) -> str:
    """The КПП: nine signs, letters only in the middle."""
    branch = "".join(str(branch or "").upper().split())
    if branch and not (len(branch) == 9 and branch[:4].isdigit() and branch[6:].isdigit() and branch.isalnum()):
        raise ValidationError(_("A КПП has nine signs."), code="tax_branch")
    return branch
