"""The kill table as markdown: each fault, what it breaks, what found it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from reference_server.faults import CHAPTERS, Fault
from schemas.clauses import register
from schemas.verdicts import Outcome
from tests.detection.load_proof import Proof
from tests.detection.matrix import Attempt

NAMED: Final = 3
"""So many cases are named for a fault; the others are counted."""

_HEAD = """\
Every deliberate fault of the reference server (`chatsocket faults`) is tried. What a case can see
is found when a case fails and names a clause that the fault breaks; the profile declares every key,
and `--strict` is on. What strikes by chance or in time is found by a short load run, and held
against the journal that the fault writes; what only a crash shows, by a restart after SIGKILL.
Written by `make detection`; do not edit.
"""
_WHOLE = """\
The whole suite ran against each fault. *Red* is how many of its cases failed, *blocked* how many
could then say nothing: a fault in what others stand on turns few cases red and blocks the rest.
"""


def kill_table(
    attempts: Mapping[str, Attempt], proofs: Mapping[str, Proof], where: str, *, whole: bool
) -> str:
    """The part of docs/detection.md that says what found each fault."""
    return "\n".join(
        (
            _HEAD,
            *([_WHOLE] if whole else []),
            *_summary(attempts, proofs, where),
            *_chapters(attempts, whole=whole),
            *_proofs(proofs),
            *_unbreakable(),
        )
    )


def uncovered() -> list[str]:
    """The clauses that a server can break and no fault breaks."""
    broken = {clause for fault in _faults() for clause in fault.clauses}
    return [slug for slug, e in register().items() if slug not in broken and not e.untestable]


def _summary(
    attempts: Mapping[str, Attempt], proofs: Mapping[str, Proof], where: str
) -> Iterator[str]:
    tried: dict[str, Attempt | Proof] = {**attempts, **proofs}
    escaped = sorted(name for name, each in tried.items() if not each.found)
    left = uncovered()
    yield f"{len(tried) - len(escaped)} of {len(tried)} faults found ({where})."
    yield f"Clauses that a server can break and no fault breaks: {', '.join(left) or 'none'}.\n"
    if escaped:
        yield f"**Escaped:** {', '.join(escaped)}.\n"


def _chapters(attempts: Mapping[str, Attempt], *, whole: bool) -> Iterator[str]:
    for chapter, faults in CHAPTERS.items():
        rows = [_row(f, attempts[f.name], whole=whole) for f in faults if f.name in attempts]
        if rows:
            yield f"## {chapter[0].upper()}{chapter[1:]}\n"
            yield _header("fault", "breaks", "found by", *(("red", "blocked") if whole else ()))
            yield from rows
            yield ""


def _row(fault: Fault, attempt: Attempt, *, whole: bool) -> str:
    cells = [f"`{fault.name}`", ", ".join(fault.clauses), cases_of(attempt.found_by)]
    if whole:
        counted = (Outcome.FAILED, Outcome.BLOCKED)
        cells += [str(attempt.outcomes.get(outcome, 0)) for outcome in counted]
    return f"| {' | '.join(cells)} |"


def cases_of(found_by: Iterable[str]) -> str:
    """The first few of these cases, and how many more there are."""
    names = list(found_by)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more or "**nothing**"


def _proofs(proofs: Mapping[str, Proof]) -> Iterator[str]:
    yield "## Found by a load run, or by a restart\n"
    yield _header("fault", "moves, or breaks", "found by")
    for fault in _faults():
        proof = proofs.get(fault.name)
        if proof is not None:
            found_by = proof.found_by if proof.found else f"**{'; '.join(proof.problems)}**"
            yield f"| `{fault.name}` | {', '.join((*fault.moves, *fault.clauses))} | {found_by} |"
    yield ""


def _unbreakable() -> Iterator[str]:
    yield "## Clauses that no server can break\n"
    yield _header("clause", "why")
    yield from (f"| {e.id} | {e.untestable} |" for e in register().values() if e.untestable)
    yield ""


def _header(*names: str) -> str:
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def _faults() -> Sequence[Fault]:
    return [fault for faults in CHAPTERS.values() for fault in faults]
