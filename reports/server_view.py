"""The server under test as reports show it: its figures in words, its course, and the marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports import figures
from reports.plain_text import one_line
from reports.series import Bin
from schemas.load_records import Observed
from schemas.run_log import Run
from schemas.server_side import CPU, FDS, MEMORY, ServerSide, sum_at, tracks

MIB = 1 << 20

_MARK_CHARS = 300
_SOURCES = 10


@dataclass(frozen=True, slots=True)
class ServerBin:
    """One bin of the load's series: mean CPU in cores, then memory and descriptors at its end."""

    cores: float | None
    memory_bytes: float | None
    fds: float | None


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark made harmless. ``at_s`` counts from the load's beginning, None where none is known."""

    at: str
    text: str
    at_s: float | None

    @property
    def line(self) -> str:
        """The mark in one line."""
        second = "" if self.at_s is None else f" (second {self.at_s:.1f} of the load)"
        return f"{self.at}{second}  {self.text}"


def server_pairs(server: ServerSide) -> list[tuple[str, str]]:
    """What is known of the server, as pairs of a name and its value."""
    pairs = [
        ("messages per CPU second", figures.per_second(server.messages_per_cpu_second)),
        ("CPU seconds in the measured window", figures.per_second(server.cpu_seconds)),
        ("CPU share of one core", figures.share(server.cpu_share)),
        ("memory at most", megabytes(server.memory_max_bytes)),
        ("descriptors at most", figures.count(server.fds_max)),
    ]
    return [(name, value) for name, value in pairs if value != figures.NONE]


def server_line(server: ServerSide) -> str:
    """The same in one line; "" when the sources told nothing of it."""
    return ", ".join(f"{name} {value}" for name, value in server_pairs(server))


def server_sources(server: ServerSide) -> list[str]:
    """Where that comes from, each made harmless."""
    return [one_line(source, 200) for source in server.sources[:_SOURCES]]


def server_bins(observed: Sequence[Observed], series: Sequence[Bin]) -> list[ServerBin]:
    """The server in each bin of a load's ``series``."""
    cpu, memory, fds = (tracks(observed, name) for name in (CPU, MEMORY, FDS))
    found = []
    for bin_ in series:
        end_s = bin_.start_s + bin_.width_s
        before, after = sum_at(cpu, bin_.start_s), sum_at(cpu, end_s)
        known = before is not None and after is not None and after >= before
        cores = (after or 0.0) - (before or 0.0)
        found.append(
            ServerBin(
                cores=cores / bin_.width_s if known else None,
                memory_bytes=sum_at(memory, end_s),
                fds=sum_at(fds, end_s),
            )
        )
    return found


def mark_views(run: Run) -> list[MarkView]:
    """The marks of ``run`` in order of time."""
    zero = _moment(run.began.at) if run.began else None
    found = []
    for mark in run.marks:
        at = _moment(mark.at)
        at_s = (at - zero).total_seconds() if at and zero else None
        found.append(MarkView(one_line(mark.at, 40), one_line(mark.text, _MARK_CHARS), at_s))
    return found


def megabytes(size: float | None) -> str:
    """A size in MiB."""
    return figures.NONE if size is None else f"{figures.per_second(size / MIB)}{figures.THIN}MiB"


def _moment(text: str) -> datetime | None:
    """None for what is no time of day with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
