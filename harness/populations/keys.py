"""The register of a population file's keys as data: name, where its value goes, what it may be."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from harness.durations import seconds
from harness.errors import UsageError
from harness.populations.habits import Bend, Coming, Distribution, Span
from harness.populations.population import LANGUAGES, MODELS

MOST = 1_000_000
_MIX = ("text", "image", "title")
_SUM_SLACK = 1e-6

Parse = Callable[[Any], Any]
"""The value in our form; ValueError when it is none."""


class Key(msgspec.Struct, frozen=True):
    """``place`` is the field that takes the value; ``expects`` completes "expected …"."""

    name: str
    place: str
    expects: str
    parse: Parse
    choices: tuple[str, ...] = ()


def _fail() -> Any:
    raise ValueError


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value else _fail()


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else _fail()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    return float(value)


def _whole(least: int) -> Parse:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
            raise ValueError
        return value

    return parse


def _positive(value: Any) -> float:
    number = _number(value)
    return number if 0 < number <= MOST else _fail()


def _share(value: Any) -> float:
    number = _number(value)
    return number if 0 <= number <= 1 else _fail()


def _time(value: Any) -> float:
    try:
        return seconds(_text(value), "", zero=True)
    except UsageError:
        raise ValueError from None


def _span(value: Any) -> Span:
    if not isinstance(value, dict):
        return Span(_time(value))
    if value.keys() - {"mean", "distribution", "spread"} or "mean" not in value:
        raise ValueError
    distribution = Distribution(value.get("distribution", Distribution.CONSTANT))
    spread = _number(value.get("spread", 0.5))
    return Span(_time(value["mean"]), distribution, spread if 0 <= spread <= 5 else _fail())


def _chars(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError
    least, most = (_whole(1)(part) for part in value)
    return (least, most) if least <= most else _fail()


def _mix(value: Any) -> tuple[float, ...]:
    if not isinstance(value, dict) or value.keys() - set(_MIX):
        raise ValueError
    shares = tuple(_share(value.get(kind, 0.0)) for kind in _MIX)
    return shares if abs(sum(shares) - 1) < _SUM_SLACK else _fail()


def _shape(value: Any) -> tuple[Bend, ...]:
    if not isinstance(value, list) or len(value) < 2:
        raise ValueError
    bends = tuple(_bend(part) for part in value)
    places = [bend.at for bend in bends]
    right = places == sorted(places) and (places[0], places[-1]) == (0.0, 1.0)
    return bends if right and any(bend.rate for bend in bends) else _fail()


def _bend(value: Any) -> Bend:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError
    rate = _number(value[1])
    return Bend(_share(value[0]), rate if 0 <= rate <= MOST else _fail())


def _one_of(choices: tuple[str, ...]) -> Parse:
    return lambda value: value if value in choices else _fail()


def _languages(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or set(value) - set(LANGUAGES):
        raise ValueError
    return tuple(value)


_A_SHARE = "a share from 0 to 1"
_A_TIME = 'a time: "500ms", "30s", "2m"'
_A_SPAN = (
    'a time like "2s", or {mean = "2s", distribution = "exponential"} (constant, exponential,'
    " lognormal; spread for the last)"
)
_CHARS = "[least, most] characters, 1 or more"
_SHAPES = tuple(str(shape) for shape in Distribution)
_COMINGS = tuple(str(coming) for coming in Coming)

_ALL = (
    Key("about", "about", "a sentence", _text),
    Key("load.rate", "rate", "messages per second, over 0", _positive),
    Key("load.duration", "duration_s", _A_TIME, _time),
    Key("load.warm_up", "warm_up_s", _A_TIME, _time),
    Key("load.model", "model", f"one of {', '.join(MODELS)}", _one_of(MODELS), MODELS),
    Key(
        "load.shape",
        "shape",
        "[[share of the duration, share of the rate], …] from 0.0 to 1.0, not all of it silent",
        _shape,
    ),
    Key("load.languages", "languages", f"a list of {', '.join(LANGUAGES)}", _languages),
    Key("load.connects_per_s", "connects_per_s", "handshakes per second, over 0", _positive),
    Key("load.connects_at_once", "connects_at_once", "a whole number, 1 or more", _whole(1)),
    Key("customers.count", "customers", "a whole number, 0 or more", _whole(0)),
    Key(
        "customers.arrive",
        "customer.coming",
        f"one of {', '.join(_COMINGS)}",
        lambda value: Coming(_text(value)),
        _COMINGS,
    ),
    Key("customers.ramp", "customer.ramp_s", _A_TIME, _time),
    Key("customers.sessions_per_s", "customer.sessions.per_s", "a rate over 0", _positive),
    Key("customers.session", "customer.sessions.length", _A_SPAN, _span, _SHAPES),
    Key("customers.devices", "customer.devices", "a whole number, 1 or more", _whole(1)),
    Key(
        "customers.mix",
        "customer.mix",
        "{text = …, image = …, title = …}, shares that add to 1",
        _mix,
    ),
    Key("customers.text_chars", "customer.text_chars", _CHARS, _chars),
    Key("customers.think", "customer.think", _A_SPAN, _span, _SHAPES),
    Key("customers.read_share", "customer.read_share", _A_SHARE, _share),
    Key("customers.receipt_share", "customer.receipt_share", _A_SHARE, _share),
    Key("customers.idle_share", "customer.idle_share", _A_SHARE, _share),
    Key("customers.slow_share", "customer.slow_share", _A_SHARE, _share),
    Key("customers.slow_pause", "customer.slow_pause_s", _A_TIME, _time),
    Key("customers.reconnect.every", "customer.reconnects.every_s", _A_TIME, _time),
    Key("customers.reconnect.share", "customer.reconnects.share", _A_SHARE, _share),
    Key("customers.reconnect.within", "customer.reconnects.within_s", _A_TIME, _time),
    Key("customers.reconnect.away", "customer.reconnects.away_s", _A_TIME, _time),
    Key("customers.reconnect.abrupt", "customer.reconnects.abrupt", "true or false", _flag),
    Key("staff.count", "staff", "a whole number, 0 or more", _whole(0)),
    Key("staff.reply", "service.reply", _A_SPAN, _span, _SHAPES),
    Key("staff.close_share", "service.close_share", _A_SHARE, _share),
    Key("staff.patience", "service.patience_s", _A_TIME, _time),
    Key("staff.answer_chars", "service.answer_chars", _CHARS, _chars),
)

KEYS: Mapping[str, Key] = {key.name: key for key in _ALL}
TABLES = ("load", "customers", "customers.reconnect", "staff")
