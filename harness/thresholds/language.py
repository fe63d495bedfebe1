"""Reads one threshold. What is wrong is told with its column, and a wrong name with the nearest.

The grammar is in ``grammar.lark``; which names there are is known to :mod:`.figures`.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NoReturn

import msgspec
from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, VisitError

from harness.errors import UsageError, nearest
from harness.thresholds.figures import ASKED, CONFORMANCE, METRICS, figures
from harness.thresholds.values import (
    CasesDemand,
    Demand,
    FigureDemand,
    LatencyDemand,
    Threshold,
)
from harness.thresholds.windows import windowed
from schemas.words import MessageType

DEFAULTS = ("error_rate < 0.1%", "p99(ack) < 500ms")
"""What a gate demands of every load run beside the absence of violations."""

MOST_CHARS = 400

_UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}
_SPANS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_KIND = "type"
_WANTED = {
    "OPERATOR": "one of < <= > >= ==",
    "NUMBER": "a number",
    "TIME_UNIT": "a unit (us, ms or s)",
    "SPAN_UNIT": "a unit (ms, s, m or h)",
    "LPAR": "'('",
    "RPAR": "')'",
    "NAME": "a name",
    "QUANTILE": "a quantile such as p99",
    "STRING": "a pattern in double quotes",
    "EQUAL": "'='",
    "COMMA": "','",
    "STAR": "'*'",
    "PERCENT": "%",
    "AFTER": "'after'",
    "ALL": "'all passed'",
    "PASSED": "'passed'",
    "CASES": "'cases'",
    "$END": "the end",
}


class _Wrong(Exception):
    """What is read cannot be meant: ``problem`` at ``column``, from 1."""

    def __init__(self, token: Token, problem: str) -> None:
        self.column, self.problem = token.column or 1, problem
        super().__init__(problem)


def parse(text: str) -> Threshold:
    """The threshold that ``text`` says; UsageError with the place where it cannot be read."""
    if len(text) > MOST_CHARS:
        raise UsageError(f"a threshold has {len(text)} characters", f"{MOST_CHARS} are the most")
    try:
        demand = _Reader().transform(_grammar().parse(text))
    except UnexpectedInput as stop:
        _refuse(text, _column(text, stop), f"expected {_expected(stop)}", _example())
    except VisitError as stop:
        if not isinstance(stop.orig_exc, _Wrong):
            raise
        problem, _, advice = stop.orig_exc.problem.partition("; ")
        _refuse(text, stop.orig_exc.column, problem, advice or _example())
    return Threshold(text.strip(), demand)


def _refuse(text: str, column: int, problem: str, advice: str) -> NoReturn:
    raise UsageError(f"the threshold {text!r}, column {column}: {problem}", advice)


def _example() -> str:
    return f"write for example {DEFAULTS[1]!r} or 'lost == 0'"


@cache
def _grammar() -> Lark:
    text = files("harness.thresholds").joinpath("grammar.lark").read_text("utf-8")
    return Lark(text, parser="lalr", propagate_positions=False)


def _column(text: str, stop: UnexpectedInput) -> int:
    at_end = isinstance(stop, UnexpectedEOF) or (
        isinstance(stop, UnexpectedToken) and stop.token.type == "$END"
    )
    return len(text.rstrip()) + 1 if at_end else max(1, stop.column)


def _expected(stop: UnexpectedInput) -> str:
    allowed: Iterable[str] = ()
    if isinstance(stop, UnexpectedCharacters):
        allowed = stop.allowed or ()
    elif isinstance(stop, UnexpectedToken):
        allowed = stop.accepts or stop.expected
    known = [words for name, words in _WANTED.items() if name in set(allowed)]
    return " or ".join(known) or "a threshold"


class _Reader(Transformer[Token, Demand]):
    """From the tree to the value, names checked."""

    def start(self, parts: list[object]) -> Demand:
        demand, *window = parts
        assert isinstance(demand, (LatencyDemand, FigureDemand, CasesDemand))
        if not window:
            return demand
        (after,) = window
        assert isinstance(after, _Span)
        why = _timeless(demand)
        if why or isinstance(demand, CasesDemand):
            raise _Wrong(after.token, f"{why}; leave 'after' away")
        return msgspec.structs.replace(demand, after_s=after.seconds)

    def latency(self, parts: list[object]) -> LatencyDemand:
        quantile, metric, *labels, operator, limit = parts
        name, kind = self._series(_token(metric))
        for label in labels:
            kind = self._kind(label)  # type: ignore[arg-type]
        rank = _text(quantile)
        share = 1.0 if rank == "max" else float(rank[1:]) / 100
        if not 0 < share <= (1.0 if rank == "max" else 0.99999):
            raise _Wrong(_token(quantile), f"there is no quantile {rank!r}; p1 to p99.999, or max")
        return LatencyDemand(
            quantile=rank,
            share=share,
            metric=name,
            operator=_text(operator),
            limit=float(limit),  # type: ignore[arg-type]
            kind=kind,
        )

    def figure_demand(self, parts: list[object]) -> FigureDemand:
        name, operator, limit = parts
        known = _known(_token(name), [*figures(), *METRICS], "figure")
        if known in METRICS and known not in figures():
            raise _Wrong(_token(name), f"{known} is a latency; write p99({known})")
        assert isinstance(limit, tuple)
        return FigureDemand(known, _text(operator), *limit)

    def cases_demand(self, parts: list[Token]) -> CasesDemand:
        return CasesDemand(str(parts[0])[1:-1])

    def plain(self, parts: list[Token]) -> tuple[float, str]:
        return float(parts[0]) * (0.01 if len(parts) > 1 else 1.0), ""

    def relative(self, parts: list[Token]) -> tuple[float, str]:
        *factor, name = parts
        return float(factor[0]) if factor else 1.0, _known(name, [ASKED], "figure to compare with")

    def time(self, parts: list[Token]) -> float:
        return float(parts[0]) * _UNITS[str(parts[1])]

    def window(self, parts: list[Token]) -> "_Span":
        return _Span(parts[0], float(parts[0]) * _SPANS[str(parts[1])])

    def label(self, parts: list[Token]) -> tuple[Token, Token]:
        return parts[0], parts[1]

    def _series(self, metric: Token) -> tuple[str, str]:
        """A latency and, where it is written ``ack.image``, the type of messages."""
        name, dot, kind = metric.partition(".")
        if dot and name in METRICS and kind in tuple(MessageType):
            return name, kind
        return _known(metric, METRICS, "latency"), ""

    def _kind(self, label: tuple[Token, Token]) -> str:
        name, value = label
        _known(name, [_KIND], "label")
        return _known(value, [*MessageType], "type of messages")

    def _only(self, parts: list[Token]) -> Token:
        return parts[0]

    quantile = metric = figure = pattern = _only


def _timeless(demand: Demand) -> str:
    """Why there is nothing of this by second; "" where there is."""
    match demand:
        case LatencyDemand(kind=kind) if kind:
            return f"of messages of one type ({kind}) latencies are kept for the whole load alone"
        case FigureDemand(name=name) if name.startswith(f"{CONFORMANCE}."):
            return "cases are no part of a load, which the seconds are of"
        case FigureDemand(name=name) if name not in windowed():
            those = ", ".join(sorted(windowed()))
            return f"{name!r} is known of the whole load alone (of a part: {those})"
        case CasesDemand():
            return "cases are no part of a load, which the seconds are of"
        case _:
            return ""


class _Span:
    def __init__(self, token: Token, seconds: float) -> None:
        self.token, self.seconds = token, seconds


def _token(part: object) -> Token:
    assert isinstance(part, Token)
    return part


def _text(part: object) -> str:
    return str(_token(part))


def _known(token: Token, names: Iterable[str], what: str) -> str:
    name, known = str(token), list(names)
    if name in known:
        return name
    close = nearest(name, known)
    advice = f"did you mean {close!r}?" if close else f"there are: {', '.join(known[:12])}"
    raise _Wrong(token, f"there is no {what} {name!r}; {advice}")
