"""Makes one run: its parts one after another into one log, then verdict, reports and exit code."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from harness.cli.judgement import decide
from harness.cli.recording import INTERRUPTED, Recording, perform
from harness.cli.result_json import print_json
from harness.errors import UsageError
from harness.run_log import RunLog
from harness.target import Profile
from reports.progress import Progress
from schemas.verdicts import ExitCode, Level

KEPT = "interrupted; what was measured until then is kept."

Part = Callable[[RunLog], None]


def make_run(  # noqa: PLR0913 - what a command may say of how a run ends
    recording: Recording,
    profile: Profile,
    parts: Mapping[str, Part],
    progress: Progress,
    *,
    seed: int,
    level: Level,
    as_json: bool = False,
    thresholds: Path | None = None,
) -> ExitCode:
    """Do ``parts`` against the target of ``profile`` until one ends early; the run's exit code.

    UsageError from the first part leaves no run behind. ``as_json`` prints the summary as JSON and
    nothing else on stdout. ``thresholds`` is a file of them.
    """
    reason = ""
    try:
        with recording.open(profile, list(parts), seed) as log, progress:
            for name, part in parts.items():
                reason = perform(log, name, part)
                if reason:
                    break
    except UsageError:
        recording.discard()
        raise
    if reason:
        sentence = KEPT if reason == INTERRUPTED else reason
        print(f"chatsocket: {sentence}", file=sys.stderr)
    # One part alone measures; all of them in a row are a gate (`chatsocket run`).
    gated = len(parts) > 1
    console, explained = Console(quiet=as_json), bool(reason)
    code = decide(
        recording.folder,
        console,
        level=level,
        thresholds=thresholds,
        gated=gated,
        explained=explained,
    )
    if as_json:
        print_json(recording.folder)
    return code
