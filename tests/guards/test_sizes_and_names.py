"""Files and functions stay small, and a file is named for what it does."""

import ast
from pathlib import Path

from tests.guards.source import ROOMS, code, files, report

LONGEST_FILE, LONGEST_TEST, LONGEST_TEMPLATE, LONGEST_FUNCTION = 400, 500, 120, 50
NAMELESS = {"services", "selectors", "utils", "util", "helpers", "common", "managers", "signals", "misc", "tools"}


def test_files_are_short():
    findings = [f for path, text in code() for f in too_long(path, text, LONGEST_FILE)]
    findings += [f for path, text in files("*.py", "tests") for f in too_long(path, text, LONGEST_TEST)]
    findings += [f for path, text in files("*.html", "templates") for f in too_long(path, text, LONGEST_TEMPLATE)]
    assert not findings, report(findings, "Cut it where the subject changes (HOUSE §8).")


def test_functions_are_short():
    findings = [f for path, text in [*code(), *files("*.py", "tests")] for f in long_functions(path, text)]
    assert not findings, report(findings, "Ten lines are usual, fifty are never right (HOUSE §8).")


def test_no_file_is_named_for_nothing():
    findings = [f for path, _text in files("*.py", *ROOMS, "tests") for f in nameless(path)]
    assert not findings, report(findings, "Name it for what it does (HOUSE §2).")


def test_the_guards_see_what_they_look_for():
    assert too_long("a.py", "x = 1\n" * 401, LONGEST_FILE)
    assert long_functions("a.py", "def f():\n" + "    x = 1\n" * 50)
    assert not long_functions("a.py", "def f():\n" + "    x = 1\n" * 49)
    assert nameless("sales/utils.py") and nameless("sales/helpers/money.py")
    assert not nameless("sales/convert.py")


def too_long(path: str, text: str, limit: int) -> list[str]:
    count = len(text.splitlines())
    return [f"{path}: {count} lines, {limit} are allowed"] if count > limit else []


def long_functions(path: str, text: str) -> list[str]:
    return [
        f"{path}:{node.lineno}: {node.name}() runs {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]


def nameless(path: str) -> list[str]:
    parts = Path(path).with_suffix("").parts
    return [f"{path}: '{part}' says nothing" for part in parts if part in NAMELESS]
