"""Who gets what at the addresses of this room: acme is alice's, tess supervises her."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from customers.log_activity import plan_activity
from customers.models import ContactPoint
from records.models import Attachment, Collaborator
from tests.customers import makers
from tests.customers.churn_rows import CHURN_ROWS
from tests.customers.pool_rows import POOL_ROWS
from tests.guards.url_matrix import row
from tests.records.merge.url_rows import merge_rows

VIEWERS = {"bob": 404, "charlie": 404, "ada": 404, "nobody": 404}
# Who reads without changing is told so; who does not reach it is not told that it exists.
CHANGERS = {"everybody": 404, "alice": 302, "tess": 302, "olga": 302, "erin": 403, "finn": 403}


def acme(people):
    return {"pk": makers.customer(owner=people["alice"]).pk}


def contact(people):
    row_ = makers.contact(makers.customer(owner=people["alice"]))
    return {"pk": row_.customer_id, "contact": row_.pk}


def point(people):
    at = makers.customer(owner=people["alice"])
    row_ = ContactPoint.objects.create(customer=at, kind="email", value="a@b.de", normalised="a@b.de")
    return {"pk": at.pk, "point": row_.pk, "name": "main"}


def activity(people):
    at = makers.customer(owner=people["alice"])
    row_ = plan_activity(at, {"type": "call", "at": timezone.now() + timedelta(days=1)}, by=people["alice"])
    return {"pk": at.pk, "activity": row_.pk}


def activity_verb(people):
    return {**activity(people), "name": "cancel"}


def collaborator(people):
    at = makers.customer(owner=people["alice"])
    row_ = Collaborator.objects.create(user=people["nobody"], subject_kind="customer", subject_id=at.pk)
    return {"pk": at.pk, "collaborator": row_.pk}


def file(people):
    at = makers.customer(owner=people["alice"])
    row_ = Attachment(subject_kind="customer", subject_id=at.pk, customer_id=at.pk, name="a.txt", size=1)
    row_.file.save("a.txt", ContentFile(b"a"))
    return {"pk": at.pk, "file": row_.pk}


def task(people):
    return {"pk": makers.task(people["alice"]).pk}


def task_verb(people):
    return {**task(people), "name": "done"}


NO_TASKS = {"ada": 403, "finn": 403, "nobody": 403}
WORKERS = {"everybody": 403, "alice": 200, "bob": 200, "charlie": 200, "tess": 200, "olga": 200}

ROWS = [
    *POOL_ROWS,
    *merge_rows("customers", acme),
    *CHURN_ROWS,
    row("customers:today"),
    row("customers:list", ada=403, nobody=403),
    row("customers:contacts", ada=403, nobody=403),
    row("customers:create", **WORKERS),
    row("customers:similar", method="post", data={"name": "Acme"}, **WORKERS),
    row("customers:detail", acme, **VIEWERS),
    row("customers:timeline", acme, **VIEWERS),
    row("customers:details", acme, **VIEWERS),
    row("customers:files", acme, **VIEWERS),
    row("customers:history", acme, **VIEWERS),
    row("customers:edit", acme, **{**CHANGERS, "alice": 200, "tess": 200, "olga": 200}),
    row("customers:delete", acme, method="post", **CHANGERS),
    row("customers:mark_invalid", acme, method="post", data={"reason": "closed"}, **CHANGERS),
    row("customers:mark_valid", acme, method="post", **CHANGERS),
    row("customers:protect", acme, method="post", data={"until": "2999-01-01"}, **CHANGERS),
    row("customers:plan_contact", acme, method="post", data={"at": "2999-01-01T10:00"}, **CHANGERS),
    row("customers:tag", acme, method="post", data={"tags": "VIP"}, **CHANGERS),
    row("customers:untag", acme, method="post", data={"tag": "1"}, **CHANGERS),
    row("customers:share", acme, method="post", data={"user": "nobody"}, **CHANGERS),
    row("customers:unshare", collaborator, method="post", **{**CHANGERS, "nobody": 404}),
    row("customers:upload", acme, method="post", **CHANGERS),
    row("customers:file", file, **VIEWERS),
    row("customers:file_remove", file, method="post", **CHANGERS),
    row("customers:point_add", acme, method="post", data={"kind": "email", "value": "x@y.de"}, **CHANGERS),
    row("customers:point_verb", point, method="post", **CHANGERS),
    row("customers:contact_create", acme, **{**CHANGERS, "alice": 200, "tess": 200, "olga": 200}),
    row("customers:contact_edit", contact, **{**CHANGERS, "alice": 200, "tess": 200, "olga": 200}),
    row("customers:contact_delete", contact, method="post", **CHANGERS),
    row("customers:contact_point_add", contact, method="post", data={"kind": "email", "value": "x@y.de"}, **CHANGERS),
    row("customers:log", acme, method="post", data={"type": "call", "content": "x"}, **CHANGERS),
    row("customers:activity_edit", activity, **{**CHANGERS, "alice": 200, "tess": 200, "olga": 200}),
    row("customers:activity_verb", activity_verb, method="post", **CHANGERS),
    row("customers:tasks", **NO_TASKS),
    row("customers:task_create", **WORKERS),
    row("customers:task", task, **{**VIEWERS, "finn": 404}),
    row("customers:task_edit", task, **{**CHANGERS, "alice": 200, "tess": 200, "olga": 200, "finn": 404}),
    row("customers:task_verb", task_verb, method="post", **{**CHANGERS, "finn": 404}),
]
