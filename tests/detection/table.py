"""The kill table as markdown: each fault, what it breaks, what found it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reference_server.faults import CHAPTERS, Fault
from schemas.clauses import register
from schemas.fault_listing import FoundBy
from tests.detection.matrix import Attempt

NAMED: Final = 3
"""So many cases are named for a fault; the others are counted."""

CLIENTS_OWN: Final = {
    "in-type-type": "the client's own member",
    "in-content-type": "the client's own member",
    "in-read-type": "the client's own member",
    "in-titletype-type": "the client's own member",
    "in-content-present": "the client's own member",
    "in-json-object": "the client's own message",
    "in-text-utf8": "the client's own message",
    "in-odd-json": "the client's own message",
    "in-member-spelling": "the client's own message",
}
"""Clauses that no server can break, and why: `chatsocket inspect` holds them against clients."""

_HEAD = """# Detection

Every deliberate fault of the reference server (`chatsocket faults`) is started and checked by the
conformance cases of the clauses that it breaks. A fault is found when a case fails and names one of
those clauses. The profile declares every key, and `--strict` is on. Written by
`python -m tests.detection --write`; do not edit.
"""


def document(attempts: Mapping[str, Attempt], date: str) -> str:
    """The whole of docs/detection.md."""
    return "\n".join((_HEAD, *_summary(attempts, date), *_chapters(attempts), *_rest()))


def _summary(attempts: Mapping[str, Attempt], date: str) -> Iterator[str]:
    found = sum(each.found for each in attempts.values())
    broken = {clause for fault in _faults() for clause in fault.clauses}
    yield f"{found} of {len(attempts)} faults found on {date}."
    yield f"{len(broken)} of {len(register())} clauses have a fault that breaks them.\n"
    escaped = [name for name, each in attempts.items() if not each.found]
    if escaped:
        yield f"**Escaped:** {', '.join(sorted(escaped))}.\n"


def _chapters(attempts: Mapping[str, Attempt]) -> Iterator[str]:
    for chapter, faults in CHAPTERS.items():
        rows = [_row(fault, attempts[fault.name]) for fault in faults if fault.name in attempts]
        if rows:
            yield f"## {chapter[0].upper()}{chapter[1:]}\n"
            yield "| fault | breaks | found by |\n|---|---|---|"
            yield from rows
            yield ""


def _row(fault: Fault, attempt: Attempt) -> str:
    return f"| `{fault.name}` | {', '.join(fault.clauses)} | {_cases(attempt.found_by)} |"


def _cases(found_by: Iterable[str]) -> str:
    names = list(found_by)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more or "**nothing**"


def _rest() -> Iterator[str]:
    yield "## Found by other means\n"
    yield "| fault | moves, or breaks | found by |\n|---|---|---|"
    for fault in _faults():
        if fault.found_by is not FoundBy.CHECK:
            means = "a load run" if fault.found_by is FoundBy.LOAD else "a restart after SIGKILL"
            touched = ", ".join((*fault.moves, *fault.clauses))
            yield f"| `{fault.name}` | {touched} | {means} |"
    yield "\n## Clauses that no server can break\n"
    yield "| clause | why |\n|---|---|"
    yield from (f"| {slug} | {why} |" for slug, why in CLIENTS_OWN.items())
    yield ""


def _faults() -> Iterator[Fault]:
    return (fault for faults in CHAPTERS.values() for fault in faults)
