"""What templates ask for is what the launcher fetches."""

import json
import re

from tests.guards.source import ROOT, files, report

ASKED = re.compile(r"""static\s+["']vendor/([^"']+)["']|static\(\s*["']vendor/([^"']+)["']""")


def test_every_vendored_file_that_is_asked_for_is_fetched():
    fetched = {*json.loads((ROOT / "package.json").read_text())["vendor"], "icons.svg"}
    findings = [
        f"{path}: {name}"
        for path, text in [*files("*.html", "templates"), *files("*.py", "crm", "reports")]
        for name in asked(text)
        if name not in fetched
    ]
    assert not findings, report(findings, "List it under `vendor` in package.json.")


def test_the_guard_sees_both_ways_of_asking():
    assert asked('<script src="{% static "vendor/a.js" %}">') == ["a.js"]
    assert asked('static("vendor/b.svg")') == ["b.svg"]


def asked(text: str) -> list[str]:
    return [first or second for first, second in ASKED.findall(text)]
