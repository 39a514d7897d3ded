"""The files that the guards read."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = tuple(settings.ROOMS)
MADE = {".venv", ".local", ".git", "node_modules", "static_root", "media", "__pycache__"}
MADE |= {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}


def files(pattern: str, *folders: str) -> Iterator[tuple[str, str]]:
    """(path from the root, text) of each file of ours below the folders, or below the root."""
    for folder in folders or (".",):
        for file in sorted((ROOT / folder).rglob(pattern)):
            path = file.relative_to(ROOT)
            if file.is_file() and not MADE & set(path.parts):
                yield str(path), file.read_text(encoding="utf-8", errors="replace")


def code() -> Iterator[tuple[str, str]]:
    """Python of the product, without migrations."""
    for path, text in files("*.py", *ROOMS):
        if "migrations" not in Path(path).parts:
            yield path, text


def report(findings: list[str], remedy: str) -> str:
    return "\n".join(["", *findings, remedy])
