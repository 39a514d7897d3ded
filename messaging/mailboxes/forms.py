"""A mailbox as a form."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import normalise
from crm.forms import RecordForm
from messaging.imap.hosts import MailboxProblem, address_of
from messaging.models import Mailbox
from messaging.states import Problem, Security
from records.models import DictionaryEntry


class MailboxForm(RecordForm):
    class Meta:
        model = Mailbox
        fields = (
            "address", "is_active", "makes_leads", "team", "source", "campaign", "host", "port", "security", "user",
            "folder", "since",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = DictionaryEntry.objects.filter(list="lead_source", is_active=True)  # unscoped: everybody's choices
        self.fields["source"].queryset = entries
        self.fields["source"].help_text = gettext_lazy("Of its leads. Empty: e-mail.")
        self.fields["user"].widget.attrs["autocomplete"] = "off"

    def clean_address(self) -> str:
        address = normalise.email(self.cleaned_data["address"])
        if address is None:
            raise forms.ValidationError(_("This is not an e-mail address."))
        return address

    def clean_host(self) -> str:
        return self.cleaned_data["host"].strip().rstrip(".").lower()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("host"):
            return values
        if not values.get("user"):
            self.add_error("user", _("Say as whom to sign in at the mail server."))
        if values.get("security") == Security.NONE and not settings.MAIL_PRIVATE_HOSTS:
            self.add_error("security", Problem.OPEN_LINE.label)
        if values.get("port"):
            self._judge_host(values["host"], values["port"])
        return values

    def _judge_host(self, host: str, port: int) -> None:
        """A private address is refused where it is typed; a server that is not known yet may be known tomorrow."""
        try:
            address_of(host, port)
        except MailboxProblem as problem:
            if problem.problem == Problem.PRIVATE_HOST:
                self.add_error("host", str(problem))
