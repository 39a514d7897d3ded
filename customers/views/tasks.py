"""Tasks: their page, form and verbs."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from crm.forms import create_view, edit_view
from crm.forms.refusals import page_before
from customers import todo
from customers.forms import NewTaskForm, TaskForm, in_days
from customers.models import Customer, Task
from records.moves import allowed_moves

TONES = {"open": "info", "done": "good", "cancelled": "neutral"}
SNOOZES = {"1": 1, "3": 3, "7": 7}


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(_within_reach(request.user), pk=pk)
    can_change = access.covers(request.user, task, "change")
    context = {
        "task": task,
        "can_change": can_change,
        "can_delete": access.covers(request.user, task, "delete"),
        "tone": TONES[task.state],
        "snoozes": [("1", _("Put off until tomorrow")), ("3", _("Put off by 3 days")), ("7", _("Put off by a week"))],
        "moves": allowed_moves(task) if can_change else [],
        "shows_customer": task.customer is not None and access.covers(request.user, task.customer),
        "crumbs": [(_("Tasks"), reverse("customers:tasks"))],
    }
    return render(request, "customers/task.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "create", "task")

    def save(form: NewTaskForm) -> Task:
        return todo.create_task(form.values(), by=request.user, owner=form.cleaned_data["owner"])

    return create_view(
        request, NewTaskForm, save, title=_("New task"), template="customers/record_form.html",
        cancel_url=reverse("customers:tasks"), success_url=_after,
        form_arguments={"initial": {"customer": _asked_customer(request)}},
        extra={"crumbs": [(_("Tasks"), reverse("customers:tasks"))]},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(_within_reach(request.user), pk=pk)
    access.require(request.user, "change", task)
    extra = {"crumbs": [(_("Tasks"), reverse("customers:tasks")), (task.title, reverse("customers:task", args=[pk]))]}
    return edit_view(request, task, TaskForm, title=_("Edit"), template="customers/record_form.html", extra=extra)


@require_POST
def verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    task = get_object_or_404(_within_reach(request.user), pk=pk)
    access.require(request.user, "delete" if name == "delete" else "change", task)
    if name == "snooze":
        todo.snooze_task(task, _until(request.POST.get("days", "")), by=request.user)
    elif name == "delete":
        task.trash(by=request.user)
        return redirect("customers:tasks")
    elif name in _VERBS:
        _VERBS[name](task, by=request.user)
    else:
        raise Http404
    return redirect(page_before(request, reverse("customers:task", args=[pk])))


_VERBS = {"done": todo.finish_task, "cancel": todo.cancel_task, "reopen": todo.reopen_task}


def _within_reach(user: Any) -> Any:
    return Task.objects.visible_to(user).select_related("owner", "customer", "contact", "created_by")


def _asked_customer(request: HttpRequest) -> int | None:
    asked = request.GET.get("customer", "")
    if not asked.isdecimal():
        return None
    return Customer.objects.visible_to(request.user).filter(pk=int(asked)).values_list("pk", flat=True).first()


def _after(task: Task) -> str:
    if task.customer_id:
        return reverse("customers:detail", args=[task.customer_id])
    return reverse("customers:tasks")


def _until(days: str) -> datetime:
    if days not in SNOOZES:
        raise Http404
    return in_days(SNOOZES[days])
