"""Rows come through one door, and rights are read in one place."""

import ast
from pathlib import Path

from tests.guards.source import code, report

# Where a person's request or a job is answered: here every set of business rows begins with who asks.
ANSWERING = {"views", "forms", "filters", "api", "tasks", "reports", "endpoints"}
# Rooms of people and of the house itself: the names of users and the words of the dictionary are for everybody.
OPEN_ROOMS = ("accounts/", "crm/")
DOORS = {"visible_to", "allowing", "below"}
REASON = "# unscoped:"
ROLES = {"Role", "UserRole", "Right"}
READERS_OF_ROLES = ("accounts/", "crm/management/", "crm/testing/")


def test_rows_are_asked_for_with_the_person_who_asks():
    findings = [finding for path, text in code() for finding in unscoped(path, text)]
    assert not findings, report(
        findings,
        "Begin with Model.objects.visible_to(user) or .for_…(user). Where rows belong to nobody in particular, end "
        "the line with '# unscoped: <why that is right>'.",
    )


def test_roles_are_read_by_access_alone():
    findings = [finding for path, text in code() for finding in role_readers(path, text)]
    assert not findings, report(findings, "Ask accounts.access: allows(), reach_of(), require() (HOUSE §5).")


def test_the_guards_see_what_they_look_for():
    assert unscoped("leads/views.py", "Lead.objects.all()")
    assert unscoped("reports/funnel.py", "rows = Opportunity.objects.filter(a=1)")
    assert unscoped("sales/views/quotes.py", "get_object_or_404(Quote.objects, pk=1)")
    assert not unscoped("leads/views.py", "Lead.objects.visible_to(user).get(pk=1)")
    assert not unscoped("leads/views.py", "Stage.objects.for_choice(user)")
    assert not unscoped("leads/views.py", "Source.objects.all()  # unscoped: a list that everybody chooses from")
    assert unscoped("leads/views.py", "Source.objects.all()  # unscoped:")
    assert role_readers("leads/views.py", "from accounts.models import UserRole")
    assert role_readers("leads/views.py", "user.roles.filter(code='x')")
    assert not role_readers("accounts/access.py", "from accounts.models import Role")


def unscoped(path: str, text: str) -> list[str]:
    parts = set(Path(path).with_suffix("").parts)
    if not parts & ANSWERING or path.startswith(OPEN_ROOMS):
        return []
    tree, lines = ast.parse(text), text.splitlines()
    scoped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (node.attr in DOORS or node.attr.startswith(("for_", "of_")))
    }
    return [
        f"{path}:{node.lineno}: {lines[node.lineno - 1].strip()}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_base_manager", "_default_manager"}
        and id(node) not in scoped
        and not lines[node.end_lineno - 1].partition(REASON)[2].strip()
    ]


def role_readers(path: str, text: str) -> list[str]:
    if path.startswith(READERS_OF_ROLES):
        return []
    findings = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("accounts"):
            findings += [f"{path}:{node.lineno}: imports {a.name}" for a in node.names if a.name in ROLES]
        elif isinstance(node, ast.Attribute) and node.attr in {"roles", "user_roles"}:
            findings.append(f"{path}:{node.lineno}: reads .{node.attr}")
    return findings
