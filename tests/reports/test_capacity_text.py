"""A capacity search on the terminal and as markdown."""

import io

import msgspec
from rich.console import Console

from reports.capacity_text import headline, print_capacity, render_markdown, trial_line
from schemas.capacity import Capacity, Ending, Of
from tests.reports.made_capacity import FOUND, HOSTILE


def printed(found: Capacity) -> str:
    console = Console(file=io.StringIO(), width=120)
    print_capacity(found, console)
    return console.file.getvalue()


def test_the_terminal_shows_the_interval_and_each_level() -> None:
    text = printed(FOUND)
    assert text.startswith("✓ Between 100/s and 104/s\n  found: 100/s held and 104/s did not\n")
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "✓ 100/s 3 held 21.0 ms … 23.0 ms" in rows
    assert "✕ 104/s 2 failed 812 ms … not reached within 900 ms" in rows
    assert "seed 7" in text


def test_the_headline_says_how_much_is_known() -> None:
    def changed(**changes: object) -> str:
        return headline(msgspec.structs.replace(FOUND, **changes))

    assert changed(failed=None) == "At least 100/s"
    assert changed(held=None, ending=Ending.START_FAILED) == "Bears less than the start"
    assert changed(held=None, ending=Ending.UNDECIDED) == "Nothing was decided"
    assert changed(recovers=False, held=40, failed=47.6) == (
        "Does not recover: 100/s before it was overloaded, 40/s after it"
    )
    assert changed(recovers=False, held=None, ending=Ending.START_FAILED) == (
        "Does not recover: 100/s before it was overloaded, nothing after it"
    )
    assert changed(of=Of.PARTICIPANTS) == "Between 100 participants and 104 participants"


def test_a_trial_is_one_line_with_its_seed() -> None:
    line = trial_line(FOUND.trials[4], Of.RATE).replace("\u202f", " ")
    assert line == (
        "trial 5: 104/s for 11 s, seed 11: failed [p99(ack) < 200ms: not reached within 900 ms]"
    )


def test_markdown_has_a_row_for_each_level() -> None:
    text = render_markdown(FOUND)
    assert text.startswith("## ✓ Between 100/s and 104/s\n")
    assert text.count("\n| ✓ 100/s") + text.count("\n| ✕ 104/s") == 2


def test_hostile_texts_stay_text() -> None:
    hostile = msgspec.structs.replace(FOUND, target=HOSTILE, reasons=[f"found: {HOSTILE}\x1b[31m"])
    assert HOSTILE not in render_markdown(hostile)
    assert "\x1b" not in printed(hostile)


def test_a_search_without_a_measured_trial_is_told_too() -> None:
    empty = msgspec.structs.replace(
        FOUND, trials=[], held=None, failed=None, ending=Ending.UNDECIDED
    )
    assert "Nothing was decided" in printed(empty)
