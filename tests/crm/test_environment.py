import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.environment import Environment, split_number


@pytest.fixture
def env(monkeypatch):
    def reading(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return Environment()

    return reading


def test_a_missing_setting_is_named(env):
    with pytest.raises(ImproperlyConfigured, match="NOT_THERE is not set"):
        env().text("NOT_THERE")


@pytest.mark.parametrize(
    ("value", "read", "complaint"),
    [
        ("maybe", lambda env: env.flag("X", False), "neither true nor false"),
        ("many", lambda env: env.number("X", 1), "type int"),
        ("-1", lambda env: env.number("X", 1), "less than 0"),
        ("short", lambda env: env.text("X", at_least=32), "at least 32"),
        ("mysql://localhost/x", lambda env: env.database("X"), "postgres://"),
        ("localhost", lambda env: env.url("X", schemes={"http"}), "begins with http://"),
        ("often", lambda env: env.rate("X", "1/s"), "no rate"),
        ("pigeon://x", lambda env: env.mail("X", "consolemail://"), "smtp"),
    ],
)
def test_a_nonsensical_setting_is_explained(env, value, read, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint):
        read(env(X=value))


def test_the_number_of_a_redis_database_is_read_from_its_address():
    assert split_number("redis://:p@h:1/3") == ("redis://:p@h:1", 3)
    assert split_number("redis://h:1") == ("redis://h:1", 0)
