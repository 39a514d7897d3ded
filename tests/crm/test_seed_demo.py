import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from customers.models import Contact, Customer, RecycleRule
from leads.models import AssignmentRule, Lead
from messaging.models import InboundMail
from records.jobs import run_job
from records.models import Event
from sales.models import Instalment, Opportunity, Order, Quote
from sales.paper import has_fonts
from tests.customers import makers

pytestmark = pytest.mark.django_db


def test_the_demo_has_something_for_every_role_and_language(capsys):
    call_command("seed", size="demo")
    assert set(User.objects.values_list("username", flat=True)) == {
        "alice", "bob", "charlie", "tess", "erin", "ada", "olga", "finn",
    }  # fmt: skip
    alice = User.objects.get(username="alice")
    assert Customer.objects.visible_to(alice).count() > 5
    assert Lead.objects.visible_to(alice).exists()
    assert {row.state for row in Opportunity.objects.all()} == {"open", "won", "lost"}
    assert Contact.objects.filter(name__regex="[一-龥]").exists()
    assert Contact.objects.filter(name__regex="[а-я]").exists()
    assert Event.objects.filter(verb="claim").exists()
    sent = {"sent", "accepted"} if has_fonts() else set()  # without the fonts there are no papers to send
    assert {row.state for row in Quote.objects.all()} == {"draft", "approved"} | sent
    assert {"confirmed", "shipped", "delivered"} <= {row.state for row in Order.objects.all()}
    today = timezone.now().date()
    unpaid = Instalment.objects.live().exclude(state="paid")
    assert unpaid.filter(due_on__lt=today).exists() and unpaid.filter(due_on__gt=today).exists()
    assert Customer.objects.filter(state="buying").exists()
    assert RecycleRule.objects.filter(is_active=True).exists() and AssignmentRule.objects.get().is_active
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"joined", "waiting", "automatic"}
    assert run_job("customers.recycle", dry_run=True).moved == 0
    assert run_job("leads.assign", dry_run=True).moved > 0
    assert "customers" in capsys.readouterr().out


@pytest.mark.parametrize("with_customer", [True, False])
def test_a_database_with_data_or_people_is_not_seeded(alice, with_customer):
    if with_customer:
        makers.customer(owner=alice)
    with pytest.raises(CommandError, match="has data"):
        call_command("seed", size="demo")
