"""The pool page and the verbs by which a customer changes hands."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from crm.lists.respond import respond
from crm.toasts import toast_with_undo
from customers.assign import assign, assign_all
from customers.claim import claim, claim_each, in_sight, who_took
from customers.models import Customer, Pool
from customers.pool.forms import AssignForm, ReleaseForm
from customers.pool.lists import pool_list
from customers.release import release
from records.refusals import Refused

AT_ONCE = 200  # claims of one click


@require_safe
def pool(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "view", "pool")
    actions = [
        {"label": label, "icon": icon, "tone": "primary", "url": reverse(url)}
        for label, icon, url, right in (
            (_("Claim"), "hand-grab", "customers:claim_many", ("claim", "customer")),
            (_("Assign"), "user-check", "customers:assign_many", ("assign", "pool")),
        )
        if access.allows(request.user, *right)
    ]
    may_rule = access.allows(request.user, "rules", "pool")
    return respond(request, pool_list, template="customers/pool/list.html", actions=actions, may_rule=may_rule)


@require_POST
def claim_one(request: HttpRequest, pk: int) -> HttpResponse:
    """By htmx the row says what came of it; without JavaScript a message does."""
    access.require(request.user, "claim", "customer")
    customer = _claimable(request.user, pk)
    try:
        claim(pk, by=request.user)
    except Refused as refusal:
        return _told(request, customer, str(refusal), won=False)
    return _told(request, customer, _("“%(name)s” is yours now.") % {"name": customer.name}, won=True)


@require_POST
def claim_many(request: HttpRequest) -> HttpResponse:
    """Claims the chosen rows and reports each: won, gone to whom, refused why."""
    access.require(request.user, "claim", "customer")
    asked = _chosen(request)
    results = claim_each(in_sight(asked[:AT_ONCE], by=request.user), by=request.user)
    if not results:
        messages.warning(request, _("Choose at least one customer of the pool."))
        return redirect("customers:pool")
    won, gone = sum(result.is_won for result in results), sum(result.is_gone for result in results)
    context = {
        "rows": [(result, _page_of(result.customer_id) if result.is_won else "") for result in results],
        "won": won, "gone": gone, "refused": len(results) - won - gone,
        "left_out": len(asked[AT_ONCE:]), "at_once": AT_ONCE,
    }  # fmt: skip
    return render(request, "customers/pool/claimed.html", context)


@require_POST
def release_one(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    access.require(request.user, "release", customer)
    form = ReleaseForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Refused(_("Say why you release this customer."), reason="reason")
    values = form.cleaned_data
    release(customer, by=request.user, reason=values["reason"], note=values["note"], pool=values["pool"])
    text = _("“%(name)s” is in the pool “%(pool)s” now.") % {"name": customer.name, "pool": customer.pool}
    messages.success(request, text)
    return redirect("customers:list")


@require_POST
def assign_one(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    access.require(request.user, "assign", customer)
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Refused(_("Choose an active person within your reach."), reason="person")
    assign(customer, to=form.cleaned_data["to"], by=request.user)
    messages.success(request, _("“%(name)s” belongs to %(person)s now.") % {"name": customer, "person": customer.owner})
    is_still_mine = access.covers(request.user, customer)
    return redirect(_page_of(customer.pk) if is_still_mine else "customers:list")


@require_POST
def assign_many(request: HttpRequest) -> HttpResponse:
    """Gives chosen customers of the pool to a person: asks to whom first, then one batch that can be taken back."""
    access.require(request.user, "assign", "pool")
    rows = Customer.objects.of_pools(Pool.objects.visible_to(request.user)).filter(pk__in=_chosen(request))
    customers = list(rows.order_by("sort_key", "pk").values_list("pk", "name"))
    if not customers:
        messages.warning(request, _("Choose at least one customer of the pool."))
        return redirect("customers:pool")
    form = AssignForm(request.POST if "to" in request.POST else None, user=request.user)
    if not form.is_valid():
        context = {"form": form, "customers": customers}
        return render(request, "customers/pool/assign.html", context, status=422 if form.is_bound else 200)
    batch = assign_all([pk for pk, _name in customers], to=form.cleaned_data["to"], by=request.user)
    number = batch.counts["moved"]
    text = ngettext("%(n)s customer assigned to %(person)s.", "%(n)s customers assigned to %(person)s.", number)
    _tell_with_undo(request, text % {"n": number, "person": form.cleaned_data["to"]}, batch)
    return redirect("customers:pool")


def _page_of(pk: int) -> str:
    return reverse("customers:detail", args=[pk])


def _chosen(request: HttpRequest) -> list[int]:
    return [int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 19]


def _claimable(user: Any, pk: int) -> Customer:
    """In a pool of hers, or lately taken out of one: then the refusal says by whom. Anything else does not exist."""
    pools = Pool.objects.visible_to(user)
    waiting = Customer.objects.of_pools(pools).filter(pk=pk).first()
    if waiting is None and who_took(pk, pools) is None:
        raise Http404
    return waiting or Customer.objects.live().get(pk=pk)  # unscoped: it lay in her pool until a moment ago


def _told(request: HttpRequest, customer: Customer, text: str, *, won: bool) -> HttpResponse:
    if request.htmx and not request.htmx.boosted:
        context = {"customer": customer, "text": text, "won": won, "url": _page_of(customer.pk)}
        return render(request, "customers/pool/_claimed_row.html", context, status=200 if won else 409)
    (messages.success if won else messages.error)(request, text)
    return redirect(_page_of(customer.pk) if won else "customers:pool")


def _tell_with_undo(request: HttpRequest, text: str, batch: Any) -> None:
    try:
        toast_with_undo(request, text, reverse("records:batch_undo", args=[batch.pk]))
    except NoReverseMatch:
        messages.success(request, text)
