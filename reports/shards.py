"""Puts the runs of several shards together: conformance cases of one target, none judged twice.

A load cannot be put together from its logs: its workers share one schedule and one ledger.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from reports.environment_view import missing
from reports.material import Material
from reports.symbols import OUTCOME_ORDER
from schemas.case_records import CaseRecord
from schemas.records import Footer, Note
from schemas.run_log import Run
from schemas.summary import summarize
from schemas.verdict_file import VerdictFile
from schemas.verdicts import Verdict

_WORST_FIRST = (Verdict.FAILED, Verdict.NO_VERDICT, Verdict.PASSED)
_NAMED = 3


class ShardsDiffer(Exception):
    """Runs that are not shards of one; ``why`` is a sentence."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def merged(shards: Sequence[Material]) -> Material:
    """All of ``shards`` as one run, with the worst of their verdicts; one is itself.

    :class:`ShardsDiffer` where they are not shards of one run.
    """
    if len(shards) == 1:
        return shards[0]
    _check([shard.run for shard in shards])
    run, verdict = _run([shard.run for shard in shards]), _verdict(shards)
    return Material(
        run=run,
        verdict=verdict,
        summary=summarize(run, verdict),
        judged=all(shard.judged for shard in shards),
        shards={
            case.id: shard.replay_folder(case.id) for shard in shards for case in shard.run.cases
        },
    )


def _check(runs: Sequence[Run]) -> None:
    loaded = [r.header.run_id for r in runs if r.plan or r.totals or r.seconds]
    if loaded:
        raise ShardsDiffer(
            f"the run {loaded[0]} has a load, which cannot be put together with another run; "
            "compare loads, or draw each alone"
        )
    first = runs[0].header.target
    other = next((r.header.target for r in runs if r.header.target != first), None)
    if other is not None:
        same = other.url == first.url
        differ = "their profiles differ" if same else f"{first.url} and {other.url}"
        raise ShardsDiffer(f"the runs are of different targets ({differ})")
    times = Counter(case.id for run in runs for case in run.cases if not case.passive)
    twice = [name for name, number in times.items() if number > 1]
    if twice:
        names = ", ".join(twice[:_NAMED]) + (", …" if len(twice) > _NAMED else "")
        raise ShardsDiffer(f"cases are in more than one of the runs: {names}")


def _run(runs: Sequence[Run]) -> Run:
    first = min(runs, key=lambda run: run.header.started)
    name = f"{first.header.run_id} and {len(runs) - 1} more"
    notes = [
        Note(text=f"{run.header.run_id}: {sentence}") for run in runs for sentence in missing(run)
    ]
    shards = ", ".join(run.header.run_id for run in runs)
    return replace(
        first,
        header=replace(first.header, run_id=name),
        cases=_cases([case for run in runs for case in run.cases]),
        violations=[each for run in runs for each in run.violations],
        errors=[each for run in runs for each in run.errors],
        notes=[
            Note(text=f"put together from {shards}"),
            *notes,
            *(note for run in runs for note in run.notes),
        ],
        footer=_footer(runs),
        damaged=[],
        absent=0,
        suite=None,
    )


def _cases(cases: Sequence[CaseRecord]) -> list[CaseRecord]:
    """``cases``, each passive one once: every shard has it, and the worst of them tells most."""
    found: dict[str, CaseRecord] = {}
    for case in cases:
        before = found.get(case.id)
        if before is None or _weight(case) < _weight(before):
            found[case.id] = case
    return list(found.values())


def _weight(case: CaseRecord) -> int:
    return OUTCOME_ORDER.index(case.outcome)


def _footer(runs: Sequence[Run]) -> Footer:
    """The end of them all: the last to end, and as long as all took together."""
    known = [run.footer for run in runs if run.footer is not None]
    return Footer(
        ended=max((footer.ended for footer in known), default=""),
        duration_s=sum(footer.duration_s for footer in known),
        partial=any(run.partial for run in runs),
        records=sum(footer.records for footer in known),
    )


def _verdict(shards: Sequence[Material]) -> VerdictFile:
    verdicts = [shard.verdict for shard in shards]
    worst = min(verdicts, key=lambda each: _WORST_FIRST.index(each.verdict))
    return replace(
        worst,
        reasons=list(dict.fromkeys(reason for each in verdicts for reason in each.reasons)),
        thresholds=[result for each in verdicts for result in each.thresholds],
        expectations=[result for each in verdicts for result in each.expectations],
        baseline=None,
    )
