import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from crm.demo_gate import DemoGate


def asking(**facts):
    return RequestFactory().post("/login/", **{"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1", **facts})


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]


def test_the_demo_password_passes_on_the_machine_itself(demo):
    for host in ("127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"):
        DemoGate().authenticate(asking(HTTP_HOST=host), username="alice", password="demo")


@pytest.mark.parametrize(
    "facts",
    [
        {"HTTP_X_FORWARDED_FOR": "10.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "crm.example.com"},
        {"REMOTE_ADDR": "10.0.0.7"},
    ],
)
def test_the_demo_password_is_refused_from_elsewhere(demo, facts):
    with pytest.raises(PermissionDenied):
        DemoGate().authenticate(asking(**facts), username="alice", password="demo")


def test_the_demo_password_is_refused_where_no_demo_runs():
    with pytest.raises(PermissionDenied):
        DemoGate().authenticate(asking(), username="alice", password="demo")


def test_any_other_password_is_none_of_its_business():
    assert DemoGate().authenticate(asking(), username="alice", password="long and private") is None
