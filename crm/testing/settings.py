"""Settings of the test run: the real ones, made quick and strict."""

import os

from crm.settings import *  # noqa: F403
from crm.settings import CACHES, STORAGES, TEMPLATES
from crm.testing.undefined import Undefined

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A test that clears the cache empties its whole database: each worker has one of its own.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES["default"]["LOCATION"] = f"{str(CACHES['default']['LOCATION']).rpartition('/')[0]}/{2 + _worker}"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
AXES_ENABLED = False
LOGGING = {"level": "WARNING", "json": False}
