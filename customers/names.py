"""The name of a person from its parts, in the order of its language."""

from typing import Any

from crm.normalise import is_chinese


def full_name(person: Any) -> str:
    """``"Ivanov Ivan Ivanovich"`` in Russian, ``"王小明"`` in Chinese, ``"Maria Meier"`` elsewhere."""
    given, family, patronymic = person.given_name, person.family_name, person.patronymic
    if is_chinese(family + given):
        return f"{family}{given}"
    if patronymic:
        return " ".join(filter(None, (family, given, patronymic)))
    return " ".join(filter(None, (given, family)))
