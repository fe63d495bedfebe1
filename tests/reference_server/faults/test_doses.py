"""Values behind a fault's name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.faults.doses import Part, Span, duration_ns, number, part, share, span


@pytest.mark.parametrize(
    ("text", "ns"), [("20ms", 20_000_000), ("1.5s", 1_500_000_000), ("250us", 250_000)]
)
def test_durations_have_a_unit(text, ns):
    assert duration_ns(text) == ns


def test_two_values_are_joined_by_an_at():
    assert part("20ms@0.05") == Part(20_000_000, 0.05)
    assert span("1s@500ms") == Span(1_000_000_000, 500_000_000)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (duration_ns, "0ms"),
        (duration_ns, "-1ms"),
        (duration_ns, "2h"),
        (duration_ns, "3601s"),
        (share, "0"),
        (share, "1.01"),
        (share, "nan"),
        (number, "0"),
        (number, "1.0"),
        (number, "²"),
        (part, "20ms"),
        (part, "0.05@20ms"),
        (span, "1s@"),
    ],
)
def test_other_values_are_refused(read, text):
    with pytest.raises(ValueError):  # noqa: PT011 - whose message nobody reads
        read(text)


@given(st.sampled_from([duration_ns, share, number, part, span]), st.text(max_size=12))
def test_any_text_is_read_or_refused(read, text):
    with suppress(ValueError):
        assert read(text)
