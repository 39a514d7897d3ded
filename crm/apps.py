from django.apps import AppConfig, apps
from django.db.models.signals import pre_migrate


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Tidewell"

    def ready(self) -> None:
        # `shared_task` binds to the last app made: it must exist in every process, not only in workers.
        from crm import celery  # noqa: F401
        from crm.database_fitness import require_suitable_database
        from crm.errors import report_errors

        report_errors()

        # The signal goes to rooms with tables only; one is enough. A database that does not suit is left untouched.
        pre_migrate.connect(require_suitable_database, sender=apps.get_app_config("accounts"))
