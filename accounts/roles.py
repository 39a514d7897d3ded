"""The roles that come with the product: one table of rights, installed after migrate, editable afterwards.

Rows that an administrator changed stay as they are; a right taken away is kept with reach *none*, so that the next
upgrade does not give it back. A new kind or action of a later version is added to the built-in roles by its line here.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

OWN, TEAM, ALL = 1, 2, 3

TITLES = {
    "administrator": _("System administrator"),
    "supervisor": _("Sales supervisor"),
    "account_manager": _("Account manager"),
    "executive": _("Executive"),
    "operations": _("Sales operations"),
    "finance": _("Finance"),
    "marketing": _("Marketing"),
    "service_agent": _("Service agent"),
}

_EDIT = "view create change delete"
_MANAGER = {
    "lead": f"{_EDIT} work convert export",
    "customer": f"{_EDIT} claim release protect export",
    "opportunity": f"{_EDIT} export",
    "quote": _EDIT,
    "order": _EDIT,
    "task": _EDIT,
    "ticket": "view create change",
    "churn": "view create change",
    "plan": _EDIT,
    "report": "view",
    "mail": "view change",
}
_SUPERVISOR = {
    **_MANAGER,
    "lead": f"{_MANAGER['lead']} assign import",
    "customer": f"{_MANAGER['customer']} assign import",
    "opportunity": f"{_MANAGER['opportunity']} assign import",
    "quote": f"{_MANAGER['quote']} approve see_cost",
    "order": f"{_MANAGER['order']} approve",
    "task": f"{_MANAGER['task']} assign",
    "ticket": f"{_MANAGER['ticket']} assign",
    "pool": "view change assign rules",
}
_BUSINESS = ("lead", "customer", "opportunity", "quote", "order", "task", "ticket", "churn", "plan")

# role → kind → (reach, actions)
RIGHTS: dict[str, dict[str, list[tuple[int, str]]]] = {
    "administrator": {
        "system": [(ALL, "administer")],
        "company": [(ALL, "change")],
        "dictionary": [(ALL, "change")],
        "job": [(ALL, "view")],
    },
    "supervisor": {
        **{kind: [(TEAM, actions)] for kind, actions in _SUPERVISOR.items()},
        "product": [(ALL, "view")],
        "rules": [(TEAM, "change")],
        "web_form": [(TEAM, "change")],
    },
    "account_manager": {
        **{kind: [(OWN, actions)] for kind, actions in _MANAGER.items()},
        "product": [(ALL, "view")],
        "pool": [(OWN, "view")],
    },
    "executive": {
        **{kind: [(ALL, "view export")] for kind in _BUSINESS},
        "product": [(ALL, "view")],
        "pool": [(ALL, "view")],
        "report": [(ALL, "view export")],
        "quote": [(ALL, "view export see_cost")],
        "mail": [(ALL, "view")],
    },
    "operations": {
        "lead": [(ALL, f"{_EDIT} assign import export merge")],
        "customer": [(ALL, f"{_EDIT} assign import export merge release protect")],
        "opportunity": [(ALL, f"{_EDIT} assign import export")],
        "quote": [(ALL, "view export see_cost")],
        "order": [(ALL, "view import export")],
        "task": [(ALL, f"{_EDIT} assign import export")],
        "ticket": [(ALL, "view export")],
        "churn": [(ALL, "view")],
        "plan": [(ALL, "view")],
        "product": [(ALL, f"{_EDIT} import export")],
        "pool": [(ALL, "view create change assign rules")],
        "rules": [(ALL, "change")],
        "web_form": [(ALL, "change")],
        "rate": [(ALL, "change")],
        "company": [(ALL, "change")],
        "dictionary": [(ALL, "change")],
        "batch": [(ALL, "view undo")],
        "user": [(ALL, "import")],
        "mail": [(ALL, "view change")],
        "report": [(ALL, "view export")],
    },
    "finance": {
        "customer": [(ALL, "view")],
        "order": [(ALL, "view export approve invoice receive refund")],
        "product": [(ALL, "view")],
        "rate": [(ALL, "change")],
        "report": [(ALL, "view export")],
    },
    "marketing": {
        "campaign": [(ALL, f"{_EDIT} send")],
        "segment": [(ALL, _EDIT)],
        "web_form": [(ALL, "change")],
        "lead": [(OWN, "view create")],
    },
    "service_agent": {
        "ticket": [(TEAM, f"{_EDIT} assign work")],
        "article": [(ALL, _EDIT)],
        "customer": [(OWN, "view")],
        "task": [(OWN, _EDIT)],
    },
}


@transaction.atomic
def install_built_in_roles(**_signal: Any) -> None:
    """Adds the roles and rights that are missing and touches no row that exists."""
    from accounts.models import Right, Role

    Role.objects.bulk_create([Role(code=code, is_built_in=True) for code in RIGHTS], ignore_conflicts=True)
    ids = dict(Role.objects.filter(code__in=RIGHTS).values_list("code", "pk"))
    Right.objects.bulk_create(
        [
            Right(role_id=ids[code], kind=kind, action=action, reach=reach)
            for code, kinds in RIGHTS.items()
            for kind, held in kinds.items()
            for reach, actions in held
            for action in actions.split()
        ],
        ignore_conflicts=True,
    )
