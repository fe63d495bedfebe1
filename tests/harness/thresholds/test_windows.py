"""What a run makes of thresholds on a part of its load."""

import msgspec
import pytest

from harness.thresholds import evaluate, measured, parse
from schemas.load_records import Aborted, LoadPlanned, Rate, Second
from schemas.run_log import Run
from schemas.verdict_file import ThresholdOutcome
from tests.made_runs import latencies, made_run, metric, totals

MET, MISSED, OPEN = ThresholdOutcome.MET, ThresholdOutcome.MISSED, ThresholdOutcome.NO_VERDICT

QUIET = {
    **dict.fromkeys(("due", "sent", "acked", "sent_in_time"), 100),
    **dict.fromkeys(("refused_unexpectedly", "unknown", "failed_connects", "connects"), 0),
    **dict.fromkeys(("dropped_by_server", "reconnects"), 0),
    "open": 50,
}


def loaded(*seconds: dict[str, int], **changes: object) -> Run:
    """A load of 10 s at 100 a second, of which the first ``seconds`` differ from quiet ones."""
    told = [QUIET | each for each in seconds]
    told += [QUIET] * (10 - len(told))
    records = [Second(second=number, counts=counts) for number, counts in enumerate(told)]
    return made_run(**{"seconds": records, "plan": planned(), **changes})


def planned(**changes: float) -> LoadPlanned:
    plan = LoadPlanned(
        scenario="steady",
        model="open",
        rate=100,
        duration_s=10,
        warm_up_s=0,
        customers=50,
        staff=0,
        workers=1,
        seed=1,
    )
    return msgspec.structs.replace(plan, **changes)


def figure(text: str, run: Run) -> float | None:
    return evaluate(parse(text), run).value


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("rate >= 0.99 * asked", {"sent_in_time": 20}),
        ("reached_share >= 99%", {"sent_in_time": 20}),
        ("error_rate < 0.1%", {"unknown": 7}),
        ("error_rate < 0.1%", {"refused_unexpectedly": 7}),
        ("error_rate < 0.1%", {"connects": 9, "failed_connects": 9}),
        ("refused == 0", {"refused": 1}),
        ("invalid == 0", {"invalid": 1}),
        ("unknown == 0", {"unknown": 1}),
        ("dropped_by_server == 0", {"dropped_by_server": 1}),
        ("failed_connects == 0", {"failed_connects": 1}),
        ("reconnects == 0", {"reconnects": 1}),
        ("open >= 50", {"open": 3}),
        ("open <= 50", {"open": 77}),
        ("open == 50", {"open": 49}),
    ],
)
def test_what_was_bad_counts_in_windows_that_hold_it_alone(text: str, bad: dict[str, int]) -> None:
    run = loaded({}, {}, bad)
    assert evaluate(parse(f"{text} after 2s"), run).outcome is MISSED
    assert evaluate(parse(f"{text} after 3s"), run).outcome is MET


def test_figures_are_sums_and_means_of_the_seconds() -> None:
    run = loaded({"received": 9, "acked": 1}, {"received": 4}, {"sent_in_time": 20, "unknown": 8})
    assert figure("received > 0 after 1s", run) == 4
    assert figure("received > 0", run) == 13
    assert figure("acked > 0 after 1s", run) == 900
    assert figure("rate > 0 after 2s", run) == pytest.approx(90)
    assert figure("reached_share > 0 after 2s", run) == pytest.approx(0.9)
    assert figure("error_rate > 0 after 2s", run) == pytest.approx(0.01)
    assert measured(evaluate(parse("error_rate < 2% after 2s"), run)) == "1.0000%"


def test_asked_is_what_the_window_was_asked_for() -> None:
    spike = {"due": 1_000, "sent_in_time": 1_000}
    run = loaded({}, spike, spike)
    result = evaluate(parse("rate >= 0.99 * asked after 5s"), run)
    assert (result.outcome, result.value, result.limit) == (MET, 100, 99)


def test_a_level_shows_the_moment_that_is_worst_for_its_limit() -> None:
    run = loaded({"open": 30}, {"open": 60})
    for text, worst in (("open >= 1", 30), ("open < 99", 60), ("open == 50", 30)):
        assert figure(text, run) == worst


def test_connections_that_end_in_the_drain_are_not_missed() -> None:
    run = loaded()
    run.seconds.append(Second(second=10, counts={"open": 0}))
    assert evaluate(parse("open >= 50 after 1s"), run).outcome is MET
    ended = loaded(*[{}] * 4, {"due": 0, "open": 0}, aborted=Aborted(text="", at_s=4))
    assert evaluate(parse("open >= 50"), ended).outcome is MET


def test_what_an_error_came_to_in_the_drain_counts_in_every_window() -> None:
    run = loaded(totals=totals(rate=Rate(asked=100, due=1_000, sent_in_time=995, unsent=5)))
    assert figure("error_rate > 0 after 9s", run) == pytest.approx(0.05)
    run.seconds.append(Second(second=11, counts=QUIET | {"due": 0, "unknown": 5}))
    assert figure("error_rate > 0 after 9s", run) == pytest.approx(0.1)


@pytest.mark.parametrize("text", ["rate > 1", "invalid == 0", "open >= 0", "unknown == 0"])
def test_a_window_after_the_end_decides_nothing(text: str) -> None:
    result = evaluate(parse(f"{text} after 10s"), loaded())
    assert (result.outcome, result.note) == (OPEN, "the load was over before 10 s")


@pytest.mark.parametrize("text", ["rate > 1", "unknown == 0", "error_rate < 1%"])
def test_what_an_older_log_does_not_tell_decides_nothing(text: str) -> None:
    old = [Second(second=number, counts={"due": 9, "sent": 9, "open": 1}) for number in range(9)]
    result = evaluate(parse(f"{text} after 2s"), made_run(seconds=old, plan=planned()))
    assert result.outcome is OPEN
    assert "an earlier version wrote it" in result.note
    assert evaluate(parse("invalid == 0 after 2s"), made_run(seconds=old)).outcome is MET


def test_where_nothing_was_due_no_rate_was_reached() -> None:
    run = loaded(*[{"due": 0, "sent_in_time": 0}] * 10)
    for text in ("rate > 1", "reached_share > 0", "error_rate < 1%"):
        result = evaluate(parse(f"{text} after 2s"), run)
        assert (result.outcome, result.note) == (OPEN, "nothing was due after 2 s")


def test_the_warm_up_is_in_no_window() -> None:
    run = loaded({}, {}, {}, {"refused": 1}, plan=planned(warm_up_s=4))
    assert evaluate(parse("refused == 0 after 2s"), run).outcome is MET
    slow = [
        Second(second=number, counts=QUIET, latencies={"ack": latencies(ms, times=500)})
        for number, ms in enumerate((2, 2, 900, 2, 2, 2))
    ]
    warm = {"seconds": slow, "metrics": {"ack": metric(data=latencies(2, times=2_000))}}
    late = evaluate(parse("p99(ack) < 5ms after 1s"), made_run(**warm, plan=planned(warm_up_s=3)))
    assert late.outcome is MET
    assert evaluate(parse("p99(ack) < 5ms after 1s"), made_run(**warm)).outcome is MISSED


def test_without_load_no_part_of_it_is_decided() -> None:
    result = evaluate(parse("rate >= asked after 2s"), made_run(totals=None))
    assert (result.outcome, result.note) == (OPEN, "there was no load")
