"""Writes a run folder's reports, each from the same material. Knows the formats, draws none."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from reports import (
    annotations,
    badge,
    chart_image,
    html_page,
    json_file,
    junit,
    markdown,
    series_csv,
)
from reports.material import Material, read_material
from schemas.summary import SUMMARY_FILE


class Format(StrEnum):
    """The documents that can be drawn from a run; the value is what a user types."""

    JSON = "json"
    JUNIT = "junit"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    PNG = "png"
    BADGE = "badge"
    ANNOTATIONS = "annotations"


EVERY_RUN = (Format.JSON, Format.JUNIT, Format.HTML, Format.MARKDOWN)
"""What every run writes; the others are asked for."""


class ReportUnwritable(Exception):
    """The report ``path`` could not be written; ``why`` is the system's reason."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} cannot be written ({why})")


_WRITERS: dict[Format, tuple[str, Callable[[Material], str | bytes]]] = {
    Format.JSON: (SUMMARY_FILE, json_file.render),
    Format.JUNIT: ("junit.xml", junit.render),
    Format.HTML: ("report.html", html_page.render),
    Format.MARKDOWN: ("summary.md", markdown.render),
    Format.CSV: ("series.csv", series_csv.render),
    Format.PNG: ("charts.png", chart_image.render),
    Format.BADGE: ("badge.svg", badge.render),
    Format.ANNOTATIONS: ("annotations.txt", annotations.render),
}

FILE_NAMES = {format_: name for format_, (name, _) in _WRITERS.items()}
"""What each format's file is called."""


def write_all(folder: Path) -> list[Path]:
    """Write the usual reports of the run in ``folder`` beside its log; the paths written.

    Raises :class:`schemas.run_log.RunLogUnreadable` without a run log that can be read and
    :class:`ReportUnwritable` when a file cannot be written.
    """
    return write(folder, EVERY_RUN, folder)


def write(folder: Path, formats: Iterable[Format], out: Path) -> list[Path]:
    """Write ``formats`` of the run in ``folder`` into the folder ``out``; errors as above."""
    return write_material(read_material(folder), formats, out)


def write_material(material: Material, formats: Iterable[Format], out: Path) -> list[Path]:
    """Write ``formats`` of ``material`` into the folder ``out``; :class:`ReportUnwritable`."""
    return [_write(material, format_, out) for format_ in formats]


def _write(material: Material, format_: Format, out: Path) -> Path:
    name, render = _WRITERS[format_]
    path = out / name
    document = render(material)
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document if isinstance(document, bytes) else document.encode())
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or str(error)) from None
    return path
