"""The bucket of messages: what it holds, how it fills."""

from hypothesis import given
from hypothesis import strategies as st

from reference_server.allowance import Allowance


def test_a_second_s_worth_may_come_at_once_and_no_more():
    allowance = Allowance(3, now_s=10.0)
    assert [allowance.take(10.0) for _ in range(4)] == [True, True, True, False]


def test_it_fills_with_time_but_never_over():
    allowance = Allowance(2, now_s=0.0)
    assert allowance.take(0.0)
    assert allowance.take(0.0)
    assert not allowance.take(0.25)
    assert allowance.take(0.5)
    assert [allowance.take(100.0) for _ in range(3)] == [True, True, False]


@given(st.integers(1, 20), st.lists(st.floats(0, 2), max_size=200))
def test_no_more_is_taken_than_the_rate_allows(rate, gaps):
    allowance, now, taken = Allowance(rate, now_s=0.0), 0.0, 0
    for gap in gaps:
        now += gap
        taken += allowance.take(now)
        assert taken <= rate * (now + 1) + 1e-6
