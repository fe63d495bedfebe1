"""How a moment is written, in both styles."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.times import rfc3339, writer


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000+00:00"),
        (1_800_000_000_007, "2027-01-15T08:00:00.007+00:00"),
        (1_799_999_999_999, "2027-01-15T07:59:59.999+00:00"),
    ],
)
def test_time_has_offset_and_milliseconds(ms, text):
    assert rfc3339(ms) == text
    assert writer("rfc3339")(ms) == text


@given(st.integers(0, 4_000_000_000_000))
def test_rfc3339_reads_back_exactly(ms):
    assert round(datetime.fromisoformat(rfc3339(ms)).timestamp() * 1000) == ms


def test_a_pattern_is_written_in_utc():
    assert writer("%Y/%m/%d %H:%M:%S")(1_800_000_000_999) == "2027/01/15 08:00:00"
