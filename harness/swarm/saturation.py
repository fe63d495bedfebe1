"""From where on a load generator counts as saturated, and how a user sets it. Pure.

Source: measurement §5 for the figures; they are options.
"""

from collections.abc import Callable, Mapping

import msgspec

from harness.durations import seconds
from harness.errors import UsageError, nearest, shown

_MOST_LAG_S = 60.0


class SaturationLimits(msgspec.Struct, frozen=True):
    """Lag of loop and schedule (p99, µs), processor share for five seconds, and share of the time
    spent waiting for a core. Shares are of one core; above them a generator is saturated.
    """

    lag_us: int = 20_000
    cpu_share: float = 0.9
    core_wait_share: float = 0.2


def saturation_of(text: str, option: str = "--saturated-at") -> SaturationLimits:
    """``lag=50ms,cpu=0.95,wait=0.3``, any of them; UsageError names what is none."""
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = part.partition("=")
        if name not in _WORDS:
            close = nearest(name, _WORDS)
            known = f"it takes {', '.join(_WORDS)}"
            raise UsageError(
                f"{option}: there is no limit {shown(name)}",
                f"did you mean {close}?" if close else known,
            )
        if not equals:
            raise UsageError(f"{option}: {name} needs a limit", f"such as {_WORDS[name][2]}")
        field, parse, _ = _WORDS[name]
        found[field] = parse(value.strip(), option)
    return SaturationLimits(**found)  # type: ignore[arg-type]  # each by its own parser


def _lag(text: str, option: str) -> float:
    lag_s = seconds(text, option)
    if lag_s > _MOST_LAG_S:
        raise UsageError(f"{option}: a lag of {shown(text)} is no limit", "such as lag=50ms")
    return round(lag_s * 1e6)


def _share(text: str, option: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise UsageError(
            f"{option}: {shown(text)} is no share of a core", "a number over 0, at most 1"
        )
    return share


_WORDS: Mapping[str, tuple[str, Callable[[str, str], float], str]] = {
    "lag": ("lag_us", _lag, "lag=50ms"),
    "cpu": ("cpu_share", _share, "cpu=0.95"),
    "wait": ("core_wait_share", _share, "wait=0.3"),
}
