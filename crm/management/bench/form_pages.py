"""Rows of kind ``page``: a form to create and to edit, against the same fields unbound in the bare view."""

from typing import Any

from crm.management.bench.floors import Floor, address_of
from crm.management.bench.rows import Pair, Row, rows
from crm.management.bench.visitor import visitor
from customers.forms import CustomerForm, NewCustomerForm
from customers.models import Customer
from leads.forms import LeadForm, NewLeadForm
from leads.models import Lead
from sales.forms import NewOpportunityForm, OpportunityForm
from sales.models import Opportunity

FORMS: dict[str, tuple[str, Any, Any, Any]] = {
    "customers": ("/customers/", NewCustomerForm, CustomerForm, Customer),
    "leads": ("/leads/", NewLeadForm, LeadForm, Lead),
    "opportunities": ("/sales/opportunities/", NewOpportunityForm, OpportunityForm, Opportunity),
}


def register() -> None:
    for name in FORMS:
        create, edit = f"page.{name}.create", f"page.{name}.edit"
        rows.add(create, Row(create, "page", f"the empty form of {name}", lambda name=name: _create(name)))
        rows.add(edit, Row(edit, "page", f"the form of one of {name}", lambda name=name: _edit(name)))


def _create(name: str) -> Pair:
    path, form, _edit_form, _model = FORMS[name]
    return _pair(f"{path}new/", form)


def _edit(name: str) -> Pair | None:
    path, _form, form, model = FORMS[name]
    own = model._base_manager.filter(owner=visitor("alice").user, deleted_at__isnull=True)
    number = own.order_by("-pk").values_list("pk", flat=True).first()
    return _pair(f"{path}{number}/edit/", form) if number else None


def _pair(url: str, form: Any) -> Pair:
    person = visitor("alice")
    floor = address_of(Floor("Form", form=form))
    return Pair(
        lambda _: person.get(url),
        lambda _: person.get(floor),
        same=lambda ours, bare: _fields(ours) >= _fields(bare) > 0,
    )


def _fields(page: str) -> int:
    return page.count('<div id="div_id_') + page.count("<label")
