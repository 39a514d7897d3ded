from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        import leads.lists  # registers the list
        import leads.merge  # noqa: F401  registers what a merge takes over
        from customers.derived import derivers
        from leads.assign import BY_HAND, JOB, run
        from leads.doors import add_doors
        from leads.handover import add_handovers
        from leads.imports import add_importables
        from leads.incoming_mail import add_taker
        from leads.lose_many import VERB, undo_lose
        from leads.notices import add_notice_kinds
        from leads.panels import add_panels
        from leads.phrases import add_phrases
        from leads.scoring import sweep
        from leads.search import add_searchable
        from leads.today import add_to_today
        from leads.undo_assign import undo_assignment
        from leads.way import refresh_way
        from leads.web_forms import authors, take
        from leads.web_forms.hand_over import add_handover
        from leads.what import add_kind, add_menu
        from records.jobs import Job, jobs
        from records.undo import undoers

        derivers.add("way", refresh_way)
        add_kind()
        add_importables()
        add_menu()
        add_searchable()
        add_phrases()
        add_notice_kinds()
        add_panels()
        add_to_today()
        add_doors()
        add_taker()
        add_handovers()
        add_handover()
        jobs.add(JOB, Job(run, 60, _("Assign leads")))
        jobs.add(take.JOB, Job(take.run, 60, _("Take in what web forms received")))
        take.add_notice_kind()
        authors.add_notice_kind()
        # Asks often whether a rule was changed or a day began; then once.
        jobs.add(sweep.JOB, Job(sweep.run, 300, _("Score leads")))
        for verb in (JOB, BY_HAND, "assign_leads"):
            undoers.add(verb, undo_assignment)
        undoers.add(VERB, undo_lose)
