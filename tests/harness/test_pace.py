"""How soon one more message may be sent."""

from hypothesis import given
from hypothesis import strategies as st

from harness.pace import WINDOW_S, Pace


def test_without_a_limit_nothing_waits():
    pace = Pace(0)
    for _ in range(100):
        assert pace.wait_s(1.0) == 0
        pace.sent(1.0)


def test_a_full_second_is_waited_out():
    pace = Pace(2)
    pace.sent(10.0)
    pace.sent(10.1)
    assert pace.wait_s(10.2) == 10.0 + WINDOW_S - 10.2
    assert pace.wait_s(10.0 + WINDOW_S) == 0


@given(st.integers(1, 20), st.lists(st.floats(0, 0.5), max_size=100))
def test_no_second_holds_more_than_the_limit(per_s, pauses_s):
    pace, now_s, sent_s = Pace(per_s), 0.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        now_s += pace.wait_s(now_s)
        pace.sent(now_s)
        sent_s.append(now_s)
    for first, last in zip(sent_s, sent_s[per_s:], strict=False):
        assert last - first > 1
