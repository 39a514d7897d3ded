from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from crm.menu import MenuItem, menu
        from reports import built_in, month

        built_in.register()
        month.add_to_today()
        menu.add(
            "reports",
            MenuItem(
                "reports", _("Reports"), icon="chart-bar", url_name="reports:list", order=60, section="insight",
                right=("report", "view"),
            ),
        )  # fmt: skip
