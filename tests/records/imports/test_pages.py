"""The wizard: upload, columns, test, import, result, undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import Customer
from records.imports import story
from records.models import Batch, FileImport
from sales.models import Opportunity, Stage

pytestmark = pytest.mark.django_db

FILE = 'Company,E-mail,Phone,Revenue\nAcme,info@acme.example,+49 30 1234567,"1,200.50"\nGlobex,broken,,5M\n'


def upload(client, text=FILE, name="companies.csv", kind="customer"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/import/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def choices(client, pk, **changes):
    """What the page of columns would post, with changes."""
    page = client.get(reverse("records:import_columns", args=[pk]))
    told = {f"column-{c.map.index}": c.map.field for c in page.context["columns"]}
    told |= {"on_duplicate": "skip", "owner": str(page.context["mapping"].owner or "")}
    return {**told, **changes}


def go(client, pk, **changes):
    """Test and import, as a worker would."""
    client.post(reverse("records:import_columns", args=[pk]), choices(client, pk, test="1", **changes))
    story.proceed(pk)
    client.post(reverse("records:import_run", args=[pk]))
    story.proceed(pk)
    return FileImport.objects.get(pk=pk)


def test_a_file_goes_from_upload_to_undo(signed_in, olga):
    client = signed_in(olga)
    answer = upload(client)
    found = FileImport.objects.get()
    assert answer.url == f"/import/{found.pk}/columns/"
    page = client.get(answer.url).content.decode()
    assert "is not an e-mail address" in page or "Acme" in page
    client.post(answer.url, choices(client, found.pk, test="1"))
    story.proceed(found.pk)
    found.refresh_from_db()
    assert (found.state, found.report["added"], found.report["refused"]) == ("tested", 1, 1)
    assert not Customer.objects.exists()
    assert "Nothing has been written yet" in client.get(f"/import/{found.pk}/").content.decode()
    client.post(f"/import/{found.pk}/run/")
    story.proceed(found.pk)
    acme = Customer.objects.get()
    assert (acme.name, acme.owner, acme.email, str(acme.revenue)) == ("Acme", olga, "info@acme.example", "1200.5000")
    found.refresh_from_db()
    assert found.state == "done" and not found.room.exists()
    assert client.get(f"/import/{found.pk}/").status_code == 200
    batch = found.batch
    assert "Undo this batch" in client.get(f"/batches/{batch.pk}/").content.decode()
    client.post(f"/batches/{batch.pk}/undo/")
    acme.refresh_from_db()
    assert acme.is_deleted
    assert Batch.objects.get(pk=batch.pk).state == "undone"


def test_the_refused_rows_come_back_with_the_reason_last(signed_in, olga):
    client = signed_in(olga)
    upload(client)
    found = go(client, FileImport.objects.get().pk)
    told = client.get(f"/import/{found.pk}/refused.csv").getvalue().decode("utf-8-sig").splitlines()
    assert told[0].split(",")[-1] == "Reason"
    assert told[1] == "Globex,broken,,5M,“broken” is not an e-mail address."
    assert client.get(f"/import/{found.pk}/refused.xlsx").content[:2] == b"PK"


def test_pressing_import_twice_adds_once(signed_in, olga):
    client = signed_in(olga)
    upload(client)
    found = go(client, FileImport.objects.get().pk)
    client.post(f"/import/{found.pk}/run/")
    story.proceed(found.pk)
    story.proceed(found.pk)
    assert Customer.objects.count() == 1
    assert Batch.objects.count() == 1


def test_the_mapping_is_remembered_for_the_same_headers(signed_in, olga):
    client = signed_in(olga)
    upload(client, "Thing,Where\nAcme,Berlin\n")
    go(client, FileImport.objects.get().pk, **{"column-0": "name", "column-1": "city"})
    assert Customer.objects.get().city == "Berlin"
    upload(client, "Thing,Where\nGlobex,Paris\n")
    page = client.get(reverse("records:import_columns", args=[FileImport.objects.latest("pk").pk]))
    assert [c.map.field for c in page.context["columns"]] == ["name", "city"]


def test_a_needed_field_without_a_column_is_said_before_anything_runs(signed_in, olga):
    client = signed_in(olga)
    upload(client, "Thing,Where\nAcme,Berlin\n")
    pk = FileImport.objects.get().pk
    answer = client.post(
        reverse("records:import_columns", args=[pk]), choices(client, pk, test="1", **{"column-1": "city"})
    )
    assert answer.status_code == 400
    assert "no column was chosen" in answer.content.decode()
    assert FileImport.objects.get().state == "uploaded"


def test_columns_say_how_dates_and_numbers_are_written(signed_in, olga):
    client = signed_in(olga)
    upload(client, "Company;Created;Revenue\nAcme;02/03/24;1.234,50\n")
    pk = FileImport.objects.get().pk
    go(client, pk, **{"column-1-date": "mdy", "column-2-decimal": "comma", "column-2-currency": "USD"})
    acme = Customer.objects.get()
    assert (acme.created_at.date().isoformat(), str(acme.revenue), acme.currency) == ("2024-02-03", "1234.5000", "USD")


def test_update_overwrites_nothing_with_empty_cells(signed_in, olga):
    client = signed_in(olga)
    upload(client, "Company,City,Website\nAcme,Berlin,acme.example\n")
    go(client, FileImport.objects.get().pk)
    upload(client, "Company,City\nAcme,\nGlobex,Rome\n", "again.csv")
    found = go(client, FileImport.objects.latest("pk").pk, on_duplicate="update")
    acme = Customer.objects.get(name="Acme")
    assert (acme.city, acme.website) == ("Berlin", "acme.example")
    assert (found.report["added"], found.report["updated"], found.report["skipped"]) == (1, 0, 1)


def test_undo_gives_updated_fields_back_and_leaves_what_others_changed(signed_in, olga, alice):
    client = signed_in(olga)
    upload(client, "Company,City\nAcme,Berlin\nGlobex,Rome\n")
    go(client, FileImport.objects.get().pk)
    upload(client, "Company,City\nAcme,Paris\nGlobex,Oslo\nInitech,Lima\n", "again.csv")
    found = go(client, FileImport.objects.latest("pk").pk, on_duplicate="update")
    assert (found.report["added"], found.report["updated"]) == (1, 2)
    Customer.objects.get(name="Globex").edit({"city": "Bern"}, by=alice)
    client.post(f"/batches/{found.batch_id}/undo/")
    assert Customer.objects.get(name="Acme").city == "Berlin"
    assert Customer.objects.get(name="Globex").city == "Bern"
    assert Customer.objects.get(name="Initech").is_deleted
    assert "changed by Alice" in client.get(f"/batches/{found.batch_id}/").content.decode()


def test_another_persons_file_is_not_there(signed_in, olga, tess):
    upload(signed_in(olga))
    pk = FileImport.objects.get().pk
    for path in ("", "columns/", "progress/", "refused.csv"):
        assert signed_in(tess).get(f"/import/{pk}/{path}").status_code == 404


def test_who_may_not_import_gets_no_page(signed_in, alice):
    assert signed_in(alice).get("/import/").status_code == 403
    assert upload(signed_in(alice)).status_code == 403
    assert not FileImport.objects.exists()


def test_rights_are_asked_again_when_the_work_begins(signed_in, olga):
    client = signed_in(olga)
    upload(client)
    pk = FileImport.objects.get().pk
    client.post(reverse("records:import_columns", args=[pk]), choices(client, pk, test="1"))
    olga.user_roles.all().delete()
    story.proceed(pk)
    assert FileImport.objects.get().problem["code"] == "not_allowed"


def test_a_supervisor_gives_only_to_her_team(signed_in, tess, alice, charlie):
    client = signed_in(tess)
    upload(client, "Company,Owner\nAcme,Alice\nGlobex,Charlie\n")
    found = go(client, FileImport.objects.get().pk)
    assert Customer.objects.get().owner == alice
    assert found.refused_rows.get().reasons == [["not_yours_to_give", {}]]


def test_stages_of_the_file_are_chosen_on_the_page(signed_in, olga):
    client = signed_in(olga)
    upload(client, "Deal,Stage,Value\nBig,Talks,5\nSmall,Zero,7\n", "deals.csv", "opportunity")
    pk = FileImport.objects.get().pk
    stage = Stage.objects.get(name="Proposal")
    page = client.get(reverse("records:import_columns", args=[pk]))
    assert [value.raw for value in page.context["values"]] == ["Talks", "Zero"]
    go(client, pk, **{"value-stage-0": f"stage:{stage.pk}", "value-stage-1": "new"})
    assert Opportunity.objects.get(name="Big").stage == stage
    assert Opportunity.objects.get(name="Small").stage.name == "Zero"


def test_a_file_over_the_limit_is_told_and_not_kept(signed_in, olga, settings):
    settings.IMPORT_LARGEST_MB = 1
    answer = upload(signed_in(olga), "Company\n" + "Acme\n" * 500_000)
    assert answer.status_code == 400
    assert "larger than 1 MB" in answer.content.decode()
    assert not FileImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "The file is empty"),
        (b"<html><body>no</body></html>", "a.csv", "web page"),
        (b"name\nAc\0me\n", "a.csv", "zero bytes in line 2"),
        (b"%PDF-1.4", "a.pdf", "not a table"),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged"),
    ],
)
def test_a_file_that_cannot_come_in_is_told_on_the_page(signed_in, olga, data, name, said):
    answer = upload(signed_in(olga), data, name)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not FileImport.objects.exists()
