"""Reading settings from the environment: a missing or nonsensical one stops the start with one sentence."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def split_number(redis_url: str) -> tuple[str, int]:
    """A Redis address without and with its database number: "redis://host/3" → ("redis://host", 3)."""
    parts = urlsplit(redis_url)
    number = parts.path.strip("/") or "0"
    if not number.isdigit():
        raise ImproperlyConfigured(f"REDIS_URL: '{number}' is not the number of a database.")
    return f"{parts.scheme}://{parts.netloc}", int(number)


class Environment:
    """Typed access to the environment, with checks. What it lacks is read from the files, in their order."""

    def __init__(self, *files: Path) -> None:
        self._env = environ.Env()
        if os.environ.get("NO_ENV_FILES"):  # tests, images
            return
        for file in files:
            if file.exists():
                self._env.read_env(str(file))

    def text(self, name: str, default: str | None = None, *, at_least: int = 0) -> str:
        value = self._read(name, default, str)
        if len(value) < at_least:
            raise ImproperlyConfigured(f"{name}: at least {at_least} characters are needed.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
            raise ImproperlyConfigured(f"{name}: '{value}' is neither true nor false.")
        return value in {"true", "1", "yes", "on"}

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        value = self._read(name, default, int)
        if value < least:
            raise ImproperlyConfigured(f"{name}: {value} is less than {least}.")
        return value

    def rate(self, name: str, default: str) -> str:
        """So many a second, minute or hour: 3000/m."""
        value = self.text(name, default)
        if not re.fullmatch(r"[1-9][0-9]{0,8}/[smh]", value):
            raise ImproperlyConfigured(f"{name}: '{value}' is no rate like 3000/m (s, m or h).")
        return value

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]

    def url(self, name: str, default: str | None = None, *, schemes: set[str]) -> str:
        value = self.text(name, default)
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            expected = ", ".join(sorted(f"{scheme}://" for scheme in schemes))
            raise ImproperlyConfigured(f"{name}: an address that begins with {expected} is needed.")
        return value

    def database(self, name: str) -> dict[str, Any]:
        self.url(name, schemes={"postgres", "postgresql"})
        return self._env.db_url(name)

    def mail(self, name: str, default: str) -> dict[str, Any]:
        try:
            return self._env.email_url(name, default)
        except Exception as error:
            raise ImproperlyConfigured(
                f"{name}: expected an address such as smtp+tls://user:password@host:587."
            ) from error

    def _read(self, name: str, default: Any, kind: type) -> Any:
        if default is None and not self._env.str(name, ""):
            raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
        try:
            return kind(self._env.str(name, str(default)))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: a value of type {kind.__name__} is needed.") from error
