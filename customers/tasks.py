"""The Celery doors of this room."""

from celery import shared_task

from customers.simulations import run_simulation


@shared_task(name="customers.simulate_rule", acks_late=True, reject_on_worker_lost=True)
def simulate_rule(simulation_id: int) -> None:
    """Record after: after a kill it is counted anew; who was there twice wrote the same."""
    run_simulation(simulation_id)
