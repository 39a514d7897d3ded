"""Two customers on which something of every kind hangs, and what all their rows say."""

import datetime
import json
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from customers.churn.case import open_case
from customers.log_activity import log_activity
from customers.models import Customer, PointKind, PoolClaim
from customers.models.contact_point import Consent
from customers.points import Point, add_point
from leads.way import refresh_way
from messaging.models import SentMail
from records.files import attach
from records.merge.links import links_of
from records.models import Alias
from records.sharing import share
from records.tagging import add_tags
from sales.collect import plan, receive
from sales.issue_invoice import invoice
from tests.customers import makers
from tests.leads.makers import lead
from tests.sales import documents
from tests.sales.makers import opportunity

# What undo writes beside the two: they are told from by themselves.
LOGS = {"records_event", "records_change", "records_batch", "records_mergestep", "records_likelypair"}
# Raised by every change, also by the one back.
RAISED = {"version"}


def full_customer(owner: Any, *, name: str, number: str, helper: Any) -> Customer:
    """``number`` tells the two apart where no two may say the same."""
    made = makers.customer(name, owner=owner, city=f"City {number}", comment=f"Said by {number}", tax_number=number)
    Customer.objects.filter(pk=made.pk).update(external_id=number)
    made.refresh_from_db()
    person = makers.contact(made, f"Person {number}", is_main=True)
    add_point(made, Point(PointKind.PHONE, f"+49 30 90182{number}", is_main=True), by=owner)
    add_point(made, Point(PointKind.EMAIL, "both@acme.example", consent=Consent.GIVEN), by=owner)
    add_point(made, Point(PointKind.EMAIL, f"p{number}@acme.example"), by=owner, contact=person)
    log_activity(made, {"type": "call", "content": f"Called {number}", "contact": person}, by=owner)
    makers.task(owner, f"Task {number}", customer=made)
    opportunity(f"Deal {number}", owner=owner, customer=made, amount=10)
    documents.sent_quote(owner=owner, customer=made)
    order = documents.order(owner=owner, customer=made)
    first, _second = plan(order, documents.halves(), by=owner)
    invoice(first, by=owner, on=documents.DAY)
    receive(order, amount=first.amount, on=documents.DAY, by=owner)
    open_case(made, by=owner)
    attach(made, SimpleUploadedFile(f"{number}.txt", b"hello"), by=owner)
    add_tags(made, ["both", f"tag {number}"], by=owner)
    share(made, helper, by=owner)
    came_from = lead(f"Lead {number}", owner=owner)
    type(came_from).objects.filter(pk=came_from.pk).update(
        state="converted", customer=made, converted_at="2026-01-01T00:00Z"
    )
    Alias.objects.create(kind="lead", old_id=came_from.pk, target_kind="customer", target_id=made.pk)
    refresh_way([made.pk])
    lead(f"Friend of {number}", owner=owner, referred_by=made)
    makers.customer(f"Child of {number}", owner=owner, parent=made)
    makers.customer(f"Known by {number}", owner=owner, referred_by=made)
    SentMail.objects.create(message_id=f"{number}@us", about_kind="customer", about_id=made.pk)
    PoolClaim.objects.create(pool_id=_pool(), user=owner, customer_id=made.pk, at=datetime.datetime.now(datetime.UTC))
    made.refresh_from_db()
    return made


def _pool() -> int:
    return apps.get_model("customers", "Pool").objects.get(is_default=True).pk


def everything() -> dict[str, dict[int, dict[str, Any]]]:
    """Table → number → row, of every table that a merge may touch."""
    tables = {link.table.strip('"') for kind in ("customer", "lead") for _name, link in links_of(kind)}
    tables |= {"customers_customer", "leads_lead", "customers_customersearch", "leads_leadsearch"}
    tables |= {"sales_instalment", "sales_invoice", "sales_receipt", "sales_orderline"}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - LOGS):
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
            rows = [row for (row,) in cursor.fetchall()]
            rows = [json.loads(row) if isinstance(row, str) else row for row in rows]
            key = "record_id" if table.endswith("search") else "id"
            found[table] = {row[key]: {k: v for k, v in row.items() if k not in RAISED} for row in rows}
    return found
