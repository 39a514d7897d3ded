"""Backup and restore by their commands, between two databases of the test server."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
ADD_TEAM = """
from accounts.models import Team, User
Team.objects.create(name="Kept 团队")
User.objects.create_user("ann", "x")
"""
TEAMS = "from accounts.models import Team; print(list(Team.objects.values_list('name', flat=True)))"


class System:
    """An installation: a database and a folder for files."""

    def __init__(self, name, folder):
        name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"  # two workers share a server
        self.media = folder / name
        self.url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')

    def manage(self, *words):
        settings = {"DATABASE_URL": self.url, "MEDIA_ROOT": str(self.media), "DJANGO_SETTINGS_MODULE": "crm.settings"}
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
        )

    def shell(self, code):
        done = self.manage("shell", "-v", "0", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def backup(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup")
    source = System("backup_source", folder)
    assert source.manage("migrate", "-v", "0").returncode == 0
    source.shell(ADD_TEAM)
    (source.media / "files").mkdir(parents=True)
    (source.media / "files" / "合同.pdf").write_bytes(b"%PDF")
    done = source.manage("backup", folder / "all.tar")
    assert done.returncode == 0, done.stderr
    return folder / "all.tar"


def test_a_backup_is_whole_in_an_empty_system(backup, tmp_path):
    target = System("backup_target", tmp_path)
    done = target.manage("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "Kept 团队" in target.shell(TEAMS)
    assert (target.media / "files" / "合同.pdf").read_bytes() == b"%PDF"
    again = target.manage("restore", backup)
    assert again.returncode == 1 and "has users already" in again.stderr


def test_a_migrated_system_without_users_counts_as_empty(backup, tmp_path):
    target = System("backup_migrated", tmp_path)
    assert target.manage("migrate", "-v", "0").returncode == 0
    assert target.manage("restore", backup).returncode == 0
    assert "Kept 团队" in target.shell(TEAMS)


def test_a_backup_of_a_newer_version_is_refused_untouched(backup, tmp_path):
    newer = tmp_path / "newer.tar"
    with tarfile.open(backup) as source, tarfile.open(newer, "w") as out:
        for member in source:
            if member.name == "manifest.json":
                text = source.extractfile(member).read().replace(b"accounts.0001", b"accounts.9999")
                file = tmp_path / "manifest.json"
                file.write_bytes(text)
                out.add(file, "manifest.json")
            elif member.isfile():
                out.addfile(member, source.extractfile(member))
    target = System("backup_newer", tmp_path)
    done = target.manage("restore", newer)
    assert done.returncode == 1 and "newer version" in done.stderr


def test_another_file_is_refused(tmp_path):
    target = System("backup_other", tmp_path)
    (tmp_path / "x.tar").write_text("no tar at all")
    done = target.manage("restore", tmp_path / "x.tar")
    assert done.returncode == 1 and "is not a backup" in done.stderr


def test_a_backup_is_for_its_owner_only(backup):
    assert backup.stat().st_mode & 0o077 == 0
