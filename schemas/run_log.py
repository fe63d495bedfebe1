"""Reads a run folder's log back into one value. Knows the records, not what made them."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import msgspec

from schemas.case_records import CaseRecord, SuitePlanned
from schemas.load_records import (
    Aborted,
    Anomaly,
    Generator,
    LoadBegan,
    LoadPlanned,
    LoadTotals,
    Metric,
    Observed,
    Second,
    SlowMessage,
    Violation,
)
from schemas.marks import Mark, read_marks
from schemas.records import (
    LOG_VERSION,
    Footer,
    Header,
    Note,
    OwnFault,
    PartEnded,
    Record,
    decode,
    encode,
)

RUN_LOG = "run.ndjson"
LOAD_LOG = "load.ndjson"
"""What a load's own process writes; its records move into the run's log when the load is over."""

LEFT_OVER = "the run was killed; what its load had told until then is read from load.ndjson"


class RunLogUnreadable(Exception):
    """There is no log at ``path``, or not one that this version can read; ``advice`` what to do."""

    def __init__(
        self, path: Path, why: str, advice: str = "give the folder that a run was written into"
    ) -> None:
        self.path = path
        self.why = why
        self.advice = advice
        super().__init__(f"{path}: {why}")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run. ``damaged`` holds the numbers of lines that could not be read, from 1.

    ``absent`` is how many lines the footer has counted and the log no longer has.

    ``marks`` lie beside the log, and can be added at any time.
    """

    header: Header
    cases: list[CaseRecord]
    plan: LoadPlanned | None
    seconds: list[Second]
    metrics: dict[str, Metric]
    totals: LoadTotals | None
    generators: list[Generator]
    anomalies: list[Anomaly]
    violations: list[Violation]
    errors: list[OwnFault]
    notes: list[Note]
    parts: list[PartEnded]
    footer: Footer | None
    damaged: list[int]
    suite: SuitePlanned | None = None
    began: LoadBegan | None = None
    observed: list[Observed] = []
    marks: list[Mark] = []
    aborted: Aborted | None = None
    slowest: list[SlowMessage] = []
    absent: int = 0

    @property
    def partial(self) -> bool:
        """Whether anything is missing: the footer, a whole part, or the end of one."""
        ended = {part.name for part in self.parts if part.complete}
        return (
            self.footer is None
            or self.footer.partial
            or bool(self.damaged or self.absent)
            or not ended.issuperset(self.header.parts)
        )


def read_run(folder: Path) -> Run:
    """The run whose log lies in ``folder``; :class:`RunLogUnreadable` when there is none."""
    path = folder / RUN_LOG
    try:
        with path.open("rb") as lines:
            run = assemble(chain(lines, _left_over(folder)), path)
    except OSError as error:
        raise RunLogUnreadable(path, f"cannot be read ({error.strerror})") from None
    return msgspec.structs.replace(run, marks=read_marks(folder))


def _left_over(folder: Path) -> Iterable[bytes]:
    """The lines of a load that nobody moved any more: whole ones, after a note that says so."""
    try:
        text = (folder / LOAD_LOG).read_bytes()
    except OSError:
        return ()
    whole = text[: text.rfind(b"\n") + 1].splitlines(keepends=True)
    return (encode(Note(text=LEFT_OVER)), *whole)


def assemble(lines: Iterable[bytes], path: Path) -> Run:
    """The run that ``lines`` describe; ``path`` names them in errors."""
    records: list[Record] = []
    damaged: list[int] = []
    absent = 0
    for number, line in enumerate(lines, 1):
        try:
            records.append(decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            damaged.append(number)
        else:
            if isinstance(records[-1], Footer):
                absent = max(absent, records[-1].records - (number - 1))
    if not records or not isinstance(records[0], Header):
        raise RunLogUnreadable(path, "does not begin with the header of a run log")
    header = records[0]
    if header.log_version.partition(".")[0] != LOG_VERSION.partition(".")[0]:
        raise RunLogUnreadable(
            path,
            f"is of version {header.log_version}; this program reads {LOG_VERSION}",
            "use the version of chatsocket that wrote it",
        )
    return msgspec.structs.replace(_sorted_out(header, records, damaged), absent=absent)


def _sorted_out(header: Header, records: list[Record], damaged: list[int]) -> Run:
    return Run(
        header=header,
        cases=[r for r in records if isinstance(r, CaseRecord)],
        plan=next((r for r in records if isinstance(r, LoadPlanned)), None),
        seconds=[r for r in records if isinstance(r, Second)],
        metrics={r.name: r for r in records if isinstance(r, Metric)},
        totals=next((r for r in records if isinstance(r, LoadTotals)), None),
        generators=[r for r in records if isinstance(r, Generator)],
        anomalies=[r for r in records if isinstance(r, Anomaly)],
        violations=[r for r in records if isinstance(r, Violation)],
        errors=[r for r in records if isinstance(r, OwnFault)],
        notes=[r for r in records if isinstance(r, Note)],
        parts=[r for r in records if isinstance(r, PartEnded)],
        footer=next((r for r in records if isinstance(r, Footer)), None),
        damaged=damaged,
        suite=next((r for r in records if isinstance(r, SuitePlanned)), None),
        began=next((r for r in records if isinstance(r, LoadBegan)), None),
        observed=[r for r in records if isinstance(r, Observed)],
        aborted=next((r for r in records if isinstance(r, Aborted)), None),
        slowest=[r for r in records if isinstance(r, SlowMessage)],
    )
