from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Tidewell"

    def ready(self) -> None:
        # `shared_task` binds to the last app made: it must exist in every process, not only in workers.
        from crm import celery  # noqa: F401
