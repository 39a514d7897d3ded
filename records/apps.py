from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        from accounts.leaving import left_behind
        from records.batches import BatchReport, reports
        from records.dictionary import install_built_in_entries
        from records.handover import undo as _handover_undo  # noqa: F401  registers the undoer
        from records.handover.hint import hint
        from records.handover.kinds import VERB
        from records.handover.preview import tell_batch
        from records.imports.importables import importables
        from records.imports.people import PEOPLE
        from records.imports.undo import undo_import
        from records.merge import undo as _merge_undo  # noqa: F401  registers the undo
        from records.settings.doors import add_doors
        from records.undo import undoers

        post_migrate.connect(install_built_in_entries, sender=self)
        left_behind.add("handover", hint)
        reports.add(VERB, BatchReport("records/handover/_report.html", tell_batch))
        importables.add(PEOPLE.kind, PEOPLE)
        undoers.add("import", undo_import)
        self._add_to_menu()
        self._add_jobs()
        add_doors()

    def _add_jobs(self) -> None:
        from celery.schedules import crontab

        from crm.lists.sweep import drop_exports, resume_batches
        from records.handover.tasks import resume_handovers
        from records.imports.resume import resume_imports
        from records.jobs import Job, jobs
        from records.trash.purge import purge_trash

        jobs.add("records.resume_imports", Job(resume_imports, 60, _("Take up interrupted imports")))
        jobs.add("records.purge_trash", Job(purge_trash, crontab(hour=3, minute=40), _("Empty the trash")))
        jobs.add("records.resume_handovers", Job(resume_handovers, 60, _("Take up interrupted handovers")))
        jobs.add("lists.resume", Job(resume_batches, 60, _("Go on with interrupted bulk actions and exports")))
        jobs.add("lists.drop_exports", Job(drop_exports, crontab(hour=3, minute=50), _("Delete old export files")))

    def _add_to_menu(self) -> None:
        from crm.menu import MenuItem, menu
        from records.handover.who import may_hand_over

        menu.add(
            "import",
            MenuItem(
                "import", _("Import"), icon="file-import", url_name="records:import_start", order=70, section="data",
                right=("customer", "import"),
            ),
        )  # fmt: skip
        menu.add(
            "batches",
            MenuItem("batches", _("Batches"), icon="stack-2", url_name="records:batches", order=80, section="data",
                     right=("customer", "change")),
        )  # fmt: skip
        menu.add(
            "handover",
            MenuItem(
                "handover", _("Handover"), icon="transfer", url_name="records:handover_choose", order=75,
                section="data", shown=may_hand_over,
            ),
        )  # fmt: skip
        menu.add(
            "trash",
            MenuItem(
                "trash", _("Trash"), icon="trash", url_name="records:trash", order=90, section="data",
                right=("customer", "delete"),
            ),
        )  # fmt: skip
