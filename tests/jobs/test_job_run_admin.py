"""The runs of the clock in the admin: read by administrators, changed by nobody."""

import pytest
from django.urls import reverse
from django.utils import timezone

from records.models import JobRun


@pytest.mark.django_db
def test_runs_are_read_and_never_changed(ada, olga, signed_in):
    run = JobRun.start("customers.recycle", now=timezone.now(), by_beat=True)
    run.finish(state="done", moved=3, batch=None, lines=["Cold: 3 customers"])
    urls = [reverse("admin:records_jobrun_changelist"), reverse("admin:records_jobrun_change", args=[run.pk])]
    client = signed_in(ada)
    assert "customers.recycle" in client.get(urls[0]).text
    assert "Cold: 3 customers" in client.get(urls[1]).text
    assert client.post(urls[1], {"name": "x"}).status_code == 403
    assert client.get(reverse("admin:records_jobrun_add")).status_code == 403
    assert signed_in(olga).get(urls[0]).status_code == 302
