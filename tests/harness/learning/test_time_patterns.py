"""Formats of time, read off what was written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies

from harness.learning.time_patterns import moment_of, time_format

NOON = datetime(2026, 11, 22, 12, 30, 15, 123000, tzinfo=UTC)
PATTERNS = [
    *("%Y/%m/%d %H:%M:%S", "%Y-%m-%d_%H:%M:%S.%f", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p"),
    *("%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M:%S %z"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_pattern_that_wrote_the_times_is_found(pattern):
    moments = [NOON, NOON + timedelta(minutes=71)]
    times = [(moment.strftime(pattern), moment.timestamp()) for moment in moments]
    assert time_format(times) == pattern


@pytest.mark.parametrize("written", ["2026-11-22T12:30:15.123+00:00", "2026-11-22T12:30:15Z"])
def test_rfc3339_is_known_by_name(written):
    assert time_format([(written, NOON.timestamp())]) == "rfc3339"


def test_one_time_of_another_kind_spoils_the_format():
    written = [("2026-11-22T12:30:15Z", 0.0), ("2026-11-22 12:30:15", NOON.timestamp())]
    assert time_format(written) is None


def test_day_and_month_are_told_apart_by_the_clock():
    eleventh_of_december = datetime(2026, 12, 11, 9, tzinfo=UTC)
    written = eleventh_of_december.strftime("%d/%m/%Y %H:%M:%S")
    assert time_format([(written, eleventh_of_december.timestamp())]) == "%d/%m/%Y %H:%M:%S"


def test_local_time_without_an_offset_is_accepted():
    taipei = NOON.astimezone(timezone(timedelta(hours=8)))
    written = taipei.strftime("%Y-%m-%d %H:%M:%S")
    assert time_format([(written, NOON.timestamp())]) == "%Y-%m-%d %H:%M:%S"


def test_no_times_and_far_times_have_no_format():
    assert time_format([]) is None
    assert time_format([("2001-01-01 00:00:00", NOON.timestamp())]) is None


@given(strategies.text(max_size=60))
def test_any_text_is_survived(written):
    found = time_format([(written, NOON.timestamp())])
    assert found is None or moment_of(written, found) is not None
