"""The production files, read: no daemon is needed, and none of it can silently lag behind the code."""

import re
import shutil
import subprocess

import pytest
import yaml

from tests.guards.source import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("migrate", "web", "worker", "beat")


def test_the_image_runs_as_an_ordinary_user_and_says_how_it_is():
    final = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"(?m)^USER (?!root)\w+", final)
    assert "HEALTHCHECK" in final and "--require-hashes" in DOCKERFILE


def test_every_service_has_a_health_check():
    for name, service in COMPOSE["services"].items():
        checked_by_image = name == "web"  # the image's own
        assert "healthcheck" in service or checked_by_image, name


def test_the_database_has_the_locale_that_search_needs():
    assert (
        "--locale-provider=builtin --locale=C.UTF-8" in COMPOSE["services"]["db"]["environment"]["POSTGRES_INITDB_ARGS"]
    )
    assert "noeviction" in COMPOSE["services"]["broker"]["command"]


def test_nothing_serves_before_the_one_migration_is_through():
    for name in ("web", "worker", "beat"):
        assert COMPOSE["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert COMPOSE["services"]["migrate"]["restart"] == "no"


def test_every_setting_of_the_containers_is_one_that_the_code_reads():
    code = "".join((ROOT / "crm" / name).read_text() for name in ("settings.py", "web.py"))
    for name in OURS:
        for setting in COMPOSE["services"][name]["environment"]:
            assert f'"{setting}"' in code, setting


def test_every_setting_stands_in_the_example():
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "crm" / "settings.py").read_text()))
    shown = set(re.findall(r"(?m)^#?([A-Z_]+)=", (ROOT / ".env.example").read_text()))
    assert asked - shown <= {"DEMO", "BEAT_FILE"}, asked - shown  # the launcher's own


def test_compose_itself_accepts_the_file():
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed: package docker-compose-plugin")
    settings = {"SECRET_KEY": "x" * 32, "POSTGRES_PASSWORD": "x", "PUBLIC_URL": "https://crm.example.com"}
    done = subprocess.run(
        ["docker", "compose", "config", "-q"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/usr/local/bin", **settings},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
