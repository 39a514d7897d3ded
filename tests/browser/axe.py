"""What axe finds serious on a page: rule, element, how to mend it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

# Without what is right: half the time on a page with many rows. Without a second look at style sheets: axe would write
# them into the page, which the CSP refuses.
ONLY_WRONG = {"resultTypes": ["violations"], "preload": False}


def serious(page: Any) -> list[tuple[str, list[str], str]]:
    found = Axe().run(page, options=ONLY_WRONG).response["violations"]
    return [
        (one["id"], node["target"], node["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
