import pytest

from reports import figures
from schemas.histogram import HistogramData, Quantile, bucket, judging_quantile
from schemas.history import Unit
from schemas.summary import Latency, MetricSummary
from schemas.verdict_file import ThresholdOutcome, ThresholdResult


@pytest.mark.parametrize(
    ("value_us", "text"),
    [
        (None, "–"),
        (0, "0.00"),
        (412, "0.41"),
        (9_994, "9.99"),
        (12_345, "12.3"),
        (99_960, "100"),
        (1_234_567, "1\u202f235"),
    ],
)
def test_milliseconds_have_the_digits_that_mean_something(
    value_us: float | None, text: str
) -> None:
    assert figures.milliseconds(value_us) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.9997, "99.97 %"), (0.21, "21.0 %"),
     (0.0018, "0.18 %"), (0.00049, "0.0490 %"), (1e-9, "< 0.0001 %"), (0.999999, "> 99.99 %")],
)  # fmt: skip
def test_shares_never_round_to_all_or_nothing(value: float | None, text: str) -> None:
    assert figures.share(value).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.25, "0.2 s"), (57.78, "57.8 s"), (59.97, "1 min 00 s"), (90, "1 min 30 s"),
     (3_725, "1 h 02 min")],
)  # fmt: skip
def test_durations_are_said_as_people_say_them(seconds: float | None, text: str) -> None:
    assert figures.duration(seconds).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Quantile(12_345, None, 1_000, 1_000), "12.3"),
        (Quantile(12_345, None, 999, 1_000), "~12.3"),
        (Quantile(None, 40_000, 1_000, 1_000), "> 40.0"),
        (Quantile(None, 40_000, 999, 1_000), "~> 40.0"),
        (Quantile(None, None, 0, 1_000), "–"),
    ],
)
def test_a_quantile_says_when_it_is_indicative_or_was_not_reached(
    found: Quantile, text: str
) -> None:
    assert figures.judged(found) == text


def test_a_summary_s_quantile_counts_the_unanswered_among_its_samples() -> None:
    def metric(timeouts: int) -> MetricSummary:
        values = {"p50_us": 1_000, "p90_us": 1, "p99_us": 1, "p999_us": 1, "max_us": 40_000}
        service = Latency(count=19, **values)
        return MetricSummary(
            count=19, timeouts=timeouts, in_flight=0, unsent=0, service=service, **values
        )

    assert figures.quantile(metric(timeouts=0), "p50") == "~1.00"
    assert figures.quantile(metric(timeouts=1), "p50") == "1.00"


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("p99(ack) < 500ms", 9_120, "9.12 ms"),
        ("p99(ack) < 1s", 9_120, "9.12 ms"),
        ("p99(ack) < 1s after 2m", 9_120, "9.12 ms"),
        ("max(ack, type=text) < 1s after 1h", 9_120, "9.12 ms"),
        ('cases("delivery.*") all passed', 3.0, "3"),
        ("error_rate < 0.1%", 0.0018, "0.18 %"),
        ("error_rate < 0.1% after 10s", 0.0018, "0.18 %"),
        ("lost == 0", 4.0, "4"),
        ("rate >= 0.99 * asked", 197.25, "197.2"),
        ("lost == 0", None, "–"),
    ],
)
def test_a_threshold_is_measured_in_the_unit_of_its_limit(
    text: str, value: float | None, written: str
) -> None:
    result = ThresholdResult(text=text, value=value, limit=0, outcome=ThresholdOutcome.MET)
    assert figures.threshold(result, value).replace("\u202f", " ") == written


def test_a_trend_is_in_milliseconds_or_a_number_of_cases() -> None:
    assert figures.trend(2_000.0, Unit.US) == "2.00 ms"
    assert figures.trend(743.0, Unit.CASES) == "743"


def test_a_quantile_of_what_nobody_answered_is_never() -> None:
    assert figures.judged(judging_quantile(HistogramData(), 0.5, 30)) == "never"
    assert figures.judged(judging_quantile(HistogramData(), 0.5, 0)) == figures.NONE
    one = HistogramData({bucket(2_000): 1}, 2_000)
    assert figures.judged(judging_quantile(one, 0.99, 30)) == "~> 2.00"
