"""The gate of one transition, made, changed and taken away on one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.forms import create_view, edit_view
from records.field_history import field_history
from sales.models import Stage, StageGate
from sales.pipelines.change import set_gate
from sales.pipelines.forms import GateForm
from sales.pipelines.views import crumbs, require_rules, url_of


@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: HttpRequest, pk: int, source: int) -> HttpResponse:
    """Into the stage ``pk``, from the stage ``source``; 0 stands for every stage before it."""
    require_rules(request)
    target = get_object_or_404(Stage.objects.offered().select_related("pipeline"), pk=pk)
    others = Stage.objects.offered().filter(pipeline=target.pipeline_id).exclude(pk=pk)
    origin = get_object_or_404(others, pk=source) if source else None
    ways = {"source": origin.label if origin else _("any stage before"), "target": target.label}
    held = StageGate.objects.filter(source=origin, target=target).first()
    page: dict[str, Any] = {
        "title": _("From “%(source)s” to “%(target)s”") % ways,
        "template": "sales/pipelines/gate.html",
        "extra": {
            "crumbs": crumbs(target.pipeline),
            "changes": [row.as_row() for row in field_history(held, 10)] if held else [],
            "is_back": origin is not None and target.order < origin.order,
        },
    }
    return _answer(request, held, origin, target, page)


def _answer(
    request: HttpRequest, held: StageGate | None, origin: Stage | None, target: Stage, page: dict[str, Any]
) -> HttpResponse:
    url = url_of(target.pipeline)

    def save(form: GateForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        return set_gate(origin, target, values, by=form.user, opened=opened)

    def make(form: GateForm) -> Any:
        if set_gate(origin, target, form.values(), by=form.user) is None:
            messages.info(request, _("A gate that asks nothing is none."))
        return target

    if held:
        return edit_view(request, held, GateForm, success_url=url, save=save, **page)
    return create_view(request, GateForm, make, cancel_url=url, success_url=lambda _made: url, **page)
