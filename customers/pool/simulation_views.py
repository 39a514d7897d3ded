"""What a recycle rule would have moved in the weeks behind us: asked, awaited and shown on the rule's page."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from crm.formats import current_formats
from customers.models import RecycleRule, RuleSimulation
from customers.simulate import WEEKS
from customers.simulations import ask_simulation, latest_simulation


@dataclass(frozen=True)
class ShownSimulation:
    """Weeks as columns, people as rows, the most concerned first; ``weeks`` has the totals."""

    row: RuleSimulation
    is_of_now: bool
    total: int = 0
    at_once: int = 0
    weeks: list[tuple[str, int]] | None = None
    people: list[tuple[str, int, list[int]]] | None = None


@require_POST
def simulate_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _ruled(request, pk)
    ask_simulation(rule, by=request.user)
    return redirect(f"{reverse('customers:recycle_rule', args=[rule.pk])}#simulation")


@require_safe
def simulated(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment that asks again until the result is there; on its own address the rule's page has it."""
    rule = _ruled(request, pk)
    if not request.htmx:
        return redirect("customers:recycle_rule", pk)
    return render(request, "customers/pool/_simulated.html", {"rule": rule, "simulation": shown_simulation(rule)})


def shown_simulation(rule: RecycleRule) -> ShownSimulation | None:
    row = latest_simulation(rule)
    if row is None:
        return None
    is_of_now = row.rule_version == rule.version
    if row.state != RuleSimulation.State.DONE:
        return ShownSimulation(row, is_of_now)
    result = row.result
    return ShownSimulation(row, is_of_now, result["total"], result["at_once"], _weeks(result), _people(result["rows"]))


def _weeks(result: dict[str, Any]) -> list[tuple[str, int]]:
    first, formats = datetime.date.fromisoformat(result["first"]), current_formats()
    totals = [sum(n for week, _owner, n in result["rows"] if week == place) for place in range(WEEKS)]
    return [(formats.date(first + datetime.timedelta(days=7 * place)), n) for place, n in enumerate(totals)]


def _people(rows: list[list[int]]) -> list[tuple[str, int, list[int]]]:
    people: dict[int, list[int]] = {}
    for week, owner, number in rows:
        people.setdefault(owner, [0] * WEEKS)[week] += number
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))  # unscoped: names are for everybody
    told = [(names.get(pk, "–"), sum(weeks), weeks) for pk, weeks in people.items()]
    return sorted(told, key=lambda row: (-row[1], row[0]))


def _ruled(request: HttpRequest, pk: int) -> RecycleRule:
    return get_object_or_404(RecycleRule.objects.allowing(request.user, "rules"), pk=pk)
