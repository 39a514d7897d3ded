"""Who gets what at the addresses of this room: everybody her own notices; a message that waits is alice's, tess
supervises her; mailboxes are those of who makes the rules of the company.
"""

from django.core.files.base import ContentFile

from messaging.models import InboundMail, Notice
from records.models import Attachment
from tests.customers import makers
from tests.guards.url_matrix import row
from tests.messaging.letters import mailbox

OUT = {"bob": 404, "charlie": 404, "ada": 404, "finn": 404, "nobody": 404}
CHANGE = {**OUT, "everybody": 302, "erin": 403}
RULES = {"everybody": 403, "olga": 200}
RULE_VERB = {"everybody": 403, "olga": 302}


def alices_notice(people):
    return {"pk": Notice.objects.create(user=people["alice"], kind="test", key="test").pk}


def waiting(people):
    alice = people["alice"]
    mail = InboundMail.objects.create(
        owner=alice, team=alice.team, state="waiting", from_address="a@b.example", how="pipe", digest="x"
    )
    return {"pk": mail.pk}


def dismissed(people):
    pk = waiting(people)["pk"]
    InboundMail.objects.filter(pk=pk).update(state="dismissed")
    return {"pk": pk}


def with_file(people):
    pk = waiting(people)["pk"]
    held = Attachment(subject_kind="mail", subject_id=pk, name="a.txt", size=1, content_type="text/plain")
    held.file.save("a.txt", ContentFile(b"a"), save=True)
    return {"pk": pk, "file": held.pk}


def acme(people):
    return {"kind": "customer", "record": makers.customer(owner=people["alice"]).pk}


def box(people):
    return {"pk": mailbox(people["olga"]).pk}


ROWS = [
    row("messaging:notices"),
    row("messaging:bell"),
    row("messaging:latest"),
    row("messaging:read_all", method="post", everybody=302),
    row("messaging:read", alices_notice, method="post", everybody=404, alice=302),
    row("messaging:tray", ada=403, finn=403, nobody=403),
    row("messaging:mail", waiting, **OUT),
    row("messaging:mail_join", waiting, method="post", data=acme, **CHANGE),
    row("messaging:mail_make_lead", waiting, method="post", **CHANGE),
    row("messaging:mail_dismiss", waiting, method="post", **CHANGE),
    row("messaging:mail_take_up", dismissed, method="post", **CHANGE),
    row("messaging:mail_file", with_file, **OUT),
    row("messaging:mailboxes", **RULES),
    row("messaging:mailbox_create", **RULES),
    row("messaging:mailbox", box, **RULES),
    row("messaging:mailbox_check", box, method="post", **RULE_VERB),
    row("messaging:mailbox_delete", box, method="post", **RULE_VERB),
]
