"""Several files written as one: all of them are complete before the first takes its place."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from harness.errors import OutputUnusable


def write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write ``texts`` by relative path into ``folder``, which is made; other files there stay.

    OutputUnusable, with nothing changed, when one of them cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as name:
            for path, text in texts.items():
                _made(Path(name) / path).write_text(text, encoding="utf-8")
            for path in texts:
                (Path(name) / path).replace(_made(folder / path))
    except FileExistsError:
        raise OutputUnusable(folder, "it is a file, not a folder") from None
    except OSError as error:
        raise OutputUnusable(folder, error.strerror or str(error)) from None


def json_text(value: object) -> str:
    """``value`` as an indented JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
