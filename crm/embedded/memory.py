"""What one start tells the next: secrets, ports, what was done once, and which processes were started."""

import json
import os
import secrets
import socket
from pathlib import Path
from typing import Any

from crm.embedded.process import free_port


class Memory:
    """A private JSON file, written through a rename so that a kill never leaves half of it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._facts: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def get(self, name: str, default: Any = None) -> Any:
        return self._facts.get(name, default)

    def put(self, name: str, value: Any) -> None:
        self._facts[name] = value
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_private(self._file, json.dumps(self._facts, indent=1))

    def secret(self, name: str) -> str:
        if name not in self._facts:
            self.put(name, secrets.token_urlsafe(48))
        return self._facts[name]

    def port(self, name: str) -> int:
        """The port of last time, so that open terminals keep working; another one when it is taken."""
        if name not in self._facts or not is_free(self._facts[name]):
            self.put(name, free_port())
        return self._facts[name]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def write_private(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    fresh.replace(file)
