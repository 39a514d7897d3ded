"""Settings. Everything that differs between installations comes from the environment (see .env.example)."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from crm.environment import Environment, split_number

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env", BASE_DIR / ".local" / "data" / "run.env")  # the second is the launcher's

# --- Where we are

SECRET_KEY = env.text("SECRET_KEY", at_least=32)
DEBUG = env.flag("DEBUG", False)
PUBLIC_URL = env.url("PUBLIC_URL", "http://127.0.0.1:8000", schemes={"http", "https"}).rstrip("/")
PRODUCT_NAME = env.text("PRODUCT_NAME", "Tidewell")
PROXIES = env.number("PROXIES", 0)  # how many reverse proxies of ours stand in front
DEMO = env.flag("DEMO", False)  # set by the launcher only: the demo people may sign in, from this machine

# Health checks come from the machine itself; links in mails are made from PUBLIC_URL, never from a Host header.
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname, "127.0.0.1", *env.words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- Apps

# In the order in which imports may run (a room may import what stands before it).
ROOMS = [
    "crm",
    "accounts",
    "records",
    "messaging",
    "customers",
    "service",
    "marketing",
    "sales",
    "leads",
    "automation",
    "reports",
]

INSTALLED_APPS = [
    *[room for room in ROOMS if (BASE_DIR / room / "apps.py").exists()],
    "crm.admin_site.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "ninja",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.htmx.SignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.toasts.ToastMiddleware",
    "crm.forms.refusals.RefusedMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.shell.shell",
            ],
        },
    },
]
FORM_RENDERER = "crm.forms.renderer.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database, cache, sessions

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 600,  # a new connection costs 40 ms
        "CONN_HEALTH_CHECKS": True,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("REDIS_URL", schemes={"redis", "rediss"})
# Clearing a cache empties its whole Redis database, so it must not be the one with the job queue.
_server, _queue = split_number(REDIS_URL)
CACHE_URL = env.url("CACHE_URL", f"{_server}/{_queue + 1}", schemes={"redis", "rediss"})
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL},
    # Markup that follows from its key alone (the menu of these entries in this language), kept in each process.
    "markup": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "crm.demo_gate.DemoGate",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = PROXIES or None
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_USERNAME_CALLABLE = "accounts.lockout.counted_name"
PASSWORD_RESET_TIMEOUT = 3600

# --- Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ru", "Русский")]  # each by its own name
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["crm.locale_formats"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")

IMPORT_LARGEST_MB = env.number("IMPORT_LARGEST_MB", 100, least=1)  # of one file

# --- API

API_RATE = env.rate("API_RATE", "3000/m")  # per token

# --- Web forms: posts from one address, and to one form from all

FORM_RATE = env.rate("FORM_RATE", "10/m")
FORM_RATE_ALL = env.rate("FORM_RATE_ALL", "120/m")

# --- Files

VENDOR_DIR = Path(env.text("VENDOR_DIR", str(BASE_DIR / ".local" / "vendor")))  # Tabler, Chart.js, fonts
FONTS_DIR = Path(env.text("FONTS_DIR", str(BASE_DIR / ".local" / "fonts")))  # for documents
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "static_root")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *([("vendor", VENDOR_DIR)] if VENDOR_DIR.is_dir() else []),
]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- Safety

_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = False  # the proxy does that; health checks come by plain HTTP from inside
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "crm.htmx.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Mail

vars().update(env.mail("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "crm@localhost")
MAIL_LARGEST_MB = env.number("MAIL_LARGEST_MB", 25, least=1)  # of one incoming message
MAIL_AUTHSERV = env.text("MAIL_AUTHSERV", "")  # as whom our mail server writes Authentication-Results
MAIL_PRIVATE_HOSTS = env.flag("MAIL_PRIVATE_HOSTS", False)  # mailboxes may lie on a server in the own network

# --- Jobs

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,  # above the longest task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = env.text("BEAT_FILE", str(BASE_DIR / ".local" / "beat"))

# --- Logs, errors

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING_CONFIG = "crm.logs.configure"
LOGGING = {"level": LOG_LEVEL, "json": env.flag("LOG_JSON", not DEBUG)}
SENTRY_DSN = env.text("SENTRY_DSN", "")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if METRICS_TOKEN:
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

SILENCED_SYSTEM_CHECKS = ["axes.W003"]
