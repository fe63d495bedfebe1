"""How numbers are written: sensible digits, units, and a dash where there is no number."""

import re

from schemas.histogram import Quantile, samples_needed
from schemas.history import Unit
from schemas.summary import MetricSummary
from schemas.verdict_file import ThresholdResult

NONE = "–"
NEVER = "never"
THIN = "\N{NARROW NO-BREAK SPACE}"

_LATENCY = re.compile(r"(?:p[\d.]+|max)\s*\(")
_SHARE = re.compile(r"%\s*(after\b.*)?$")

QUANTILES = (
    ("p50", "p50", 0.5),
    ("p90", "p90", 0.9),
    ("p99", "p99", 0.99),
    ("p999", "p99.9", 0.999),
)
"""The summary's names of the quantiles, how people write them, and their shares."""


def count(number: int | None) -> str:
    """A count with its thousands set apart."""
    return NONE if number is None else f"{number:,}".replace(",", THIN)


def milliseconds(value_us: float | None) -> str:
    """Microseconds as milliseconds with three digits that mean something."""
    if value_us is None:
        return NONE
    value = value_us / 1000
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:,.{digits}f}".replace(",", THIN)


def share(value: float | None) -> str:
    """A share as a percentage; only nothing is 0 % and only all is 100 %."""
    if value is None:
        return NONE
    percent = value * 100
    if percent in (0, 100):
        return f"{percent:.0f}{THIN}%"
    if 0 < percent < 0.0001:
        return f"< 0.0001{THIN}%"
    if 99.99 < percent < 100:
        return f"> 99.99{THIN}%"
    digits = 1 if 1 <= percent < 99.95 else 2 if percent >= 0.1 else 4
    return f"{percent:.{digits}f}{THIN}%"


def per_second(value: float | None) -> str:
    """A rate without needless digits."""
    return NONE if value is None else f"{value:,.1f}".removesuffix(".0").replace(",", THIN)


def duration(seconds: float | None) -> str:
    """A length of time as a person would say it."""
    if seconds is None:
        return NONE
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + f"{THIN}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{THIN}min {rest:02d}{THIN}s"
    return f"{minutes // 60}{THIN}h {minutes % 60:02d}{THIN}min"


def judged(found: Quantile) -> str:
    """A quantile in ms: ``~`` before one with too few samples, ``> x`` for one not reached.

    :data:`NEVER` where nothing was answered, so that there is no such ``x``.
    """
    if found.value_us is None and found.at_least_us is None:
        return NONE
    if found.value_us is None and not found.at_least_us:
        return NEVER
    value = (
        milliseconds(found.value_us)
        if found.value_us is not None
        else f"> {milliseconds(found.at_least_us)}"
    )
    return f"~{value}" if found.indicative else value


def quantile(metric: MetricSummary, name: str) -> str:
    """The summary's quantile ``name`` of ``metric``, written like :func:`judged`."""
    return judged(
        Quantile(
            value_us=getattr(metric, f"{name}_us"),
            at_least_us=getattr(metric, f"{name}_at_least_us"),
            samples=metric.count + unanswered(metric),
            needed=samples_needed(next(share for key, _, share in QUANTILES if key == name)),
        )
    )


def unanswered(metric: MetricSummary) -> int:
    """How many of ``metric`` were due and have no latency."""
    return metric.timeouts + metric.in_flight + metric.unsent


def threshold(result: ThresholdResult, value: float | None) -> str:
    """A threshold's value or limit in the unit in which its text writes the limit."""
    if value is None:
        return NONE
    text = result.text.strip()
    if _SHARE.search(text):
        return share(value)
    if _LATENCY.match(text):
        return f"{milliseconds(value)}{THIN}ms"
    return count(int(value)) if float(value).is_integer() else f"{value:.4g}"


def trend(value: float, unit: Unit) -> str:
    """A value of a history's trend with its unit."""
    return f"{milliseconds(value)} ms" if unit is Unit.US else count(round(value))


def change(value: float | None) -> str:
    """A ratio less 1 as a signed percentage."""
    return (
        NONE
        if value is None
        else f"{value:+.1%}".replace("-", "\N{MINUS SIGN}").replace("%", f"{THIN}%")
    )


def interval(low: float | None, high: float | None) -> str:
    """Two ratios less 1 as a range."""
    return NONE if low is None or high is None else f"{change(low)} … {change(high)}"
