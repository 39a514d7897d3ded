from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from crm.shell import top_bar
        from messaging.given import add_notice_kind
        from messaging.handed import add_handover_notices
        from messaging.inbound import lists  # noqa: F401 (registers the list)
        from messaging.inbound.tell import add_notice_kind as add_mail_notice
        from messaging.what import add_doors, add_jobs, add_kinds

        top_bar.add("notices", "messaging/_bell.html")
        add_notice_kind()
        add_kinds()
        add_doors()
        add_jobs()
        add_mail_notice()
        add_handover_notices()
