"""What happens when a person is deactivated, by whatever road: each higher room adds what it has to say."""

from collections.abc import Callable
from typing import Any

from crm.register import Register

# ``leavings.add("notices", tell)``: called with the person and who did it, in the transaction that deactivates.
leavings: Register[Callable[[Any, Any], None]] = Register("what follows when somebody leaves")
# For her page in the administration: ``hint(person, reader)`` says what she would leave behind, as safe markup.
left_behind: Register[Callable[[Any, Any], str]] = Register("what a person would leave behind")


def leave(person: Any, *, by: Any) -> None:
    for follow in leavings:
        follow(person, by)
