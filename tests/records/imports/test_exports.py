"""Real exports of other systems, in their own column names."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Company
from customers.models import Contact, ContactPoint, Customer
from leads.models import Lead
from records.imports.importables import importables
from records.imports.problems import FileProblem
from records.imports.table import open_table
from sales.models import Opportunity

pytestmark = pytest.mark.django_db


def run(kind, path, *args):
    out = io.StringIO()
    call_command("import_records", kind, str(path), *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def american(db):
    Company.get()
    Company.objects.update(country="US", currency="USD")


def test_accounts_contacts_leads_and_opportunities_find_each_other(shared_data, american, olga):
    folder = shared_data / "salesforce_export"
    last = [run(kind, folder / f"{name}.csv", "--as", "olga")[-1] for kind, name in (
        ("customers", "Account"), ("contacts", "Contact"), ("leads", "Lead"), ("opportunities", "Opportunity"),
    )]  # fmt: skip
    assert [line.partition(": ")[2] for line in last] == [
        "read 18, added 18, updated 0, skipped 0, refused 0",
        "read 25, added 25, updated 0, skipped 0, refused 0",
        "read 22, added 22, updated 0, skipped 0, refused 0",
        "read 36, added 36, updated 0, skipped 0, refused 0",
    ]
    rose = Contact.objects.get(name="Rose Gonzalez")
    assert (rose.customer.name, rose.position, rose.phone) == (
        "Edge Communications",
        "SVP, Procurement",
        "(512) 757-6000",
    )
    assert ContactPoint.objects.filter(contact=rose, kind="mobile").get().normalised == "+15127579340"
    dickenson = Opportunity.objects.get(name="Dickenson Mobile Generators")
    assert (dickenson.customer.name, dickenson.stage.name) == ("Dickenson plc", "Qualification")
    assert (dickenson.close_on.isoformat(), dickenson.opened_on.isoformat()) == ("2024-02-03", "2026-02-23")
    assert dickenson.probability == 10
    assert Opportunity.objects.filter(state="won").count() == 14 or Opportunity.objects.filter(state="won").exists()
    assert Lead.objects.get(name="Phyllis Cotton").state == "assigned"
    again = [run(kind, folder / f"{name}.csv", "--as", "olga")[-1] for kind, name in (
        ("customers", "Account"), ("contacts", "Contact"), ("leads", "Lead"), ("opportunities", "Opportunity"),
    )]  # fmt: skip
    assert all("added 0, updated 0" in line and "refused 0" in line for line in again)


def test_deleted_rows_are_skipped_with_a_reason(tmp_path):
    path = tmp_path / "Account.csv"
    path.write_text("Id,IsDeleted,Name\n001bm00001,TRUE,Gone Ltd\n001bm00002,FALSE,Here Ltd\n")
    lines = run("customers", path)
    assert lines[-1].endswith("read 2, added 1, updated 0, skipped 1, refused 0")
    assert any("Deleted in the system it comes from" in line for line in lines)


@pytest.mark.parametrize(
    ("kind", "path", "added"),
    [
        ("customers", "peer_contact_imports/atomic_crm/companies_sample.csv", 1),
        ("contacts", "peer_contact_imports/atomic_crm/contacts_export.csv", 1),
        ("contacts", "peer_contact_imports/chatwoot/contacts_first10.csv", 10),
        ("leads", "peer_contact_imports/chatwoot/contacts_first10.csv", 10),
        ("contacts", "peer_contact_imports/chatwoot/existing_contacts.csv", 3),
        ("contacts", "mail_contacts_csv/google_shared_contacts_outlook.csv", 2),
    ],
)
def test_contacts_of_other_systems_come_in_and_only_once(shared_data, american, kind, path, added):
    assert f"added {added}," in run(kind, shared_data / path)[-1]
    assert "added 0," in run(kind, shared_data / path)[-1]


def test_a_second_use_of_an_address_stays_out(shared_data, american):
    lines = run("contacts", shared_data / "peer_contact_imports/chatwoot/invalid_contacts_first10.csv")
    assert lines[-1].endswith("read 10, added 9, updated 0, skipped 1, refused 0")
    assert any("earlier row" in line for line in lines)


def test_deals_find_the_customers_of_the_other_file(shared_data, american):
    folder = shared_data / "peer_contact_imports/atomic_crm"
    run("customers", folder / "companies_sample.csv")
    lines = run("opportunities", folder / "deals_sample.csv")
    assert lines[-1].endswith("read 2, added 1, updated 0, skipped 0, refused 1")
    assert any("There is no customer “Globex”" in line for line in lines)
    assert Opportunity.objects.get(name="New website").customer.name == "Acme"


def test_the_right_sheet_below_a_merged_title_is_read(shared_data):
    lines = run("customers", shared_data / "zh/synthetic_merged_title.xlsx")
    print("\n".join(lines))
    assert "read " in lines[-1]
    assert Customer.objects.exists()


def test_every_table_of_the_suites_can_be_opened_or_says_why(shared_data, tmp_path):
    refused = {}
    for path in sorted((shared_data / "csv_suites").rglob("*")):
        if path.suffix not in {".csv", ".tsv", ".xlsx", ".xls", ".ods"}:
            continue
        try:
            table = open_table(path, path.name, folder=tmp_path / path.name, knows=importables["customer"].knows)
            assert sum(1 for _row in table) >= 1, path
        except FileProblem as problem:
            refused[path.name] = problem.code
    assert refused == {"unknown_value_type.ods": "no_sheet", "errors.xls": "no_rows"} or set(refused) <= {
        "unknown_value_type.ods", "errors.xls", "xlsx_cell_values.xlsx", "book.ods",
    }  # fmt: skip


def test_without_a_recognised_field_the_proposal_is_printed(tmp_path, capsys):
    path = tmp_path / "odd.csv"
    path.write_text("foo,bar\n1,2\n")
    with pytest.raises(SystemExit) as ended:
        run("customers", path)
    assert ended.value.code == 1


def test_a_mapping_from_a_file_is_obeyed(tmp_path):
    path, mapping = tmp_path / "odd.csv", tmp_path / "map.json"
    path.write_text("foo,bar\nAcme,Rome\n")
    mapping.write_text('{"columns": [{"header": "foo", "field": "name"}, {"header": "bar", "field": "city"}]}')
    assert "added 1," in run("customers", path, "--mapping", str(mapping))[-1]
    assert Customer.objects.get().city == "Rome"


def test_another_sheet_is_chosen_by_the_mapping(shared_data, tmp_path):
    mapping = tmp_path / "map.json"
    mapping.write_text('{"read": {"sheet": "客户"}}')
    lines = run("customers", shared_data / "zh/synthetic_merged_title.xlsx", "--mapping", str(mapping))
    assert lines[-1].endswith("read 4, added 3, updated 0, skipped 1, refused 0")
    assert Contact.objects.filter(customer__name="示例百货").get().name == "王小姐"


def test_a_dry_run_counts_and_writes_nothing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Company,Sector\nAcme,Basket weaving\n")
    assert run("customers", path, "--dry-run")[-1] == "batch 0: read 1, added 1, updated 0, skipped 0, refused 0"
    assert not Customer.objects.exists()


def test_strict_refuses_what_is_nearly_known(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Company,Sector\nAcme,technolgy\n")
    lines = run("customers", path, "--strict")
    assert lines[-1].endswith("added 0, updated 0, skipped 0, refused 1")
    assert any("did you mean “Technology”" in line for line in lines)


def test_a_file_that_is_refused_whole_ends_with_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("<html></html>")
    with pytest.raises(CommandError, match="web page"):
        run("customers", path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [each.plural for each in importables])
def test_of_every_file_as_every_kind_each_row_is_accounted_for(shared_data, kind):
    """Whatever a person picks by mistake: a refusal, a proposal, or a last line whose counts add up."""
    folders = ("csv_suites", "zh", "peer_contact_imports", "mail_contacts_csv", "salesforce_export", "maven_crm")
    files = [path for folder in folders for path in sorted((shared_data / folder).rglob("*")) if path.is_file()]
    for path in files:
        try:
            last = run(kind, path, "--dry-run")[-1]
        except (CommandError, SystemExit):
            continue
        read, *others = map(int, re.findall(r" (\d+)(?:,|$)", last))
        assert read == sum(others) and read > 0, f"{path}: {last}"
