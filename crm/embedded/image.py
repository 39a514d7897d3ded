"""What the container image needs besides its packages: front-end files, translations, collected static files.

python -m crm.embedded.image
"""

import os
import subprocess
from pathlib import Path

from crm.embedded import assets, translations
from crm.embedded.place import Place
from crm.embedded.workbench import INERT


def build(root: Path) -> None:
    place = Place(root)
    assets.fetch(place, say=print)
    translations.compile_all(place, python=lambda *words: _python(place, *words))
    _python(place, "manage.py", "collectstatic", "--noinput", "-v", "0")


def _python(place: Place, *words: str) -> None:
    subprocess.run([place.python, *words], cwd=place.root, env={**os.environ, **INERT}, check=True)


if __name__ == "__main__":
    build(Path(__file__).resolve().parents[2])
