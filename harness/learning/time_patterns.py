"""Which ``time`` format texts are written in: RFC 3339, else a strptime pattern that fits all.

Pure. Of several patterns that fit, the one whose moments lie nearest to when they were heard.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product

from harness.target.checks import RFC3339

_DAYS = ("%Y{0}%m{0}%d", "%d{0}%m{0}%Y", "%m{0}%d{0}%Y")
_DAY_MARKS = ("-", "/", ".", "")
_JOINTS = (" ", "T", "_", ", ", "")
_CLOCKS = (
    *("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%H%M%S"),
    *("%I:%M:%S %p", "%I:%M %p", "%p %I:%M:%S", "%p %I:%M"),
)
_ZONES = ("", "Z", "%z", " %z")
_CHINESE = "%Y年%m月%d日"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"%[a-zA-Z]")
_DAY_S = 86_400.0


def time_format(times: Sequence[tuple[str, float]]) -> str | None:
    """The format of every text in ``times``, each with the Unix time at which it was heard.

    None when none fits all of them to within a day (texts without an offset may be local).
    """
    if not times:
        return None
    if all(moment_of(written, RFC3339) is not None for written, _ in times):
        return RFC3339
    likely = [pattern for pattern in _patterns() if _has_marks(times[0][0], pattern)]
    fitting = [(_farthest_s(pattern, times), pattern) for pattern in likely]
    near = [(far_s, pattern) for far_s, pattern in fitting if far_s is not None and far_s <= _DAY_S]
    return min(near, key=lambda entry: entry[0])[1] if near else None


def moment_of(written: str, pattern: str) -> datetime | None:
    """The moment that ``written`` names under ``pattern``; UTC where it tells no offset."""
    try:
        if pattern != RFC3339:
            moment = datetime.strptime(written, pattern)
        elif _RFC3339.fullmatch(written):
            moment = datetime.fromisoformat(written)
        else:
            return None
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _patterns() -> Iterator[str]:
    days = [day.format(mark) for day, mark in product(_DAYS, _DAY_MARKS)]
    for day, joint, clock, zone in product((*days, _CHINESE), _JOINTS, _CLOCKS, _ZONES):
        yield f"{day}{joint}{clock}{zone}"


def _has_marks(written: str, pattern: str) -> bool:
    """Whether ``written`` has every sign that stands in ``pattern`` as it is."""
    return all(sign in written for sign in _DIRECTIVE.sub("", pattern))


def _farthest_s(pattern: str, times: Sequence[tuple[str, float]]) -> float | None:
    """How far the farthest moment lies from its hearing; None when a text does not fit."""
    farthest = 0.0
    for written, heard_s in times:
        moment = moment_of(written, pattern)
        if moment is None:
            return None
        farthest = max(farthest, abs(moment.timestamp() - heard_s))
    return farthest
