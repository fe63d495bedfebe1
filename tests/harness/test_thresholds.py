"""The threshold language: what it reads, how it refuses, and what a run makes of it."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.ledger.tally import Series as JoinedSeries
from harness.swarm.meter import Series as MeasuredSeries
from harness.thresholds import DEFAULTS, evaluate, parse, read_thresholds
from schemas.records import Rate
from schemas.verdict_file import ThresholdOutcome
from tests.made_runs import latencies, made_run, metric, totals


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("p99(ack) < 500ms", 500_000),
        ("p99.9( deliver )<=1.5s", 1_500_000),
        ("max(login) < 90us", 90),
        ("p50(staff_replay) < 2s", 2_000_000),
        ("lost == 0", 0),
        ("error_rate < 0.1%", 0.001),
        ("reached_share >= 99%", 0.99),
        ("acked > 1000", 1000),
    ],
)
def test_reads(text: str, limit: float) -> None:
    assert parse(text).limit == pytest.approx(limit)


@pytest.mark.parametrize("series", [*MeasuredSeries, *JoinedSeries])
def test_knows_every_series_that_a_load_reports(series: str) -> None:
    assert parse(f"p99({series}) < 1s").metric == series


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("p98(ack) < 1ms", "column 1: there is no 'p98'; did you mean 'p99'?"),
        ("p99(akc) < 1ms", "column 5: there is no 'akc'; did you mean 'ack'?"),
        ("losst == 0", "column 1: there is no 'losst'; did you mean 'lost'?"),
        ("p99(ack) < 500", "column 15: expected a unit"),
        ("lost == 0ms", "column 10: expected no unit"),
        ("lost = 0", "column 8"),
        ("lost == 0 and more", "column 11: expected the end"),
        ("", "column 1"),
    ],
)
def test_refuses_at_the_column(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "content", ["thresholds = 5", "thresolds = []", "not toml", 'thresholds = ["p99"]', "[a]\nb=1"]
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text(content)
    with pytest.raises(UsageError):
        read_thresholds(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_thresholds(tmp_path / "absent.toml")


def test_a_right_file_gives_its_thresholds(tmp_path: Path) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text("thresholds = [" + ", ".join(f'"{text}"' for text in DEFAULTS) + "]")
    assert [threshold.text for threshold in read_thresholds(file)] == list(DEFAULTS)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("p99(ack) < 3ms", ThresholdOutcome.MET),
        ("p99(ack) < 1ms", ThresholdOutcome.MISSED),
        ("p50(login) < 1s", ThresholdOutcome.NO_VERDICT),
        ("p99.9(ack) < 1s", ThresholdOutcome.NO_VERDICT),
        ("lost == 0", ThresholdOutcome.MET),
        ("acked >= 2001", ThresholdOutcome.MISSED),
        ("reached_share >= 99%", ThresholdOutcome.MET),
    ],
)
def test_a_run_is_measured(text: str, outcome: ThresholdOutcome) -> None:
    assert evaluate(parse(text), made_run()).outcome is outcome


def test_the_unanswered_make_an_upper_bound_missed() -> None:
    run = made_run(metrics={"ack": metric(data=latencies(2, times=980), timeouts=20)})
    result = evaluate(parse("p99(ack) < 500ms"), run)
    assert (result.outcome, result.value) == (ThresholdOutcome.MISSED, None)
    assert "not reached within 2 ms" in result.note


def test_without_load_nothing_is_decided() -> None:
    result = evaluate(parse("lost == 0"), made_run(totals=None))
    assert result.outcome is ThresholdOutcome.NO_VERDICT


def test_nothing_due_gives_no_error_rate() -> None:
    run = made_run(totals=totals(rate=Rate(asked=0, due=0, sent_in_time=0, unsent=0)))
    assert evaluate(parse("reached_share >= 99%"), run).outcome is ThresholdOutcome.NO_VERDICT
