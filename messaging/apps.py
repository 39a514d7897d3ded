from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from crm.shell import top_bar
        from messaging.given import add_notice_kind

        top_bar.add("notices", "messaging/_bell.html")
        add_notice_kind()
