"""Settings of the benchmark: the real ones, with the floors' addresses, and plans that CPU time can be read from."""

from crm.settings import *  # noqa: F403
from crm.settings import DATABASES

ROOT_URLCONF = "crm.management.bench.urls"
# A parallel worker's CPU would be counted nowhere: one process does the whole statement, for ours and for the floor.
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c max_parallel_workers_per_gather=0",
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
