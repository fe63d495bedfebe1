"""Trials gathered by level."""

from reports.capacity_levels import levels, verdict_tone
from reports.symbols import Tone
from tests.reports.made_capacity import FOUND


def test_every_level_has_its_outcomes_and_the_range_of_what_was_measured() -> None:
    low, high = levels(FOUND)
    assert (low.level, low.outcomes, low.tone) == (100, "3 held", Tone.GOOD)
    assert (high.level, high.outcomes, high.tone) == (104, "2 failed", Tone.BAD)
    assert high.values[0].endswith("not reached within 900 ms")
    assert verdict_tone(FOUND) is Tone.GOOD
