"""The Celery application. Tasks carry ids only; results are rows, not messages."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import beat_init, import_modules, worker_process_init

from crm.embedded.process import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["crm.lists"])


@worker_process_init.connect
def _end_with_the_worker(**kwargs: object) -> None:
    """A pool process whose parent was killed would hold its job for ever: it would not come again."""
    end_with_parent(signal.SIGKILL)


@beat_init.connect
def _beat_once_at_the_start(**kwargs: object) -> None:
    """A new system need not wait for the first tick to say that it is ready."""
    app.send_task("crm.heartbeat", expires=60)


@import_modules.connect
def schedule_jobs(**_signal: Any) -> None:
    """Beat's schedule is the register of jobs, complete once Django has set up every app."""
    from crm.heartbeat import EVERY
    from records.jobs import beat_schedule
    from records.search import tidy

    tick = {"task": "crm.heartbeat", "schedule": EVERY, "options": {"expires": EVERY}}
    search = {"task": "records.tidy_search", "schedule": tidy.EVERY, "options": {"expires": tidy.EVERY}}
    app.conf.beat_schedule = {**beat_schedule(), "heartbeat": tick, "tidy_search": search}
