"""What holds for the project as a whole."""

import re
import subprocess
import tomllib
from io import StringIO

import pytest
from django.core.management import call_command

from tests.guards.source import ROOT, report

# A registry, an index, or a folder of somebody's machine: no file of ours may depend on one.
PLACES = re.compile(
    r"(?i)\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|npmmirror\.com|yarnpkg\.com)\b"
    r"|--(?:extra-)?index-url|--find-links"
    r"|(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/pypi)/"
)
OF_THIS_GUARD = "tests/guards/test_project.py"


def test_no_file_names_a_registry_or_a_machine():
    findings = [finding for path in tracked() for finding in places(path, text_of(path))]
    assert not findings, report(findings, "Locks hold hashes, never addresses; paths are relative.")


def test_the_guard_sees_a_registry_and_a_path():
    assert places("package-lock.json", '"resolved": "https://registry.' + 'npmjs.org/x"')
    assert places("a.py", 'open("/' + 'home/ann/x")')
    assert not places("a.py", "https://example.com/work/x and ../shared")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    out = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out)
    except SystemExit:
        pytest.fail(f"A migration is missing:\n{out.getvalue()}")


@pytest.mark.django_db
def test_the_system_check_finds_nothing():
    call_command("check", "--fail-level", "WARNING", "--database", "default")


def test_every_warning_is_an_error_and_every_exception_has_a_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    settings = tomllib.loads("\n".join(lines))["tool"]["pytest"]["ini_options"]
    assert settings["filterwarnings"][0] == "error"
    for line in lines:
        if line.strip().startswith(('"ignore', '"default')):
            assert "#" in line, f"why? {line}"


def test_both_locks_hold_the_same_versions():
    run, develop = versions("requirements.lock"), versions("requirements-dev.lock")
    assert run.items() <= develop.items()


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git clone: what is tracked is unknown")
    return [path for path in done.stdout.splitlines() if path != OF_THIS_GUARD and (ROOT / path).is_file()]


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def places(path: str, text: str) -> list[str]:
    return [
        f"{path}:{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := PLACES.search(line))
    ]


def versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([\w.-]+(?:\[[\w,-]+\])?)==([\w.]+)", text_of(lock)))
