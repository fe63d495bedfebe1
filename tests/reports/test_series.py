from hypothesis import given
from hypothesis import strategies as st

from reports.series import bins
from schemas.histogram import Histogram, HistogramData
from schemas.load_records import Second


def _second(number: int, sent: int, *latencies_us: int) -> Second:
    collected = Histogram()
    for value in latencies_us:
        collected.record(value)
    counts = {"sent": sent, "open": number}
    return Second(second=number, counts=counts, latencies={"ack": collected.data()})


@given(st.sets(st.integers(-50, 5_000), min_size=1, max_size=200), st.integers(1, 40))
def test_bins_are_few_and_lose_nothing(numbers: set[int], most: int) -> None:
    drawn = bins([_second(number, 3, 100) for number in numbers], most)
    assert len(drawn) <= most
    assert sum(bin_.counts.get("sent", 0) for bin_ in drawn) == 3 * len(numbers)
    counts = [bin_.latencies.get("ack", HistogramData()).count for bin_ in drawn]
    assert sum(counts) == len(numbers)


def test_a_hole_in_the_log_is_unknown_and_not_zero() -> None:
    drawn = bins([_second(0, 5), _second(2, 5)])
    assert [bin_.per_second("sent") for bin_ in drawn] == [5, None, 5]
    assert [bin_.open for bin_ in drawn] == [0, None, 2]


def test_a_word_that_did_not_happen_is_zero() -> None:
    assert bins([_second(0, 5)])[0].per_second("refused") == 0


def test_rates_are_per_second_whatever_the_width() -> None:
    drawn = bins([_second(number, 10) for number in range(8)], most=2)
    assert [(bin_.start_s, bin_.width_s, bin_.per_second("sent")) for bin_ in drawn] == [
        (0, 4, 10),
        (4, 4, 10),
    ]


def test_what_is_left_over_for_the_last_is_no_drop() -> None:
    drawn = bins([_second(number, 10) for number in range(8)], most=3)
    assert [(bin_.width_s, bin_.per_second("sent")) for bin_ in drawn] == [
        (3, 10),
        (3, 10),
        (2, 10),
    ]
    assert drawn[-1].name == "seconds 6 to 7"


def test_quantiles_come_from_the_merged_histograms() -> None:
    drawn = bins([_second(0, 1, 10, 20), _second(1, 1, 30, 40)], most=1)
    assert drawn[0].latency_us("ack", 0.5) == 20
    assert drawn[0].latency_us("deliver", 0.5) is None


def test_nothing_gives_nothing() -> None:
    assert bins([]) == []
