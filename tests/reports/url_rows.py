from tests.guards.url_matrix import row


def funnel(people):
    return {"name": "funnel"}


NO_REPORTS = {"ada": 403, "nobody": 403}

ROWS = [
    row("reports:list", **NO_REPORTS),
    row("reports:month", everybody=403, tess=200, erin=200, olga=200, finn=200),
    row("reports:report", funnel, **NO_REPORTS, finn=403),
    row("reports:report", lambda people: {"name": "contribution"}, **NO_REPORTS),
    row("reports:report", lambda people: {"name": "nothing"}, everybody=404, **NO_REPORTS),
    row("reports:report", lambda people: {"name": "way"}, **NO_REPORTS, finn=403),
    row("reports:report", lambda people: {"name": "leads"}, **NO_REPORTS, finn=403),
    row("reports:export", funnel, method="post", everybody=403, erin=200, olga=200),
]
