"""What the clock does in this room, how it is undone, and what people are told of it."""

from django.utils.translation import gettext_lazy as _

from customers import alerts, assign, follow_team, recycle, release
from customers.churn import bulk, watch
from customers.churn.undo import undo_churn
from customers.run_report import add_run_reports
from customers.undo import undo_ownership
from records.jobs import Daily, Job, jobs
from records.undo import undoers


def add_jobs() -> None:
    jobs.add(recycle.VERB, Job(recycle.recycle, Daily(2), _("Customers fall into the pools")))
    jobs.add(alerts.VERB, Job(alerts.alert_idle, Daily(7), _("Reminders to owners and supervisors")))
    jobs.add(follow_team.VERB, Job(follow_team.follow_teams, 60, _("Records follow a person into another team")))
    # After the pools: what comes back open tonight has a day before a rule may take it.
    jobs.add(watch.VERB, Job(watch.watch, Daily(3), _("Churn cases open, come back and settle")))
    for verb in (watch.VERB, bulk.DEFERRED, bulk.CONFIRMED):
        undoers.add(verb, undo_churn)
    for verb in (recycle.VERB, assign.VERB, release.VERB):
        undoers.add(verb, undo_ownership)
    undoers.add(alerts.VERB, alerts.undo_alerts)
    add_run_reports()
