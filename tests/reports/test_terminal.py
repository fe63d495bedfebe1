import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from reports.material import Material, read_material
from reports.terminal import print_summary


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is printed depends on whether the folder has a report: here it has none."""
    monkeypatch.chdir(tmp_path)


def _printed(
    material: Material, folder: Path = Path("runs/demo"), *, terminal: bool = False
) -> str:
    target = StringIO()
    console = Console(
        file=target,
        width=100,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
    )
    print_summary(material.summary, folder, console)
    return target.getvalue()


def test_summary(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("terminal.txt", _printed(material))


def test_without_a_terminal_there_is_no_escape_sequence(material: Material) -> None:
    assert "\x1b" not in _printed(material)


def test_on_a_terminal_only_our_own_colours_are_sent(material: Material) -> None:
    text = _printed(material, terminal=True)
    sequences = re.findall(r"\x1b(\[[0-9;]*m)?", text)
    assert sequences
    assert all(sequences), "an escape that is no colour"
    assert "\x00" not in text
    assert "\x07" not in text
    assert "\\x1b[31mred" in text


def test_markup_of_a_target_is_not_obeyed(material: Material) -> None:
    assert "[bold]b[/bold]" in _printed(material)


def test_lines_are_not_folded(material: Material) -> None:
    (line,) = (line for line in _printed(material).splitlines() if "failed envelope.result" in line)
    assert len(line) > 150


def test_it_says_where_the_report_lies(material: Material, sample: Path) -> None:
    assert _printed(material, sample).rstrip().endswith(f"report  {sample}")
    (sample / "report.html").touch()
    assert _printed(material, sample).rstrip().endswith(str(sample / "report.html"))


def test_an_empty_run_prints_its_verdict(make_run) -> None:
    text = _printed(read_material(make_run()))
    assert "No verdict" in text
    assert "conformance" not in text
    assert "load" not in text


def test_messages_of_others_are_counted(material: Material) -> None:
    assert "of others" not in _printed(material)
    conformance = material.summary.conformance
    assert conformance is not None
    crowded = replace(material.summary, conformance=replace(conformance, foreign=1_200))
    target = StringIO()
    print_summary(crowded, Path("runs/demo"), Console(file=target, width=100))
    assert (
        "1\N{NARROW NO-BREAK SPACE}200 messages of others, or of earlier cases" in target.getvalue()
    )
