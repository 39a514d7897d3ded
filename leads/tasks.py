"""The Celery doors of this room: ids only."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="leads.assign_lead", acks_late=True, reject_on_worker_lost=True)
def assign_lead(lead_id: int) -> None:
    """Record after: twice does nothing the second time, because the lead does not wait any more."""
    from leads.assign import assign_leads

    assign_leads(now=timezone.now(), only=[lead_id])


@shared_task(name="leads.take_submission", acks_late=True, reject_on_worker_lost=True)
def take_submission(submission_id: int) -> None:
    """Record after: twice does nothing the second time, because the submission does not wait any more."""
    from leads.web_forms.take import take_in

    take_in([submission_id])
