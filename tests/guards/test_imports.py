"""Imports run one way: a room may use what lies below it."""

import ast

from tests.guards.source import ROOMS, code, report

KERNEL = {"crm", "accounts"}
GROUND = KERNEL | {"records", "crm.machines"}
BUSINESS = GROUND | {"messaging", "customers"}
BELOW = {
    "crm": KERNEL,
    "accounts": KERNEL,
    "crm.machines": GROUND,
    "records": GROUND,
    "messaging": GROUND,
    "customers": BUSINESS,
    "service": BUSINESS,
    "marketing": BUSINESS,
    "sales": BUSINESS | {"marketing"},
    "leads": BUSINESS | {"marketing", "sales"},
    "automation": BUSINESS | {"marketing", "sales", "leads", "service"},
    "reports": BUSINESS | {"marketing", "sales", "leads", "service"},
}
# The generic list, form, page and API machinery stands on the records; the rest of `crm` knows no record.
MACHINES = ("crm.details", "crm.endpoints", "crm.forms", "crm.lists")
# People come before records, but their pages are lists and forms like any other.
PEOPLE_PAGES = {f"accounts.{name}" for name in ("api", "filters", "forms", "lists", "urls", "views")}
ASSEMBLY = ("crm.api", "crm.celery", "crm.management", "crm.testing", "crm.urls")


def test_imports_run_one_way():
    findings = [finding for path, text in code() for finding in upward_imports(path, text)]
    assert not findings, report(findings, "Let the higher room register what it adds (HOUSE §1).")


def test_the_guard_sees_an_upward_import():
    assert upward_imports("customers/models/pool.py", "from sales.models import Order")
    assert upward_imports("records/log.py", "def f():\n    import leads.convert")
    assert upward_imports("crm/money.py", "from records import log")
    assert not upward_imports("crm/lists/page.py", "from records import log")
    assert not upward_imports("leads/convert.py", "from sales.models import Opportunity")
    assert not upward_imports("crm/urls.py", "import leads.urls")


def upward_imports(path: str, text: str) -> list[str]:
    module = path.removesuffix(".py").replace("/", ".")
    if module.startswith(ASSEMBLY):
        return []
    allowed = BELOW[room_of(module)] | {room_of(module)}
    if module in PEOPLE_PAGES:
        allowed = allowed | {"crm.machines"}
    return [
        f"{path}:{line}: {room_of(module)} imports {name}"
        for line, name in imported(ast.parse(text))
        if name.split(".")[0] in ROOMS and room_of(name) not in allowed
    ]


def room_of(module: str) -> str:
    return "crm.machines" if module.startswith(MACHINES) else module.split(".")[0]


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found
