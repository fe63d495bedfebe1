"""The histogram against its oracle, the sorted list of values."""

import math

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.histogram import (
    Histogram,
    HistogramData,
    bucket,
    judging_quantile,
    merged,
    middle,
    quantile,
    samples_needed,
)

values = st.lists(st.integers(0, 10**9), min_size=1, max_size=200)
shares = st.sampled_from([0.5, 0.9, 0.99, 0.999, 1.0])


def filled(numbers: list[int]) -> HistogramData:
    histogram = Histogram()
    for number in numbers:
        histogram.record(number)
    return histogram.data()


@given(st.integers(0, 2**50))
def test_a_bucket_is_at_most_one_percent_off(value: int) -> None:
    assert abs(middle(bucket(value)) - value) <= value * 0.005


@given(st.integers(0, 2**40))
def test_buckets_keep_the_order_of_values(value: int) -> None:
    assert bucket(value) <= bucket(value + 1) <= bucket(value) + 1


@given(values, shares)
def test_quantiles_are_nearest_rank(numbers: list[int], share: float) -> None:
    exact = sorted(numbers)[max(1, math.ceil(round(share * len(numbers), 9))) - 1]
    found = quantile(filled(numbers), share)
    assert found is not None
    assert abs(found - exact) <= exact * 0.01


@given(values, values)
def test_merging_equals_recording_everything_in_one(first: list[int], second: list[int]) -> None:
    assert merged([filled(first), filled(second)]) == filled(first + second)


@given(values)
def test_writing_down_loses_nothing(numbers: list[int]) -> None:
    data = filled(numbers)
    assert msgspec.json.decode(msgspec.json.encode(data), type=HistogramData) == data


def test_no_samples_give_no_quantile() -> None:
    assert quantile(HistogramData(), 0.5) is None
    assert judging_quantile(HistogramData(), 0.5, 0).at_least_us is None


def test_the_unanswered_rank_above_every_latency() -> None:
    found = judging_quantile(filled([100] * 98), 0.99, unanswered=2)
    assert found.value_us is None
    assert found.at_least_us == 100
    assert judging_quantile(filled([100] * 99), 0.99, unanswered=1).value_us == 100


def test_few_samples_make_a_quantile_indicative() -> None:
    assert samples_needed(0.99) == 1_000
    assert samples_needed(0.999) == 10_000
    assert samples_needed(0.5) == 20
    assert judging_quantile(filled([1] * 999), 0.99, 0).indicative
    assert not judging_quantile(filled([1] * 999), 0.99, 1).indicative


def test_negative_values_are_counted_apart() -> None:
    data = filled([-5, 5])
    assert (data.negative, data.count, data.max_us) == (1, 1, 5)
