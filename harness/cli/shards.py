"""Several saved runs drawn as one: put together, and judged anew as the one run that they are."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from harness.errors import UsageError
from harness.gate import GateRules, judge
from harness.thresholds import Threshold, parse
from reports.material import Material, read_material
from reports.shards import ShardsDiffer, merged
from schemas.rulings import ruled
from schemas.run_log import RunLogUnreadable, read_run
from schemas.summary import summarize
from schemas.verdicts import Level


def drawn_as_one(folders: Sequence[Path]) -> Material:
    """The run in the one folder, or all of them as one; UsageError when they cannot be."""
    shards = [_read(folder) for folder in folders]
    try:
        together = merged(shards)
        if len(shards) == 1 or not together.judged:
            return together
        plain = [
            replace(shard, run=read_run(folder))
            for shard, folder in zip(shards, folders, strict=True)
        ]
        run = merged(plain).run
    except ShardsDiffer as error:
        advice = "give the shards of one conformance run"
        raise UsageError(f"these runs cannot be drawn as one: {error}", advice) from None
    verdict = judge(run, _rules(shards))
    run = ruled(run, verdict.expectations)
    return replace(together, run=run, verdict=verdict, summary=summarize(run, verdict))


def _read(folder: Path) -> Material:
    try:
        return read_material(folder)
    except RunLogUnreadable as error:
        raise UsageError(f"{folder} is no run folder: {error}", error.advice) from None


def _rules(shards: Sequence[Material]) -> GateRules:
    """All that any of the shards was held to, at the lowest level of any."""
    verdicts = [shard.verdict for shard in shards]
    results = [result for each in verdicts for result in each.thresholds]
    held: dict[str, Threshold] = {
        result.text: replace(parse(result.text), severity=result.severity) for result in results
    }
    entries = {result.entry.name: result.entry for each in verdicts for result in each.expectations}
    return GateRules(
        thresholds=tuple(held.values()),
        level=max((each.level for each in verdicts), key=list(Level).index),
        expectations=tuple(entries.values()),
        today=date.today(),
    )
