"""The limits of a generator as a user writes them."""

import pytest

from harness.errors import UsageError
from harness.swarm.saturation import SaturationLimits, saturation_of


def test_what_is_not_said_stays_as_it_is() -> None:
    assert saturation_of("") == SaturationLimits(20_000, 0.9, 0.2)
    assert saturation_of(" lag=50ms, wait=0.5 ") == SaturationLimits(50_000, 0.9, 0.5)
    assert saturation_of("cpu=1") == SaturationLimits(20_000, 1.0, 0.2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lagg=5ms", "did you mean lag"),
        ("memory=3", "it takes lag, cpu, wait"),
        ("lag", "such as lag=50ms"),
        ("lag=20", "no duration"),
        ("lag=0s", "no duration"),
        ("lag=1h", "is no limit"),
        ("cpu=1.5", "no share of a core"),
        ("cpu=nan", "no share of a core"),
        ("wait=0", "no share of a core"),
    ],
)
def test_what_is_no_limit_is_named(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refusal:
        saturation_of(text)
    assert "--saturated-at" in str(refusal.value)
    assert words in str(refusal.value)
