from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        from records.dictionary import install_built_in_entries
        from records.imports.importables import importables
        from records.imports.people import PEOPLE

        post_migrate.connect(install_built_in_entries, sender=self)
        importables.add(PEOPLE.kind, PEOPLE)
        self._add_to_menu()
        self._add_jobs()

    def _add_jobs(self) -> None:
        from celery.schedules import crontab

        from crm.lists.sweep import drop_exports, resume_batches
        from records.jobs import Job, jobs
        from records.trash.purge import purge_trash

        jobs.add("records.purge_trash", Job(purge_trash, crontab(hour=3, minute=40), _("Empty the trash")))
        jobs.add("lists.resume", Job(resume_batches, 60, _("Go on with interrupted bulk actions and exports")))
        jobs.add("lists.drop_exports", Job(drop_exports, crontab(hour=3, minute=50), _("Delete old export files")))

    def _add_to_menu(self) -> None:
        from crm.menu import MenuItem, menu

        menu.add(
            "trash",
            MenuItem(
                "trash", _("Trash"), icon="trash", url_name="records:trash", order=90, section="data",
                right=("customer", "delete"),
            ),
        )  # fmt: skip
