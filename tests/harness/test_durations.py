"""Durations as people write them."""

import pytest

from harness.durations import seconds
from harness.errors import UsageError


@pytest.mark.parametrize(
    ("text", "found"), [("500ms", 0.5), ("30s", 30), ("2m", 120), ("1.5h", 5400), (" 1S ", 1)]
)
def test_a_duration_has_a_number_and_a_unit(text: str, found: float) -> None:
    assert seconds(text, "--duration") == found


@pytest.mark.parametrize("text", ["", "30", "s", "-1s", "1d", "1s2", "0s", "1e3s", "٣s", "9" * 99])
def test_anything_else_names_the_option_and_shows_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"--duration '.*' is no duration; write .* 500ms, 30s"):
        seconds(text, "--duration")


def test_zero_is_a_duration_where_it_makes_sense() -> None:
    assert seconds("0s", "--warm-up", zero=True) == 0
