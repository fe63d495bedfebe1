"""The threshold language: what it reads, and how it refuses, at the column."""

import pytest

from harness.errors import UsageError
from harness.ledger.tally import Series as JoinedSeries
from harness.swarm.meter import Series as MeasuredSeries
from harness.thresholds import DEFAULTS, parse
from harness.thresholds.figures import figures
from harness.thresholds.values import CasesDemand, FigureDemand, LatencyDemand
from harness.thresholds.windows import windowed


@pytest.mark.parametrize(
    ("text", "limit", "share"),
    [
        ("p99(ack) < 500ms", 500_000, 0.99),
        ("p99.9( deliver )<=1.5s", 1_500_000, 0.999),
        ("max(login) < 90us", 90, 1.0),
        ("p50(staff_replay) < 2s", 2_000_000, 0.5),
        ("p97.5(ack) > 1ms", 1_000, 0.975),
    ],
)
def test_reads_latencies(text: str, limit: float, share: float) -> None:
    demand = parse(text).demand
    assert isinstance(demand, LatencyDemand)
    assert (demand.limit, demand.share) == pytest.approx((limit, share))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("lost == 0", 0),
        ("error_rate < 0.1%", 0.001),
        ("reached_share >= 99%", 0.99),
        ("acked > 1000", 1000),
        ("conformance.must.failed == 0", 0),
        ("conformance.not-applicable < 9", 9),
    ],
)
def test_reads_figures(text: str, limit: float) -> None:
    demand = parse(text).demand
    assert isinstance(demand, FigureDemand)
    assert (demand.limit, demand.times) == (pytest.approx(limit), "")


def test_reads_limits_that_are_multiples_of_the_rate_asked() -> None:
    assert parse("rate >= 0.99 * asked").demand == FigureDemand("rate", ">=", 0.99, "asked")
    assert parse("rate >= asked").demand == FigureDemand("rate", ">=", 1.0, "asked")


def test_reads_kinds_and_windows() -> None:
    demand = parse("p99.9(deliver, type=image) < 1s").demand
    assert isinstance(demand, LatencyDemand)
    assert (demand.kind, demand.after_s) == ("image", 0)
    assert parse("p50(ack) < 1s after 2m").demand.after_s == 120  # type: ignore[union-attr]
    relative = parse("rate >= 0.99 * asked after 500ms").demand
    assert relative == FigureDemand("rate", ">=", 0.99, "asked", after_s=0.5)
    assert parse("invalid == 0").demand.after_s is None  # type: ignore[union-attr]


@pytest.mark.parametrize("name", windowed())
def test_every_figure_with_a_time_is_one_of_the_whole_load_too(name: str) -> None:
    assert name in figures()
    assert parse(f"{name} < 1% after 3s").demand == FigureDemand(name, "<", 0.01, after_s=3.0)


def test_reads_sets_of_cases() -> None:
    assert parse('cases("delivery.*") all passed').demand == CasesDemand("delivery.*")


@pytest.mark.parametrize("series", [*MeasuredSeries, *JoinedSeries])
def test_knows_every_series_that_a_load_reports(series: str) -> None:
    demand = parse(f"p99({series}) < 1s").demand
    assert isinstance(demand, LatencyDemand)
    assert ".".join(filter(None, (demand.metric, demand.kind))) == series


@pytest.mark.parametrize("name", figures())
def test_every_figure_can_be_named(name: str) -> None:
    assert parse(f"{name} == 0").demand == FigureDemand(name, "==", 0.0)


@pytest.mark.parametrize("text", DEFAULTS)
def test_the_defaults_are_thresholds(text: str) -> None:
    assert parse(f"  {text} ").text == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("p100(ack) < 1ms", "column 1: there is no quantile 'p100'"),
        ("p0(ack) < 1ms", "column 1: there is no quantile 'p0'"),
        ("p99(akc) < 1ms", "column 5: there is no latency 'akc'; did you mean 'ack'?"),
        ("losst == 0", "column 1: there is no figure 'losst'; did you mean 'lost'?"),
        ("ack < 5", "column 1: ack is a latency; write p99(ack)"),
        ("p99(ack) < 500", "column 15: expected a unit (us, ms or s)"),
        ("p99(ack) < 500 apples", "column 16: expected a unit"),
        ("lost == 0ms", "column 10: expected"),
        ("lost = 0", "column 6: expected one of < <= > >= =="),
        ("lost == 0 and more", "column 11: expected"),
        ("lost == 0 after 5s", "column 17: 'lost' is known of the whole load alone (of a part: ac"),
        ("unsent == 0 after 5s", "column 19: 'unsent' is known of the whole load alone"),
        ("p9(ack, type=image) < 1s after 5s", "column 32: of messages of one type (image) laten"),
        ("conformance.failed == 0 after 5s", "column 31: cases are no part of a load"),
        ('cases("x") all passed after 5s', "column 29: cases are no part of a load"),
        ("p99(ack) < 1s after 5", "column 22: expected a unit (ms, s, m or h)"),
        ("rate >= 0.9 * askd", "column 15: there is no figure to compare with 'askd'; did you"),
        ("p99(ack, typ=image) < 1s", "column 10: there is no label 'typ'; did you mean 'type'?"),
        ("p99(ack, type=imge) < 1s", "column 15: there is no type of messages 'imge'; did you"),
        ("cases(delivery) all passed", "column 7: expected a pattern in double quotes"),
        ('cases("x") passed', "column 12: expected 'all passed'"),
        ("", "column 1: expected"),
        ("p99", "column 4: expected"),
        ("p99(ack) <", "column 11: expected a number"),
        ("\N{ZERO WIDTH SPACE}lost == 0", "column 1: expected"),
    ],
)
def test_refuses_at_the_column(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert sentence in str(refused.value)


def test_what_is_far_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(UsageError, match="400 are the most"):
        parse("lost == 0" + " " * 1_000)
