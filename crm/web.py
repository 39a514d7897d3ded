"""How gunicorn serves: read with `-c python:crm.web`."""

import os
import signal
import tempfile
from typing import Any

from crm.embedded.process import end_with_parent

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
keepalive = 15
timeout = 120
graceful_timeout = 20
preload_app = True  # half the memory, and a mistake in the settings stops the start instead of looping
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
errorlog = "-"
control_socket_disable = True  # its path is the user's home: two installations would share it


if os.environ.get("METRICS_TOKEN"):  # the processes add up their figures there
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="crm-metrics-"))


def on_starting(server: object) -> None:
    """Refuse to serve from a database in which search would go wrong."""
    import django

    django.setup()
    from django.db import connection

    from crm.database_fitness import UnsuitableDatabase, require_suitable_database

    try:
        require_suitable_database()
    except UnsuitableDatabase as error:
        raise SystemExit(str(error)) from None
    finally:
        connection.close()  # the workers are forked from here


def child_exit(server: object, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def post_fork(server: object, worker: object) -> None:
    end_with_parent(signal.SIGKILL)
