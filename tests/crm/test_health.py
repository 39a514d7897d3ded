import pytest


def test_alive_answers_anybody_without_a_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_names_what_it_asked(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "broker": True}
