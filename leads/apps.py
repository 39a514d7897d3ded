from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        from records.kinds import Kind, kinds

        kinds.add(
            "lead",
            Kind(
                code="lead", model_name="leads.Lead", label=_("lead"), plural=_("leads"), icon="user-plus",
                detail="leads:detail", list="leads:list",
            ),
        )  # fmt: skip
