"""From where somebody asks, and how often."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from crm.rate import Rate
from crm.visitor import address_of, key_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # the first was written by the visitor
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "", ""),
        (1, "nonsense", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_address_is_the_one_that_our_outermost_proxy_saw(rf, settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == address


def test_an_address_is_told_by_a_key_that_hides_it(settings):
    key = key_of("203.0.113.7", salt="a")
    assert key == key_of("203.0.113.7", salt="a") and key != key_of("203.0.113.8", salt="a")
    assert key != key_of("203.0.113.7", salt="b") and key_of("", salt="a") == ""
    settings.SECRET_KEY = "another one of thirty-two characters"
    assert key != key_of("203.0.113.7", salt="a")


def test_a_rate_is_counted_for_each_apart_and_begins_anew(monkeypatch):
    cache.clear()
    moment = [1_000_000.0]
    monkeypatch.setattr("crm.rate.time", SimpleNamespace(time=lambda: moment[0]))
    rate = Rate("2/m")
    assert [rate.takes("a") for _ in range(3)] == [True, True, False] and rate.takes("b")
    assert 0 < rate.wait() <= 60
    moment[0] += 60
    assert rate.takes("a")
