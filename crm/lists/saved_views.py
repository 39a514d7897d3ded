"""Saved views: keep the present filters, columns and sort under a name, share them, open the list with one of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import Reach
from crm.lists.asked import Asked
from crm.lists.own_state import open_with
from crm.lists.views import answer, asked_for
from records.models import SavedView


class ViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "share"]

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["name"].required = True
        self.fields["share"].choices = shares_for(asked)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        taken = SavedView.objects.filter(owner=self.asked.user, list_name=self.asked.spec.name, name__iexact=name)
        if taken.exists():
            raise ValidationError(_("You have a view of this name already."), code="unique")
        return name


def shares_for(asked: Asked) -> list[tuple[str, Any]]:
    """With whom the person may share: her team if she has one; everybody if her reach here is everybody's."""
    share = SavedView.Share
    offered = [share.NONE]
    if asked.user.team_id:
        offered.append(share.TEAM)
    if access.reach_of(asked.user, asked.spec.kind) == Reach.ALL:
        offered.append(share.ALL)
    return [(choice.value, choice.label) for choice in offered]


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest, name: str) -> HttpResponse:
    asked = asked_for(request, name)
    form = ViewForm(request.POST or None, asked=asked)
    if request.method == "POST" and form.is_valid() and (view := _save(form, asked)):
        return redirect(asked.url(f"view={view.pk}"))
    own = [view for view in asked.views if view.is_own]
    opens = asked.own.opens_with if asked.own else ""
    response = answer(request, "views", asked, form=form, own=own, opens=opens, current=asked.view)
    response.status_code = 422 if form.errors else 200
    return response


def _save(form: ViewForm, asked: Asked) -> SavedView | None:
    view = form.instance
    view.list_name, view.owner, view.team_id = asked.spec.name, asked.user, asked.user.team_id
    _copy_state(view, asked)
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:  # the second of two clicks
        form.add_error("name", _("You have a view of this name already."))
        return None


def _copy_state(view: SavedView, asked: Asked) -> None:
    view.query = asked.data.urlencode()
    view.columns = [column.name for column in asked.columns]
    view.sort = asked.sort_name


@require_POST
def save(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Gives a view of one's own the filters, columns and sort that are shown now."""
    asked = asked_for(request, name)
    view = _own_view(asked, pk)
    _copy_state(view, asked)
    view.save(update_fields=["query", "columns", "sort"])
    return redirect(asked.url(f"view={view.pk}"))


@require_POST
def delete(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    asked = asked_for(request, name)
    _own_view(asked, pk).delete()
    return redirect(asked.spec.url)


@require_POST
def opening(request: HttpRequest, name: str) -> HttpResponse:
    """Opens the list with this view from now on."""
    asked = asked_for(request, name)
    key = request.POST.get("view", "")
    open_with(asked.spec, key if any(view.key == key for view in asked.views) else "", by=request.user)
    return redirect(asked.spec.url)


def _own_view(asked: Asked, pk: int) -> SavedView:
    views = SavedView.objects.filter(owner=asked.user, list_name=asked.spec.name).exclude(name="")
    return get_object_or_404(views, pk=pk)
