"""Unexpected errors go to Sentry when a DSN is set; without names, addresses or request bodies."""

from django.conf import settings


def report_errors() -> None:
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
    )
