"""Opportunities from a file that was imported before."""

import io

import pytest
from django.core.management import call_command

from records.models import Batch
from records.undo import undo_batch
from sales.models import Opportunity
from tests.customers import makers as customers

pytestmark = pytest.mark.django_db

FIRST = """Opportunity id,Deal name,Account,Stage,Amount
D-1,Pumps,Acme,Proposal,100
D-2,Valves,Acme,Proposal,200
"""


@pytest.fixture
def run(tmp_path, alice):
    customers.customer(owner=alice, name="Acme")

    def run(text, *args):
        path, out = tmp_path / "deals.csv", io.StringIO()
        path.write_text(text)
        call_command("import_records", "opportunities", str(path), *args, stdout=out)
        return out.getvalue().splitlines()

    return run


def test_an_update_changes_what_a_person_types_and_can_be_undone(run):
    run(FIRST)
    lines = run(FIRST.replace("Pumps", "Big pumps"), "--on-duplicate", "update")
    assert lines[-1].endswith("read 2, added 0, updated 1, skipped 1, refused 0")
    assert Opportunity.objects.get(external_id="D-1").name == "Big pumps"
    undo_batch(Batch.objects.latest("pk"), by=None)
    assert Opportunity.objects.get(external_id="D-1").name == "Pumps"


def test_an_update_says_that_stage_and_amount_stay(run):
    run(FIRST)
    told = "\n".join(run(FIRST.replace("Pumps,Acme,Proposal,100", "Pumps,Acme,Negotiation,150"),
                         "--on-duplicate", "update"))  # fmt: skip
    first = Opportunity.objects.get(external_id="D-1")
    assert (first.stage.name, first.amount) == ("Proposal", 100)
    assert "stay as they are: move them in the product. (1)" in told
    assert "stay as they are" not in "\n".join(run(FIRST, "--on-duplicate", "update"))
