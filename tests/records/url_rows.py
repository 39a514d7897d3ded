from records.dictionary import entries, entry_by_code
from records.handover.plan import Plan
from records.handover.run import start_handover
from records.models import Batch, FileImport
from tests.customers import makers
from tests.guards.url_matrix import row


def kind(people):
    return {"kind": "customer"}


def deleted_customer(people):
    customer = makers.customer(owner=people["alice"])
    customer.trash(by=people["alice"])
    return {"kind": "customer", "pk": customer.pk}


def upload(people):
    made = FileImport(kind="customer", by=people["olga"], name="a.csv", size=12, rows=1)
    (made.make_room() / "file").write_text("Company\nAcme\n")
    made.save()
    return {"pk": made.pk}


def tested(people):
    made = upload(people)
    mapping = {"columns": [{"header": "Company", "field": "name"}]}
    FileImport.objects.filter(**made).update(state="tested", mapping=mapping)
    return made


def refusals(people):
    return {**tested(people), "format": "csv"}


def batch_of_tess(people):
    batch = Batch.start("bulk_edit", by=people["tess"])
    batch.finish()
    return {"pk": batch.pk}


def alice(people):
    return {"pk": people["alice"].pk}


def to_bob(people):
    makers.customer(owner=people["alice"])
    return {"way": "one", "heir": people["bob"].pk}


def handed_by_tess(people):
    batch = start_handover(people["alice"], Plan(heirs=(people["bob"].pk,)), by=people["tess"])
    return {"pk": batch.pk}


def logo(people):
    return {"which": "logo"}


def sources(people):
    return {"of": "lead_source"}


def entry(people):
    return {"of": "lead_source", "pk": entry_by_code("lead_source", "web").pk}


def seen_sources(people):
    return {"seen": ",".join(str(entry.pk) for entry in entries("lead_source"))}


SETTLED = {"everybody": 403, "ada": 200, "olga": 200}
NO_TRASH = {"erin": 404, "ada": 404, "finn": 404, "nobody": 404}

ROWS = [
    row("records:search"),
    row("records:trash", **NO_TRASH),
    row("records:trash_of", kind, **NO_TRASH),
    row("records:restore", deleted_customer, method="post", everybody=404, alice=302, tess=302, olga=302),
    row("records:import_start", everybody=403, olga=200, tess=200),
    row("records:import", tested, everybody=404, olga=200),
    row("records:import_columns", upload, everybody=404, olga=200),
    row("records:import_progress", upload, everybody=404, olga=200),
    row("records:import_run", tested, method="post", everybody=404, olga=302),
    row("records:import_stop", tested, method="post", everybody=404, olga=302),
    row("records:import_discard", upload, method="post", everybody=404, olga=302),
    row("records:import_refused", refusals, everybody=404, olga=200),
    row("records:batches"),
    row("records:handover_choose", everybody=403, tess=200, olga=200),
    row("records:handover", alice, everybody=404, tess=200, olga=200),
    row("records:handover_start", alice, method="post", data=to_bob, everybody=404, tess=302, olga=302),
    row("records:handover_progress", handed_by_tess, everybody=404, tess=200, olga=200),
    row("records:batch", batch_of_tess, everybody=404, tess=200, olga=200),
    row("records:settings", everybody=403, olga=200, tess=200, ada=200, finn=200),
    row("records:company", **SETTLED),
    row("records:calendar", **SETTLED),
    row(
        "records:calendar_add",
        method="post",
        data={"first": "2031-05-02", "works": "no"},
        **{**SETTLED, "ada": 302, "olga": 302},
    ),
    row(
        "records:calendar_remove",
        method="post",
        data={"day": "2031-05-02"},
        **{**SETTLED, "ada": 302, "olga": 302},
    ),
    row("records:company_image", logo, **{**SETTLED, "ada": 404, "olga": 404}),
    row("records:company_image_set", logo, method="post", data={"remove": "1"}, **{**SETTLED, "ada": 302, "olga": 302}),
    row("records:dictionary", **SETTLED),
    row("records:dictionary_list", sources, **SETTLED),
    row("records:dictionary_add", sources, **SETTLED),
    row("records:dictionary_order", sources, method="post", data=seen_sources, **{**SETTLED, "ada": 302, "olga": 302}),
    row("records:dictionary_entry", entry, **SETTLED),
    row("records:batch_undo", batch_of_tess, method="post", everybody=404, tess=302, olga=302),
]
