"""Everything needed to understand and repeat a run, as the page shows it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reports.allowance import Allowance
from reports.material import Material
from reports.server_view import mark_views
from schemas.records import LOG_VERSION, OwnFault
from schemas.run_log import RUN_LOG, Run

_LISTED = 100
_FAULTS = 20
_LINES_NAMED = 20


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """Facts as pairs of words, longer texts apart."""

    facts: list[tuple[str, str]]
    command: str
    profile_name: str
    profile: str
    versions: list[tuple[str, str]]
    machine: list[tuple[str, str]]
    missing: list[str]
    notes: list[str]
    marks: list[str]
    faults: list[OwnFault]


def environment_view(material: Material, allowance: Allowance) -> EnvironmentView:
    """The view of a run's surroundings."""
    run = material.run
    header = run.header
    profile = msgspec.json.format(msgspec.json.encode(header.target.profile), indent=2)
    return EnvironmentView(
        facts=[
            ("target", allowance.text(header.target.url)),
            ("run", allowance.text(header.run_id, 120)),
            ("started", allowance.text(header.started, 40)),
            ("ended", allowance.text(run.footer.ended, 40) if run.footer else "unknown"),
            ("seed", str(header.seed)),
            ("log version", allowance.text(header.log_version, 20)),
            ("summary version", material.summary.schema_version),
        ],
        command=allowance.text(shlex.join(header.command), 4_000),
        profile_name=allowance.text(header.target.profile_name, 120),
        profile=allowance.text(profile.decode(), 40_000),
        versions=_pairs(header.versions, allowance),
        machine=_pairs(header.machine, allowance),
        missing=[allowance.text(sentence) for sentence in missing(run)],
        notes=[allowance.text(note.text, 500) for note in run.notes[:_LISTED]],
        marks=[allowance.text(mark.line, 500) for mark in mark_views(run)[:_LISTED]],
        faults=[_fault(fault, allowance) for fault in run.errors[:_FAULTS]],
    )


def missing(run: Run) -> list[str]:
    """One sentence for each thing that makes the run partial."""
    found = []
    if run.footer is None:
        found.append(f"{RUN_LOG} has no footer: the run ended before it was over.")
    elif run.footer.partial:
        found.append("The run was cut short.")
    if run.damaged:
        numbers = ", ".join(map(str, run.damaged[:_LINES_NAMED]))
        more = len(run.damaged) - _LINES_NAMED
        rest = f" and {more} more" if more > 0 else ""
        one = len(run.damaged) == 1
        lines, counts = ("line", "counts") if one else ("lines", "count")
        found.append(
            f"{len(run.damaged)} {lines} of {RUN_LOG} cannot be read and {counts} for nothing: "
            f"{numbers}{rest}."
        )
    if run.absent:
        lines = "line is" if run.absent == 1 else "lines are"
        found.append(f"{run.absent} {lines} gone from {RUN_LOG} that its footer has counted.")
    newer = _minor(run.header.log_version) > _minor(LOG_VERSION)
    if newer and run.damaged:
        found.append(
            f"It is of version {run.header.log_version}, of which this program knows {LOG_VERSION}."
        )
    ended = {part.name: part for part in run.parts}
    for name in run.header.parts:
        part = ended.get(name)
        if part is None:
            found.append(f"The {name} part was asked for and has no end in the log.")
        elif not part.complete:
            why = f": {part.reason.rstrip('.')}" if part.reason else ""
            found.append(f"The {name} part ended early{why}{'' if why.endswith('?') else '.'}")
    return found


def _minor(version: str) -> int:
    number = version.partition(".")[2]
    return int(number) if number.isdecimal() and len(number) < 6 else 0


def _pairs(values: Mapping[str, Any], allowance: Allowance) -> list[tuple[str, str]]:
    pairs = list(values.items())[:_LISTED]
    return [(allowance.text(key, 80), allowance.text(str(value))) for key, value in pairs]


def _fault(fault: OwnFault, allowance: Allowance) -> OwnFault:
    return OwnFault(
        where=allowance.text(fault.where, 120),
        message=allowance.text(fault.message, 500),
        traceback=allowance.text(fault.traceback, 6_000) if fault.traceback else "",
    )
