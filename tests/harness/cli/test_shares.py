"""Shares as people write them."""

import pytest

from harness.cli.shares import share
from harness.errors import UsageError


@pytest.mark.parametrize(("text", "found"), [("5%", 0.05), ("0.05", 0.05), (" 12.5 % ", 0.125)])
def test_a_share_is_a_fraction_or_a_percentage(text: str, found: float) -> None:
    assert share(text, "--effect") == pytest.approx(found)


@pytest.mark.parametrize("text", ["", "5", "0", "100%", "-1%", "5 percent", "٥%", "1e-2"])
def test_anything_else_names_the_option_and_shows_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"--effect '.*' is no share .*; write 5% or 0.05"):
        share(text, "--effect")
