"""A run while it is being made: whatever stops a part, the log says so and keeps the rest."""

from pathlib import Path

import pytest

from harness.cli.recording import FAULT, INTERRUPTED, Recording, perform, shown_command
from harness.errors import TargetUnavailable, Unavailability, UsageError
from harness.run_log import RunLog
from harness.target import default_profile
from schemas.records import Note
from schemas.run_log import Run, read_run

PROFILE = default_profile("ws://h/x?key=hunter2")


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording("ab12cd", tmp_path / "run", force=False)


def opened(recording: Recording) -> RunLog:
    return recording.open(PROFILE, ["load"], seed=7)


def read(recording: Recording) -> Run:
    return read_run(recording.folder)


def test_a_part_that_ends_well_makes_a_whole_run(recording: Recording) -> None:
    with opened(recording) as log:
        assert perform(log, "load", lambda log: log.append(Note(text="measured"))) == ""
    run = read(recording)
    assert (run.partial, run.parts[0].complete, run.header.seed) == (False, True, 7)
    assert run.header.run_id.endswith("Z-ab12cd")


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (KeyboardInterrupt(), INTERRUPTED),
        (
            TargetUnavailable("ws://h/x", Unavailability.REFUSED),
            "ws://h/x refused the connection; is the server running, and is this its port?",
        ),
        (ZeroDivisionError("boom"), FAULT),
    ],
)
def test_what_was_measured_before_a_part_stopped_is_kept(
    recording: Recording, raised: BaseException, reason: str
) -> None:
    def work(log: RunLog) -> None:
        log.append(Note(text="measured"))
        raise raised

    with opened(recording) as log:
        assert perform(log, "load", work) == reason
    run = read(recording)
    assert [note.text for note in run.notes] == ["measured"]
    assert (run.partial, run.parts[0].complete, run.parts[0].reason) == (True, False, reason)
    assert [error.message for error in run.errors] == (
        ["ZeroDivisionError"] if reason == FAULT else []
    )


def test_wrong_usage_passes_through_and_can_be_discarded(recording: Recording) -> None:
    def work(log: RunLog) -> None:
        raise UsageError("no such thing")

    with pytest.raises(UsageError), opened(recording) as log:
        perform(log, "load", work)
    recording.discard()
    assert not recording.folder.exists()


def test_the_log_holds_no_secret_of_the_target(recording: Recording) -> None:
    with opened(recording):
        pass
    assert "hunter2" not in (recording.folder / "run.ndjson").read_text()


def test_the_command_is_logged_without_the_targets_secrets() -> None:
    arguments = ["load", "ws://h/x?key=hunter2", "--rate", "5"]
    assert shown_command(arguments, PROFILE) == [
        "chatsocket",
        "load",
        "ws://h/x?key=***",
        "--rate",
        "5",
    ]


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--observe", "http://me:hidden@h/m?k=hidden"], ["--observe", "http://h/m?k=***"]),
        (["--observe=https://h/m?k=hidden"], ["--observe=https://h/m?k=***"]),
        (["--rate", "20"], ["--rate", "20"]),
    ],
)
def test_addresses_in_the_command_hide_their_secrets(
    arguments: list[str], shown: list[str]
) -> None:
    assert shown_command(arguments, PROFILE) == ["chatsocket", *shown]
