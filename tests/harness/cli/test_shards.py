"""Shards that are drawn as one are judged as one."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from harness.cli.shards import drawn_as_one
from harness.errors import UsageError
from harness.gate import GateRules, judge
from harness.thresholds import parse
from schemas.expectations import Expectation
from schemas.records import encode
from schemas.run_log import RUN_LOG
from schemas.verdict_file import ThresholdOutcome, write_verdict
from schemas.verdicts import ExitCode, Level, Outcome
from tests.made_runs import case, made_run

HELD = GateRules(tuple(map(parse, ("conformance.passed >= 3", "conformance.must.failed == 0"))))


@pytest.fixture
def shard(tmp_path: Path):
    """Writes a shard with cases of these outcomes, judged by ``rules``; None leaves it unjudged."""

    def make(name: str, rules: GateRules | None = HELD, **outcomes: Outcome) -> Path:
        cases = [
            case(outcome, name=f"{name}-{key.replace('_', '-')}")
            for key, outcome in outcomes.items()
        ]
        run = made_run(cases=cases, asked=["conformance"], totals=None, metrics={})
        header = msgspec.structs.replace(run.header, run_id=name)
        folder = tmp_path / name
        folder.mkdir()
        records = [header, *run.cases, *run.parts, run.footer]
        (folder / RUN_LOG).write_bytes(b"".join(map(encode, records)))
        if rules is not None:
            write_verdict(folder, judge(run, rules))
        return folder

    return make


def test_what_each_shard_misses_alone_they_may_meet_together(shard) -> None:
    folders = [
        shard("a", x=Outcome.PASSED, y=Outcome.PASSED),
        shard("b", x=Outcome.PASSED, y=Outcome.PASSED),
    ]
    assert drawn_as_one(folders[:1]).verdict.exit_code is ExitCode.FAILED
    together = drawn_as_one(folders)
    assert (together.verdict.exit_code, together.verdict.reasons) == (ExitCode.PASSED, [])
    assert [(each.text, each.value) for each in together.summary.thresholds] == [
        ("conformance.passed >= 3", 4),
        ("conformance.must.failed == 0", 0),
    ]
    assert {each.outcome for each in together.summary.thresholds} == {ThresholdOutcome.MET}


def test_reasons_are_counted_over_all_shards(shard) -> None:
    folders = [shard("a", x=Outcome.FAILED), shard("b", x=Outcome.FAILED, y=Outcome.PASSED)]
    verdict = drawn_as_one(folders).verdict
    assert verdict.reasons[0] == "failed: 2 cases: a-x, b-x"
    assert verdict.exit_code is ExitCode.FAILED


def test_an_expected_failure_stays_one(shard) -> None:
    known = Expectation(cases=("a-x",), reason="known")
    rules = GateRules(expectations=(known,), today=date.min)
    folders = [
        shard("a", rules, x=Outcome.FAILED, y=Outcome.PASSED),
        shard("b", rules, x=Outcome.PASSED),
    ]
    together = drawn_as_one(folders)
    assert together.verdict.exit_code is ExitCode.PASSED
    assert together.run.cases[0].outcome is Outcome.EXPECTED_FAILURE


def test_the_lowest_level_of_any_shard_counts(shard) -> None:
    must, info = (GateRules(level=level) for level in (Level.MUST, Level.INFO))
    together = drawn_as_one(
        [shard("a", must, x=Outcome.PASSED), shard("b", info, x=Outcome.PASSED)]
    )
    assert together.verdict.level is Level.INFO


def test_shards_of_which_one_is_not_judged_are_not_judged(shard) -> None:
    judged, other = shard("a", GateRules(), x=Outcome.PASSED), shard("b", None, x=Outcome.PASSED)
    together = drawn_as_one([judged, other])
    assert not together.judged
    assert together.verdict.exit_code is ExitCode.NO_VERDICT


def test_what_is_no_run_is_told(shard, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere is no run folder"):
        drawn_as_one([shard("a", x=Outcome.PASSED), tmp_path / "nowhere"])
