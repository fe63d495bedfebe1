"""Writes a run's log: the header first, then records as they come, the footer last.

Each record reaches the operating system at once, so that whatever stops the run, what was measured
until then can be read.
"""

import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from harness.errors import OutputUnusable
from schemas.records import LOG_VERSION, Footer, Header, Record, Target, encode
from schemas.run_log import RUN_LOG

_LIBRARIES = ("locust", "picows", "uvloop", "websocket-client", "jsonschema", "jsonschema-rs")


class RunLog:
    """The open log of one run folder. Use as a context manager; leaving it writes the footer.

    ``partial`` may be set to true by whoever cuts the run short; an exception that leaves the
    context does it too.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self.folder = folder
        self.partial = False
        self._started = time.monotonic()
        self._records = 0
        try:
            self._file = (folder / RUN_LOG).open("wb", buffering=0)
        except OSError as error:
            raise OutputUnusable(folder, error.strerror or str(error)) from None
        self.append(header)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the log was opened."""
        return time.monotonic() - self._started

    @property
    def records(self) -> int:
        """How many records have been written, the header included."""
        return self._records

    def append(self, record: Record) -> None:
        """Write one record."""
        self._file.write(encode(record))
        self._records += 1

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.partial = self.partial or kind is not None
        self.append(
            Footer(
                ended=now_text(),
                duration_s=round(self.elapsed_s, 3),
                partial=self.partial,
                records=self._records,
            )
        )
        self._file.close()


def header(
    *, run_id: str, command: list[str], seed: int, parts: list[str], target: Target
) -> Header:
    """The header of a run that starts now on this machine. ``command`` must hold no secret."""
    return Header(
        log_version=LOG_VERSION,
        run_id=run_id,
        started=now_text(),
        command=command,
        seed=seed,
        parts=parts,
        target=target,
        versions=versions(),
        machine=machine(),
    )


def versions() -> dict[str, str]:
    """This program's version, Python's, and those of the libraries that measure."""
    ours = {"chatsocket-harness": version("chatsocket-harness"), "python": sys.version.split()[0]}
    return ours | {name: version(name) for name in _LIBRARIES}


def machine() -> dict[str, Any]:
    """What a reader must know of the machine to weigh a number."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
    }


def now_text() -> str:
    """The time of day, RFC 3339 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
