"""Builds the SVG sprite of the icons that crm/icons.txt declares.

Standard library only: the launcher runs it before Django is there, and nothing downloaded is committed.

    python crm/icon_sprite.py node_modules/@tabler/icons/icons/outline .local/vendor/icons.svg
"""

import re
import sys
from functools import lru_cache
from pathlib import Path

DECLARED = Path(__file__).with_name("icons.txt")


def write_sprite(outlines: Path, target: Path) -> int:
    """Writes the sprite and answers how many icons it holds; an unknown name is a FileNotFoundError."""
    names = sorted(declared_icons())
    symbols = "\n".join(_symbol(name, (outlines / f"{name}.svg").read_text("utf-8")) for name in names)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', "utf-8")
    return len(names)


@lru_cache(maxsize=1)
def declared_icons() -> frozenset[str]:
    lines = DECLARED.read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _symbol(name: str, outline: str) -> str:
    shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", outline, flags=re.DOTALL)
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", shapes)
    shapes = re.sub(r"\s+", " ", shapes).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


if __name__ == "__main__":
    print(f"{write_sprite(Path(sys.argv[1]), Path(sys.argv[2]))} icons")
