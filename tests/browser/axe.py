"""What axe finds serious on a page: rule, element, how to mend it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe


def serious(page: Any) -> list[tuple[str, list[str], str]]:
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], node["target"], node["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
