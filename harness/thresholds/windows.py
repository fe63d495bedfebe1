"""Figures of a part of a load: of its seconds from one on. Knows what the log keeps by second.

Sums run to the end of the drain, so that what came of the window's messages is in them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from schemas.load_records import Second
from schemas.run_log import Run

OPEN = "open"
"""The one level among them: open connections, which are as many as they were, not a sum."""

RECEIVED = "received"

Windowed = Callable[[Run, float], float | None]

_SUMS = ("sent", "acked", "refused", RECEIVED, "invalid")
_TOLD = ("unknown", "dropped_by_server", "failed_connects", "reconnects")
_DUE, _IN_TIME, _CONNECTS = "due", "sent_in_time", "connects"

_ERRORS = ("refused_unexpectedly", "unknown", "failed_connects")


def windowed() -> Mapping[str, Windowed]:
    """All that have a time, by name. Each is None where the seconds from then on do not tell it."""
    of_seconds: dict[str, Windowed] = {word: partial(_sum, word) for word in _SUMS}
    of_seconds |= {word: partial(_told, word) for word in _TOLD}
    return of_seconds | {
        "rate": partial(_per_second, _IN_TIME),
        "asked": partial(_per_second, _DUE),
        "reached_share": _reached_share,
        "error_rate": _error_rate,
        OPEN: lambda run, after_s: min(open_levels(run, after_s), default=None),
    }


def seconds_of(run: Run, after_s: float) -> Sequence[Second]:
    """The seconds of ``run`` from ``after_s`` on. The warm-up is in no window."""
    from_s = max(after_s, run.plan.warm_up_s if run.plan else 0.0)
    return [each for each in run.seconds if each.second >= from_s]


def open_levels(run: Run, after_s: float) -> Sequence[int]:
    """How many connections were open in each second, until the drain."""
    end_s = _end_s(run)
    return [
        each.counts[OPEN]
        for each in seconds_of(run, after_s)
        if OPEN in each.counts and each.second < end_s
    ]


def _sum(word: str, run: Run, after_s: float) -> float | None:
    found = seconds_of(run, after_s)
    return sum(each.counts.get(word, 0) for each in found) if found else None


def _told(word: str, run: Run, after_s: float) -> float | None:
    """As :func:`_sum`, of a word that a second tells even where it is 0: else it is not known."""
    found = seconds_of(run, after_s)
    told = found and all(word in each.counts for each in found)
    return sum(each.counts[word] for each in found) if told else None


def _per_second(word: str, run: Run, after_s: float) -> float | None:
    found = seconds_of(run, after_s)
    number = _sum(_DUE, run, after_s) if word == _DUE else _told(word, run, after_s)
    last = max((each.second + 1 for each in found if each.counts.get(_DUE)), default=0)
    length_s = min(_end_s(run), last) - found[0].second if found else 0.0
    return number / length_s if number is not None and length_s > 0 else None


def _reached_share(run: Run, after_s: float) -> float | None:
    due, in_time = _sum(_DUE, run, after_s), _told(_IN_TIME, run, after_s)
    return in_time / due if due and in_time is not None else None


def _error_rate(run: Run, after_s: float) -> float | None:
    """As that of the whole load (measurement §4); what stayed unsent is an error of any window."""
    errors = [_told(word, run, after_s) for word in _ERRORS]
    due, connects = _sum(_DUE, run, after_s), _told(_CONNECTS, run, after_s)
    if due is None or connects is None or None in errors or not due + connects:
        return None
    unsent = run.totals.rate.unsent if run.totals else 0
    return (sum(filter(None, errors)) + unsent) / (due + connects)


def _end_s(run: Run) -> float:
    """When the drain began, as far as it is known."""
    if run.aborted is not None:
        return run.aborted.at_s
    return (run.plan.duration_s if run.plan else 0.0) or math.inf
