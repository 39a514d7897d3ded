"""What this room tells the generic rooms: its kinds of records, its menu item, its settings page, its job."""

from django.utils.translation import gettext_lazy as _

from accounts import access
from crm.hub import HubPage, hub
from crm.menu import MenuItem, menu
from messaging.imap.poll import JOB, poll_mail
from records.jobs import Job, jobs
from records.kinds import Kind, kinds


def add_kinds() -> None:
    kinds.add(
        "mail",
        Kind(
            "mail", "messaging.InboundMail", _("incoming message"), _("incoming messages"), "mail",
            detail="messaging:mail", list="messaging:tray",
        ),
    )  # fmt: skip
    kinds.add(
        "mailbox",
        Kind(
            "mailbox", "messaging.Mailbox", _("mailbox"), _("mailboxes"), "mailbox", detail="messaging:mailbox",
            list="messaging:mailboxes",
        ),
    )  # fmt: skip


def add_doors() -> None:
    menu.add("mail", MenuItem("mail", _("Incoming mail"), "inbox", "messaging:tray", 33, right=("mail", "view")))
    hub.add(
        "mailboxes",
        HubPage(
            "mailboxes", "customers", _("Mailboxes"),
            _("Addresses to which people write: whose leads their messages become, and where they are fetched"),
            "mailbox", "messaging:mailboxes", 15, lambda user: access.allows_all(user, "change", "rules"),
        ),
    )  # fmt: skip


def add_jobs() -> None:
    jobs.add(JOB, Job(poll_mail, 60, _("Fetch mail")))
