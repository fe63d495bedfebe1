"""Writes a run folder's reports, each from the same material. Knows the formats, draws none."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from reports import html_page, json_file, junit, markdown
from reports.material import Material, read_material
from schemas.summary import SUMMARY_FILE


class Format(StrEnum):
    """The documents that can be drawn from a run; the value is what a user types."""

    JSON = "json"
    JUNIT = "junit"
    HTML = "html"
    MARKDOWN = "markdown"


class ReportUnwritable(Exception):
    """The report ``path`` could not be written; ``why`` is the system's reason."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} cannot be written ({why})")


_WRITERS: dict[Format, tuple[str, Callable[[Material], str]]] = {
    Format.JSON: (SUMMARY_FILE, json_file.render),
    Format.JUNIT: ("junit.xml", junit.render),
    Format.HTML: ("report.html", html_page.render),
    Format.MARKDOWN: ("summary.md", markdown.render),
}

FILE_NAMES = {format_: name for format_, (name, _) in _WRITERS.items()}
"""What each format's file is called."""


def write_all(folder: Path) -> list[Path]:
    """Write every report of the run in ``folder`` beside its log; the paths written.

    Raises :class:`schemas.run_log.RunLogUnreadable` without a run log that can be read and
    :class:`ReportUnwritable` when a file cannot be written.
    """
    return write(folder, Format, folder)


def write(folder: Path, formats: Iterable[Format], out: Path) -> list[Path]:
    """Write ``formats`` of the run in ``folder`` into the folder ``out``; errors as above."""
    material = read_material(folder)
    return [_write(material, format_, out) for format_ in formats]


def _write(material: Material, format_: Format, out: Path) -> Path:
    name, render = _WRITERS[format_]
    path = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(render(material), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or str(error)) from None
    return path
