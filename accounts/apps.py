from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from accounts.roles import install_built_in_roles
        from crm.menu import MenuItem, menu
        from crm.shell import top_bar

        top_bar.add("duty", "accounts/_duty.html")
        menu.add(
            "administration",
            MenuItem(
                "administration", _("Administration"), icon="settings", url_name="admin:index", order=95,
                section="system", staff_only=True,
            ),
        )  # fmt: skip
        post_migrate.connect(install_built_in_roles, sender=self)
