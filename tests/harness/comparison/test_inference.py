"""Welch, known noise, Holm and the number of runs, against figures known from elsewhere."""

import math

import pytest
from scipy import stats

from harness.comparison.inference import (
    against_history,
    holm,
    runs_to_decide,
    welch,
    with_noise,
)

BASE = [1.02, 0.98, 1.01, 1.05, 0.94]
SLOWER = [1.20, 1.11, 1.13, 1.22, 1.18]


def test_welch_agrees_with_a_known_implementation():
    known = stats.ttest_ind(SLOWER, BASE, equal_var=False, alternative="greater")
    found = welch(BASE, SLOWER)
    assert found.p_value == pytest.approx(known.pvalue, rel=0.02)  # but for the buckets' share
    low, high = stats.ttest_ind(SLOWER, BASE, equal_var=False).confidence_interval(0.90)
    assert found.interval() == pytest.approx((low, high), rel=0.01)


def test_equal_values_are_no_certainty_beyond_the_width_of_a_bucket():
    found = welch([1.0, 1.0, 1.0], [1.001, 1.001, 1.001])
    assert found.p_value > 0.3


def test_one_run_is_set_against_the_spread_of_the_base():
    assert against_history(BASE, [1.0]).p_value > 0.4
    assert against_history(BASE, [1.5]).p_value < 0.01


def test_known_noise_decides_with_one_run_a_side():
    assert with_noise([1.0], [1.1], 0.02).p_value < 0.05
    assert with_noise([1.0], [1.1], 0.10).p_value > 0.2


def test_holm_steps_down_and_never_falls():
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({}) == {}


def test_more_runs_are_asked_for_where_the_spread_is_wide():
    effect = math.log(1.05)
    narrow = runs_to_decide(welch([0.0, 0.02, 0.01], [0.10, 0.12, 0.08]), effect, 0.05)
    wide = runs_to_decide(welch([0.0, 0.2, 0.1], [0.15, 0.35, 0.25]), effect, 0.05)
    assert narrow is not None
    assert wide is not None
    assert narrow < wide


def test_what_no_affordable_number_of_runs_decides_is_said():
    on_the_edge = welch([0.0, 0.2, 0.4], [0.05, 0.25, 0.45])
    assert runs_to_decide(on_the_edge, 0.0501, 0.05) is None
