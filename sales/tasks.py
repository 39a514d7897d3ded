"""The Celery doors of this room."""

from celery import shared_task


@shared_task(name="sales.reconvert_opportunities", acks_late=True, reject_on_worker_lost=True)
def reconvert_opportunities(currency: str) -> None:
    """Record after: twice writes nothing the second time."""
    from sales.pricing.change import reconvert

    reconvert(currency)
