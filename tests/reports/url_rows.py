from tests.guards.url_matrix import row


def funnel(people):
    return {"name": "funnel"}


NO_REPORTS = {"ada": 403, "nobody": 403}

ROWS = [
    row("reports:list", **NO_REPORTS),
    row("reports:report", funnel, **NO_REPORTS),
    row("reports:report", lambda people: {"name": "contribution"}, **NO_REPORTS),
    row("reports:report", lambda people: {"name": "nothing"}, everybody=404, **NO_REPORTS),
    row("reports:chart", funnel, **NO_REPORTS),
]
