"""What a team expects of known cases and clauses, and what a run made of each such entry.

Values only: the entries come from a file, travel in the run log, and stand with their results in
the verdict, so that every report can tell an expected failure from a new one.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import msgspec

from schemas.verdicts import Outcome


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: which cases and clauses, the outcome expected of them, and why.

    ``cases`` are ids or patterns of ids, ``clauses`` ids of the register; with both, the cases
    among them that break only these clauses. ``expires`` is the last day on which it holds.
    ``flaky`` entries expect nothing, they excuse: a pass is as welcome as a failure.
    """

    cases: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    outcome: Outcome = Outcome.FAILED
    reason: str
    ticket: str = ""
    expires: date | None = None
    flaky: bool = False

    @property
    def name(self) -> str:
        """What it is called in sentences: its cases, else its clauses, and its ticket."""
        what = ", ".join(self.cases) or f"clause {', '.join(self.clauses)}"
        return f"{what} ({self.ticket})" if self.ticket else what

    @property
    def excuse(self) -> str:
        """Reason, ticket and last day in one line."""
        failing = self.outcome is Outcome.FAILED
        word = "expected to fail" if failing else f"expected to be {self.outcome}"
        word = "known flaky" if self.flaky else word
        details = [self.ticket, f"until {self.expires}" if self.expires else ""]
        told = ", ".join(detail for detail in details if detail)
        return f"{word}{f' ({told})' if told else ''}: {self.reason}"


class Standing(StrEnum):
    """What a run made of an entry.

    ``met``: it happened. ``unexpected-pass``: what was to fail passed. ``expired``: its last day is
    over, so it excused nothing. ``otherwise``: something else happened, which stands for itself.
    ``not-run``: the run had no case of it. ``quiet``: a flaky case gave no trouble.
    """

    MET = "met"
    UNEXPECTED_PASS = "unexpected-pass"  # noqa: S105 - no password
    EXPIRED = "expired"
    OTHERWISE = "otherwise"
    NOT_RUN = "not-run"
    QUIET = "quiet"


class ExpectationResult(msgspec.Struct, frozen=True, kw_only=True):
    """An entry after a run: ``cases`` maps ids to the outcomes that it gave them.

    ``under_load`` names the clauses whose violations under load it excused.
    """

    entry: Expectation
    standing: Standing
    cases: dict[str, Outcome] = {}
    under_load: list[str] = []


class Ruled(msgspec.Struct, frozen=True):
    """What the results say of one case: its outcome, and the entry that made it."""

    outcome: Outcome
    entry: Expectation


def rulings(results: Sequence[ExpectationResult]) -> dict[str, Ruled]:
    """By case id what ``results`` make of it; the first entry that does counts."""
    found: dict[str, Ruled] = {}
    for result in results:
        for case_id, outcome in result.cases.items():
            found.setdefault(case_id, Ruled(outcome, result.entry))
    return found
