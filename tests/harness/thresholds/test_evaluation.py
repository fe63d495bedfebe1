"""What a run makes of thresholds."""

import msgspec
import pytest

from harness.thresholds import evaluate, measured, parse
from schemas.load_records import Generator, Rate, Second
from schemas.verdict_file import Severity, ThresholdOutcome
from schemas.verdicts import Level, Outcome
from tests.made_runs import case, latencies, made_run, metric, totals

MET, MISSED, OPEN = ThresholdOutcome.MET, ThresholdOutcome.MISSED, ThresholdOutcome.NO_VERDICT


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("p99(ack) < 3ms", MET),
        ("p99(ack) < 1ms", MISSED),
        ("p50(login) < 1s", OPEN),
        ("p99.9(ack) < 1s", OPEN),
        ("p99(ack, type=image) < 1s", OPEN),
        ("lost == 0", MET),
        ("acked >= 2001", MISSED),
        ("reached_share >= 99%", MET),
        ("rate >= 0.99 * asked", MET),
        ("rate > asked", MISSED),
        ("conformance.must.failed == 0", MET),
        ("conformance.passed >= 2", MISSED),
    ],
)
def test_a_run_is_measured(text: str, outcome: ThresholdOutcome) -> None:
    assert evaluate(parse(text), made_run()).outcome is outcome


def test_the_limit_that_is_shown_is_the_one_that_counted() -> None:
    result = evaluate(parse("rate >= 0.99 * asked"), made_run())
    assert (result.value, result.limit) == pytest.approx((100, 99))


def test_messages_of_one_type_have_a_series_of_their_own() -> None:
    images = metric("deliver.image", latencies(5, times=2_000))
    run = made_run(metrics={"deliver.image": images})
    assert evaluate(parse("p99(deliver, type=image) < 4ms"), run).outcome is MISSED


def test_a_window_leaves_out_what_came_before_it() -> None:
    def second(number: int, ms: float) -> Second:
        data = {"ack": latencies(ms, times=500)}
        return Second(second=number, counts={}, latencies=data)

    seconds = [second(0, 900), second(1, 900), *(second(number, 2) for number in range(2, 8))]
    run = made_run(seconds=seconds, metrics={"ack": metric(data=latencies(2, 900, times=2_000))})
    assert evaluate(parse("p99(ack) < 5ms"), run).outcome is MISSED
    assert evaluate(parse("p99(ack) < 5ms after 2s"), run).outcome is MET
    assert evaluate(parse("p99(ack) < 5ms after 7s"), run).outcome is OPEN


def test_the_unanswered_make_an_upper_bound_missed() -> None:
    run = made_run(metrics={"ack": metric(data=latencies(2, times=980), timeouts=20)})
    result = evaluate(parse("p99(ack) < 500ms"), run)
    assert (result.outcome, result.value) == (MISSED, None)
    assert "not reached within 2 ms" in result.note
    assert evaluate(parse("p99(ack) > 500ms"), run).outcome is MET


def test_a_saturated_generator_turns_a_miss_into_no_verdict_and_leaves_the_rest() -> None:
    assert evaluate(parse("p99(ack) < 1ms"), made_run(), saturated=True).outcome is OPEN
    assert evaluate(parse("p99(ack) < 1s"), made_run(), saturated=True).outcome is MET
    run = made_run(totals=totals(ledger={"lost": 1}))
    assert evaluate(parse("lost == 0"), run, saturated=True).outcome is MISSED


@pytest.mark.parametrize("text", ["lost == 0", "p99(ack) < 1s", "rate >= 0.99 * asked"])
def test_without_load_nothing_is_decided(text: str) -> None:
    result = evaluate(parse(text), made_run(totals=None, metrics={}))
    assert (result.outcome, result.note) == (OPEN, "there was no load")


def test_without_cases_nothing_is_decided() -> None:
    for text in ("conformance.failed == 0", 'cases("*") all passed'):
        assert evaluate(parse(text), made_run(cases=[])).outcome is OPEN


def test_nothing_due_gives_no_error_rate() -> None:
    run = made_run(totals=totals(rate=Rate(asked=0, due=0, sent_in_time=0, unsent=0)))
    assert evaluate(parse("reached_share >= 99%"), run).outcome is OPEN


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ([Outcome.PASSED, Outcome.NON_STRICT], MET),
        ([Outcome.PASSED, Outcome.EXPECTED_FAILURE, Outcome.NOT_APPLICABLE], MET),
        ([Outcome.PASSED, Outcome.FAILED], MISSED),
        ([Outcome.PASSED, Outcome.BLOCKED], OPEN),
        ([Outcome.NOT_APPLICABLE], OPEN),
    ],
)
def test_sets_of_cases(outcomes: list[Outcome], found: ThresholdOutcome) -> None:
    cases = [case(each, name=f"delivery-{place}") for place, each in enumerate(outcomes)]
    run = made_run(cases=[*cases, case(Outcome.FAILED, Level.MUST, "login-x")])
    for pattern in ("delivery.*", "delivery-*"):
        assert evaluate(parse(f'cases("{pattern}") all passed'), run).outcome is found


def test_the_failing_cases_are_named() -> None:
    run = made_run(cases=[case(Outcome.FAILED, name="delivery-order")])
    assert evaluate(parse('cases("*") all passed'), run).note == "delivery-order"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p50(ack) < 1us", "2 ms"),
        ('cases("delivery.*") all passed', "1 that did not pass: delivery-order"),
        ("conformance.failed == 0", "1"),
        ("p99.9(ack) < 1s", "2 ms"),
    ],
)
def test_what_was_measured_is_said_in_its_unit(text: str, words: str) -> None:
    run = made_run(cases=[case(Outcome.FAILED, name="delivery-order")])
    assert measured(evaluate(parse(text), run)) == words


def test_the_severity_travels_with_the_result() -> None:
    warning = msgspec.structs.replace(parse("acked >= 2001"), severity=Severity.WARN)
    assert evaluate(warning, made_run()).severity is Severity.WARN


@pytest.mark.parametrize(("negative", "outcome"), [(2, MET), (3, OPEN)])
def test_clocks_that_disagree_decide_nothing_across_hosts(
    negative: int, outcome: ThresholdOutcome
) -> None:
    far = metric("deliver_remote", latencies(2, times=2_000), negative=negative)
    run = made_run(metrics={"deliver_remote": far})
    result = evaluate(parse("p99(deliver_remote) < 3ms"), run)
    assert result.outcome is outcome


def test_a_saturated_generator_comes_with_its_advice() -> None:
    worker = Generator(
        worker=0,
        loop_lag_p99_us=40_000,
        schedule_lag_p99_us=30_000,
        cpu_share=0.97,
        core_wait_share=0.0,
        saturated=True,
        advice=["add workers: --workers 2"],
    )
    run = made_run(generators=[worker, worker])
    result = evaluate(parse("p99(ack) < 1ms"), run, saturated=True)
    assert result.outcome is OPEN
    assert result.note.endswith("lengthened it; add workers: --workers 2")
