"""A run while it is being made: its folder, its log, and what becomes of each part.

Whatever stops a part, what was measured until then stays in the log, with the reason.
"""

import secrets
import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from harness.cli.out_folder import fresh_folder
from harness.errors import HarnessError, UsageError
from harness.run_log import RunLog, header
from harness.swarm.plan import run_mark
from harness.target import Profile
from harness.target.redaction import shown_url
from schemas.records import OwnFault, PartEnded, Target

FAULT = "a fault of this program; its traceback is in the run log"
INTERRUPTED = "interrupted"

_MARKS = 36**6
_PAGES = ("http://", "https://")


def new_mark() -> str:
    """Six random characters for a run: in its name, its tokens and its minted accounts."""
    return run_mark(secrets.randbelow(_MARKS))


class Recording:
    """The run ``mark`` and its folder; see :func:`fresh_folder` for ``out`` and ``force``."""

    def __init__(self, mark: str, out: Path | None, *, force: bool) -> None:
        self.mark = mark
        self.started = datetime.now(UTC)
        self.folder = fresh_folder(out, self.mark, self.started, force=force)

    @property
    def run_id(self) -> str:
        """The run's name: its time and mark."""
        return f"{self.started:%Y%m%dT%H%M%SZ}-{self.mark}"

    def open(self, profile: Profile, parts: Sequence[str], seed: int) -> RunLog:
        """The run's log, its header written."""
        target = Target(
            url=profile.shown_url, profile_name=profile.shown_name, profile=profile.redacted()
        )
        return RunLog(
            self.folder,
            header(
                run_id=self.run_id,
                command=shown_command(sys.argv[1:], profile),
                seed=seed,
                parts=list(parts),
                target=target,
            ),
        )

    def discard(self) -> None:
        """Empty the folder again: wrong usage leaves no run behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


def shown_command(arguments: Sequence[str], profile: Profile) -> list[str]:
    """The command line for the log; URLs in it as they may be shown."""
    return ["chatsocket", *(_shown(text, profile) for text in arguments)]


def _shown(text: str, profile: Profile) -> str:
    if text == profile.url:
        return profile.shown_url
    option, equals, url = text.partition("=") if text.startswith("--observe=") else ("", "", text)
    return f"{option}{equals}{shown_url(url)}" if url.startswith(_PAGES) else text


def perform(log: RunLog, name: str, work: Callable[[RunLog], None]) -> str:
    """Do the part ``name`` and log its end; why it ended early, or "".

    UsageError passes through while the log holds nothing but its header.
    """
    began, nothing_yet = log.elapsed_s, log.records == 1
    reason = _reason(log, name, work, nothing_yet=nothing_yet)
    log.append(
        PartEnded(
            name=name,
            duration_s=round(log.elapsed_s - began, 3),
            complete=not reason,
            reason=reason,
        )
    )
    log.partial = log.partial or bool(reason)
    return reason


def _reason(log: RunLog, name: str, work: Callable[[RunLog], None], *, nothing_yet: bool) -> str:
    try:
        work(log)
    except KeyboardInterrupt:
        return INTERRUPTED
    except HarnessError as error:
        if nothing_yet and isinstance(error, UsageError):
            raise
        return str(error)
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        log.append(OwnFault(where=name, message=type(error).__name__, traceback=text))
        return FAULT
    return ""
