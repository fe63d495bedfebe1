from io import StringIO

from rich.console import Console

from reports.progress import LoadSnapshot, Progress


def _plain() -> tuple[StringIO, Console]:
    target = StringIO()
    return target, Console(file=target, width=80, force_terminal=False)


def test_plain_lines_come_now_and_then() -> None:
    target, console = _plain()
    with Progress(console) as progress:
        for done in range(48):
            progress.conformance(done, 47, 1 if done > 30 else 0)
    lines = target.getvalue().splitlines()
    assert lines[0] == "conformance: 0 of 47 cases"
    assert lines[-1] == "conformance: 47 of 47 cases, 1 failed"
    assert len(lines) == 9


def test_plain_load_lines_come_every_few_seconds_and_in_every_phase() -> None:
    target, console = _plain()
    with Progress(console) as progress:
        for second in range(21):
            phase = "draining" if second > 18 else "running"
            progress.load(LoadSnapshot(elapsed_s=second, duration_s=18, phase=phase))
    lines = target.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "load: running 0 of 18 s",
        "load: running 5 of 18 s",
        "load: running 10 of 18 s",
        "load: running 15 of 18 s",
        "load: draining 19 of 18 s",
    ]


def test_a_snapshot_says_in_one_line_what_was_sent_by_whom_and_what_came_of_all() -> None:
    target, console = _plain()
    with Progress(console) as progress:
        progress.load(
            LoadSnapshot(
                elapsed_s=3, duration_s=10, rate=199.5, sent=598, acked=1190, delivered=1180,
                errors=2, connections=60,
            )
        )  # fmt: skip
    assert target.getvalue().replace("\u202f", " ") == (
        "load: running 3 of 10 s, 199.5/s, 598 sent by customers, in all 1 190 acknowledged, "
        "1 180 delivered, 2 errors, 60 connections\n"
    )


def test_hostile_words_are_shown_and_not_obeyed(hostile: str) -> None:
    target, console = _plain()
    with Progress(console) as progress:
        progress.say(hostile)
    assert "[bold]b[/bold]" in target.getvalue()
    assert "\\x1b[31mred" in target.getvalue()
    assert "\x1b" not in target.getvalue()


def test_on_a_terminal_a_bar_moves_and_the_last_state_stays() -> None:
    target = StringIO()
    with Progress(Console(file=target, width=100, force_terminal=True)) as progress:
        progress.conformance(3, 4, 0)
        progress.load(LoadSnapshot(elapsed_s=20, duration_s=10, sent=7))
        progress.say("above")
    text = target.getvalue()
    assert "━" in text
    assert "above" in text
    assert "7 sent by customers" in text.rpartition("conformance")[2]
    assert text.endswith("\x1b[?25h"), "the cursor is hidden still"


def test_nothing_to_do_is_no_division_by_nothing() -> None:
    with Progress(Console(file=StringIO(), force_terminal=True)) as progress:
        progress.conformance(0, 0, 0)
        progress.load(LoadSnapshot())
