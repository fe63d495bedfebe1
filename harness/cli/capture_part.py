"""The capture part of a run: files in, a record for each clause into the log."""

import sys
from collections.abc import Sequence
from pathlib import Path

from harness.captures import Inspection, open_source
from harness.captures.source import STDIN
from harness.captures.steps import CaptureDamaged, NoCapture
from harness.cli.embedded import REFERENCE, shipped_profile
from harness.cli.recording import Recording, shown_command
from harness.errors import HarnessError, UsageError, one_line
from harness.run_log import RunLog, header
from harness.target import Profile, default_profile, read_profile
from schemas.records import Note, Target

NAME = "capture"

_NOWHERE = "ws://capture.invalid/"


class CapturePart:
    """Judges ``captures`` one after another. ``notes`` is what a reader should know beside it."""

    def __init__(self, captures: Sequence[str], inspection: Inspection) -> None:
        self._captures = captures
        self._inspection = inspection
        self.notes: list[str] = []

    def look(self) -> None:
        """UsageError, before anything is judged, when a capture cannot be opened."""
        if self._captures.count(STDIN) > 1:
            raise UsageError("the standard input can be read once", "write - once")
        for path in self._captures:
            if path != STDIN and not Path(path).is_fifo():
                with open_source(path):
                    pass

    def run(self, log: RunLog) -> None:
        """Write a record for each clause into ``log``, whatever stops the reading.

        UsageError when there is nothing to judge; HarnessError with the reason when a capture
        breaks off: what came before is in the log.
        """
        stopped = ""
        try:
            stopped = self._read_all()
        finally:
            if self._inspection.messages:
                self._write(log)
        if not self._inspection.messages:
            raise UsageError(
                stopped or "the captures hold no message of this chat", _advice(stopped)
            )
        if stopped:
            raise HarnessError(stopped, "what came before it was judged")

    def _read_all(self) -> str:
        """Judge every capture; why one could not be read to its end, or ""."""
        reasons = []
        for path in self._captures:
            prefix = f"{one_line(Path(path).name)}, " if len(self._captures) > 1 else ""
            try:
                with open_source(path) as steps:
                    self._inspection.read(steps, prefix)
            except (CaptureDamaged, NoCapture) as error:
                reasons.append(error.problem)
        return "; ".join(reasons)

    def _write(self, log: RunLog) -> None:
        for case in self._inspection.cases():
            log.append(case)
        self.notes += self._inspection.notes()
        for text in self.notes:
            log.append(Note(text=text))


def _advice(stopped: str) -> str:
    if stopped:
        return "give a browser's HAR file, a run folder, or JSON lines of frames"
    return "in a browser, open the developer tools before the chat connects, then save the HAR"


def profile_for(file: str | None) -> Profile:
    """The profile that a capture is held to: ``file``, or a server of which nothing is known."""
    if file is None:
        return default_profile(_NOWHERE)
    return read_profile(shipped_profile() if file == REFERENCE else Path(file))


def open_log(recording: Recording, captures: Sequence[str], profile: Profile) -> RunLog:
    """The log of an inspection: its target is what was captured. Thresholds are for loads."""
    names = ", ".join(_name(path) for path in captures)
    nothing_of = {"thresholds"} if profile.origin_file else {"thresholds", "url"}
    known = {key: value for key, value in profile.redacted().items() if key not in nothing_of}
    target = Target(url=f"capture {names}", profile_name=profile.shown_name, profile=known)
    return RunLog(
        recording.folder,
        header(
            run_id=recording.run_id,
            command=shown_command(sys.argv[1:], profile),
            seed=0,
            parts=[NAME],
            target=target,
        ),
    )


def _name(path: str) -> str:
    return "standard input" if path == STDIN else one_line(Path(path).name or path)
