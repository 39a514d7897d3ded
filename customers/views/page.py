"""The pages of one customer: overview, details, files, history."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import access
from customers import page, timeline
from customers.derived import explained
from customers.details import detail_groups, family_of
from customers.history import owner_history
from customers.models import Customer, PointKind
from customers.models.activity import ActivityType
from records.dictionary import reasons
from records.field_history import field_history
from records.files import files_of
from records.merge.views import follows_merge
from records.sharing import collaborators_of

TABS = (
    ("detail", gettext_lazy("Overview")), ("details", gettext_lazy("Details")), ("files", gettext_lazy("Files")),
    ("history", gettext_lazy("History")),
)  # fmt: skip
QUICK_TYPES = ("call", "visit", "email", "chat", "meeting", "note")


@require_safe
@follows_merge("customer")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(page.for_page(request.user, page.OVERVIEW), pk=pk)
    now = timezone.now()
    shown = page.customer_page(request.user, customer, now=now, shown=request.GET.get("show", "all"))
    return render(
        request,
        "customers/detail.html",
        {
            **frame(request.user, customer, "detail", shown.head),
            "page": shown,
            "now": now,
            "quick_types": [(code, ActivityType(code).label, timeline.ICONS[code]) for code in QUICK_TYPES],
            "next_choices": next_choices(),
            "timeline_choices": timeline.SHOWN.items(),
            "once": secrets.token_urlsafe(16),
        },
    )


@require_safe
@vary_on_headers("HX-Request")
def older(request: HttpRequest, pk: int) -> HttpResponse:
    """The next page of the timeline, as a fragment or on its own."""
    customer = get_object_or_404(page.for_page(request.user), pk=pk)
    found = timeline.timeline(customer, shown=request.GET.get("show", "all"), before=request.GET.get("before", ""))
    context = {"customer": customer, "page_timeline": found, "can": rights(request.user, customer)}
    if request.htmx and not request.htmx.boosted:
        return render(request, "customers/_timeline.html", context)
    return render(request, "customers/timeline.html", {**context, "crumbs": crumbs(customer)})


@require_safe
@follows_merge("customer")
def details(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(page.for_page(request.user, page.DETAILS), pk=pk)
    groups, family = detail_groups(customer), family_of(request.user, customer)
    context = {**frame(request.user, customer, "details"), "groups": groups, "family": family}
    context["standing"] = explained(request.user, customer)
    return render(request, "customers/details.html", context)


@require_safe
@follows_merge("customer")
def files(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(page.for_page(request.user), pk=pk)
    context = {**frame(request.user, customer, "files"), "files": files_of(customer)}
    return render(request, "customers/files.html", context)


@require_safe
@follows_merge("customer")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(page.for_page(request.user), pk=pk)
    labels = (_("When"), _("Who"), _("Field"), _("Before"), _("After"))
    context = {
        **frame(request.user, customer, "history"),
        "owners": owner_history(customer),
        "collaborators": collaborators_of(customer),
        "columns": [{"label": label, "kind": ""} for label in labels],
        "rows": [change.as_row() for change in field_history(customer)],
        "nothing": _("No field was changed yet."),
    }
    return render(request, "customers/history.html", context)


def frame(user: Any, customer: Customer, tab: str, head: page.Head | None = None) -> dict[str, Any]:
    """What _head.html needs on every page of a customer."""
    can = rights(user, customer)
    head = head or page.head_of(user, customer)
    tabs = [
        {"label": label, "url": reverse(f"customers:{name}", args=[customer.pk]), "current": name == tab, "count": ""}
        for name, label in TABS
    ]
    return {
        "customer": customer,
        "can": {**can, "anything": can["change"] or can["delete"] or bool(head.actions)},
        "actions": head.actions,
        "tags": head.tags,
        "crumbs": [(_("Customers"), reverse("customers:list"))],
        "tabs": tabs,
        "tab": tab,
        "state_tone": page.STATE_TONES[customer.state],
        "life_tone": page.LIFE_TONES[customer.life_cycle],
        "grade_text": _("Grade %(grade)s") % {"grade": customer.grade},
        "invalid_reasons": reasons("customer_invalid_reason"),
        "point_kinds": PointKind.choices,
    }


def rights(user: Any, customer: Customer) -> dict[str, bool]:
    can = {action: access.covers(user, customer, action) for action in ("change", "delete")}
    return {**can, "task": access.allows(user, "create", "task")}


def crumbs(customer: Customer) -> list[tuple[str, str]]:
    return [
        (_("Customers"), reverse("customers:list")),
        (customer.name, reverse("customers:detail", args=[customer.pk])),
    ]


def next_choices() -> list[tuple[str, str]]:
    return [
        ("", _("keep")), ("1", _("tomorrow")), ("3", _("in 3 days")), ("7", _("in a week")), ("30", _("in a month")),
    ]  # fmt: skip
