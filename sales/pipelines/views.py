"""The pages of pipelines and stages, for those whose right to rules is company-wide."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.forms.reorder import wanted_order
from crm.hub import crumb
from records.field_history import field_history
from sales.models import Pipeline, Stage
from sales.pipelines import change
from sales.pipelines.forms import NewPipelineForm, PipelineForm, RetireForm, StageForm
from sales.pipelines.page import gate_table, pipeline_rows, stage_rows
from sales.pipelines.retire import bring_back, open_in, retire_stage

EDITOR = "sales/pipelines/editor.html"


@require_safe
def pipelines(request: HttpRequest) -> HttpResponse:
    require_rules(request)
    rows = pipeline_rows()
    seen = ",".join(str(row.pipeline.pk) for row in rows)
    return render(request, "sales/pipelines/list.html", {"rows": rows, "seen": seen, "crumbs": [crumb()]})


@require_safe
def pipeline(request: HttpRequest, pk: int) -> HttpResponse:
    found = _pipeline(request, pk)
    rows, retired = stage_rows(found)
    context = {
        "pipeline": found,
        "rows": rows,
        "retired": retired,
        "seen": ",".join(str(row.stage.pk) for row in rows),
        "gates": gate_table(found),
        "crumbs": crumbs(),
        "changes": [row.as_row() for row in field_history(found, 10)],
    }
    return render(request, "sales/pipelines/pipeline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    require_rules(request)

    def make(form: NewPipelineForm) -> Pipeline:
        return change.create_pipeline(by=form.user, like=form.cleaned_data["like"], **form.values())

    return create_view(
        request, NewPipelineForm, make, title=_("New pipeline"), template=EDITOR,
        cancel_url=reverse("sales:pipelines"), success_url=url_of, extra={"crumbs": crumbs(), "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _pipeline(request, pk)

    def save(form: PipelineForm, values: dict[str, Any], opened: dict[str, Any]) -> Any:
        held = Pipeline.objects.get(pk=pk)  # unscoped: pipelines belong to the whole company
        return change.change_pipeline(held, values, by=form.user, opened=opened)

    return edit_view(
        request, found, PipelineForm, title=found.label, template=EDITOR, success_url=url_of(found), save=save,
        extra={"crumbs": crumbs(found), "changes": []},
    )  # fmt: skip


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = _pipeline(request, pk)
    change.delete_pipeline(found, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.label})
    return redirect("sales:pipelines")


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    require_rules(request)
    held = [row.pipeline.pk for row in pipeline_rows()]
    change.order_pipelines(wanted_order(request.POST, held), by=request.user)
    messages.success(request, _("The order is saved."))
    return redirect("sales:pipelines")


@require_POST
def order_stages(request: HttpRequest, pk: int) -> HttpResponse:
    found = _pipeline(request, pk)
    held = list(found.stages.offered().values_list("pk", flat=True))
    change.order_stages(found, wanted_order(request.POST, held), by=request.user)
    messages.success(request, _("The order is saved. The funnel counts in the new order from now on."))
    return redirect(url_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def add_stage(request: HttpRequest, pk: int) -> HttpResponse:
    found = _pipeline(request, pk)

    def make(form: StageForm) -> Stage:
        return change.add_stage(found, by=form.user, **form.values())

    return create_view(
        request, StageForm, make, title=_("New stage"), template=EDITOR, cancel_url=url_of(found),
        success_url=lambda _stage: url_of(found), extra={"crumbs": crumbs(found), "changes": []},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_stage(request: HttpRequest, pk: int) -> HttpResponse:
    stage = _stage(request, pk)
    changes = [row.as_row() for row in field_history(stage, 10)]
    beside = {"crumbs": crumbs(stage.pipeline), "stage": stage, "changes": changes}
    return edit_view(
        request, stage, StageForm, title=stage.label, template="sales/pipelines/stage.html",
        success_url=url_of(stage.pipeline), extra=beside,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    stage = _stage(request, pk)
    others = stage.pipeline.stages.offered().exclude(pk=pk)
    form = RetireForm(request.POST or None, others=others)
    if form.is_valid():
        batch = retire_stage(stage, form.cleaned_data["into"], by=request.user)
        messages.success(request, _("“%(name)s” is retired.") % {"name": stage.label})
        return redirect("records:batch", batch.pk)
    context = {
        "stage": stage, "form": form, "number": open_in(stage).count(), "has_others": others.exists(),
        "crumbs": crumbs(stage.pipeline), "cancel_url": url_of(stage.pipeline),
    }  # fmt: skip
    return render(request, "sales/pipelines/retire.html", context, status=422 if form.is_bound else 200)


@require_POST
def return_stage(request: HttpRequest, pk: int) -> HttpResponse:
    stage = _stage(request, pk)
    bring_back(stage, by=request.user)
    messages.success(request, _("“%(name)s” is offered again. What went on stays where it is.") % {"name": stage.label})
    return redirect(url_of(stage.pipeline))


@require_POST
def delete_stage(request: HttpRequest, pk: int) -> HttpResponse:
    stage = _stage(request, pk)
    change.delete_stage(stage, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": stage.label})
    return redirect(url_of(stage.pipeline))


def require_rules(request: HttpRequest) -> None:
    access.require_all(request.user, "change", "rules")


def url_of(found: Pipeline) -> str:
    return reverse("sales:pipeline", args=[found.pk])


def crumbs(found: Pipeline | None = None) -> list[tuple[Any, str]]:
    way = [crumb(), (_("Pipelines"), reverse("sales:pipelines"))]
    return [*way, (found.label, url_of(found))] if found else way


def _pipeline(request: HttpRequest, pk: int) -> Pipeline:
    require_rules(request)
    return get_object_or_404(Pipeline, pk=pk)


def _stage(request: HttpRequest, pk: int) -> Stage:
    require_rules(request)
    stages = Stage.objects.select_related("pipeline")  # unscoped: pipelines belong to the whole company
    return get_object_or_404(stages, pk=pk)
