"""Judges one frame by itself: bytes in, the value and a list of findings out.

Knows the schemas and the clause register, and nothing of what was sent before. A valid frame costs
one parse, one compiled validation and a look at its text; a broken one is explained in full.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import jsonschema
import msgspec
import orjson

from schemas.clauses import clause
from schemas.explanation import actual, expected, json_type, missing
from schemas.findings import Finding
from schemas.json_flaws import MAX_DEPTH, SAFE_INTEGER, Flaw, FlawKind
from schemas.json_text import read
from schemas.modes import Tier
from schemas.plain_frames import Plain, PlainReader
from schemas.registry import URN, Direction, WireDialect, compiled, documents
from schemas.words import MsgStatus

MAX_FINDINGS = 20

Place = tuple[str, ...]


def _known_members(direction: Direction) -> Mapping[Place, frozenset[str]]:
    """The documented members of each object in a frame, by its place, read off the schemas."""
    places: dict[Place, str] = {(): direction}
    if direction is Direction.SERVER:
        message = "WebSocketOut_msg"
        places |= {("msg",): message, ("msg", "location"): "location", ("msg", "info"): "info"}
    return {
        place: frozenset(documents()[URN.format(tier=Tier.LITERAL, name=name)]["properties"])
        for place, name in places.items()
    }


_SIDE = {Direction.CLIENT: "in", Direction.SERVER: "out"}
_ONE_OBJECT = "one JSON object"

# What each flaw of the text breaks, by who sent it, and what was expected instead.
_FLAWS: Mapping[FlawKind, tuple[str, str, str]] = {
    FlawKind.NOT_UTF8: ("rfc-text-utf8", "in-text-utf8", "UTF-8"),
    FlawKind.SYNTAX: ("out-json-object", "in-json-object", _ONE_OBJECT),
    FlawKind.NOT_A_NUMBER: ("out-json-object", "in-json-object", _ONE_OBJECT),
    FlawKind.TRAILING: ("out-json-object", "in-json-object", _ONE_OBJECT),
    FlawKind.BYTE_ORDER_MARK: ("out-byte-order-mark", "in-odd-json", "JSON from the first byte"),
    FlawKind.DUPLICATE_MEMBER: ("out-duplicate-member", "in-odd-json", "each member once"),
    FlawKind.LONE_SURROGATE: ("out-lone-surrogate", "in-odd-json", "whole characters"),
    FlawKind.NULL_CHARACTER: ("out-null-character", "in-odd-json", "characters above U+0000"),
    FlawKind.NESTING: ("out-deep-nesting", "in-odd-json", f"at most {MAX_DEPTH} levels"),
    FlawKind.NUMBER_RANGE: ("out-number-range", "in-odd-json", "numbers that all parsers hold"),
}

_LONG_NUMBER = re.compile(rb"[0-9]{16}")


class Judged(msgspec.Struct, frozen=True):
    """A frame's value (None when it is no JSON object) and what is wrong with it."""

    value: dict[str, Any] | None
    findings: tuple[Finding, ...]


class FrameJudge:
    """Judges the text messages of one direction under one dialect. Stateless and thread-safe.

    ``plain`` gives a server frame of the commonest kinds, in which :meth:`judge` finds nothing, and
    None for any other frame, which is to be judged.
    """

    def __init__(
        self, direction: Direction = Direction.SERVER, dialect: WireDialect | None = None
    ) -> None:
        dialect = dialect or WireDialect()
        self._direction = direction
        self._strict = dialect.tier is Tier.STRICT
        validators = compiled(direction, dialect)
        self._is_plain = validators.plain.is_valid
        self._is_valid = validators.fast.is_valid
        self._full = validators.full
        self._members = _known_members(direction)
        self.plain: Callable[[bytes], Plain | None] = _none_is_plain
        if direction is Direction.SERVER:
            self.plain = PlainReader(dialect).read

    def judge(self, data: bytes | str) -> Judged:
        """The findings of one whole message: UTF-8 bytes, or text that is already decoded."""
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            return self._read(data)
        if type(value) is not dict:
            return self._no_object(value, data)
        if self._is_plain(value) and _plain_count(value) and _clear(data, value):
            return Judged(value, ())
        if _suspicious(data, value):
            return self._read(data)
        return Judged(value, tuple(self._explain(value, data)))

    def _read(self, data: bytes | str) -> Judged:
        """The message read token by token, for what the fast parser refuses or passes over."""
        reading = read(data)
        found = [self._flawed(flaw, data) for flaw in reading.flaws]
        value = orjson.loads(reading.text) if reading.text is not None else None
        if type(value) is dict:
            found.extend(self._explain(value, data))
            return Judged(value, tuple(found))
        if reading.text is None:
            return Judged(None, tuple(found))
        return Judged(None, (*found, *self._no_object(value, data).findings))

    def _flawed(self, flaw: Flaw, data: bytes | str) -> Finding:
        server, client, wanted = _FLAWS[flaw.kind]
        slug = server if self._direction is Direction.SERVER else client
        return clause(slug).broken(
            expected=wanted, actual=str(flaw), pointer=flaw.pointer, frame=data
        )

    def _no_object(self, value: object, data: bytes | str) -> Judged:
        found = clause(f"{_SIDE[self._direction]}-json-object").broken(
            expected="a JSON object", actual=f"JSON {json_type(value)}", frame=data
        )
        return Judged(None, (found,))

    def _explain(self, value: dict[str, Any], data: bytes | str) -> Iterable[Finding]:
        errors = () if self._is_valid(value) else self._errors(value)
        found = [self._finding(error, data) for error in errors]
        typed = {finding.pointer for finding in found if finding.clause.endswith("-type")}
        for finding in found:
            # A wrong JSON type breaks the words of that member too; one cause, one finding.
            if finding.pointer not in typed or finding.clause.endswith("-type"):
                yield finding
        yield from self._strangers(value, data)
        if self._zero_elsewhere(value):
            yield clause("out-unread-zero-elsewhere").broken(
                expected="no NoReadQty", actual="0", pointer="/NoReadQty", frame=data
            )

    def _errors(self, value: dict[str, Any]) -> list[jsonschema.ValidationError]:
        errors: dict[tuple[object, ...], jsonschema.ValidationError] = {}
        for error in self._full.iter_errors(value):
            errors.setdefault((self._slug(error), *error.absolute_path), error)
            if len(errors) >= MAX_FINDINGS:
                break
        return list(errors.values())

    def _finding(self, error: jsonschema.ValidationError, data: bytes | str) -> Finding:
        pointer = "".join(f"/{part}" for part in error.absolute_path)
        return clause(self._slug(error)).broken(
            expected=expected(error), actual=actual(error), pointer=pointer, frame=data
        )

    def _slug(self, error: jsonschema.ValidationError) -> str:
        """The clause of a failed keyword: named beside it, or the type of the member it sits at."""
        schema = error.schema if isinstance(error.schema, dict) else {}
        named = schema.get("x-clauses", {}).get(error.validator)
        if isinstance(named, dict):
            named = named[missing(error)]
        if named is not None:
            return str(named)
        path = "-".join(str(part).lower() for part in error.absolute_path)
        return f"{_SIDE[self._direction]}-{path}-type"

    def _strangers(self, value: dict[str, Any], data: bytes | str) -> Iterable[Finding]:
        """Members that the page does not know, told apart from known ones that are misspelled."""
        for place, known in self._members.items():
            node, pointer = _node(value, place), "".join(f"/{name}" for name in place)
            folded = {_fold(name): name for name in known}
            strangers = sorted(node.keys() - known)[:MAX_FINDINGS] if node is not None else ()
            for name in strangers:
                right = folded.get(_fold(name))
                slug = "extra-member" if right is None else "member-spelling"
                if right is not None or self._direction is Direction.SERVER:
                    yield clause(f"{_SIDE[self._direction]}-{slug}").broken(
                        expected=right or "documented members alone",
                        actual=name[:100],
                        pointer=pointer,
                        frame=data,
                    )

    def _zero_elsewhere(self, value: dict[str, Any]) -> bool:
        return (
            value.get("NoReadQty") == 0
            and value.get("MsgStatus") != MsgStatus.RECEIVE
            and type(value["NoReadQty"]) is int
            and self._strict
        )


def _none_is_plain(data: bytes) -> Plain | None:  # noqa: ARG001 - clients' frames are few
    return None


def _node(value: dict[str, Any], place: Place) -> dict[str, Any] | None:
    """The object at ``place``, or None where there is none."""
    node: Any = value
    for name in place:
        node = node.get(name)
        if type(node) is not dict:
            return None
    return cast(dict[str, Any], node)


def _fold(name: str) -> str:
    return name.casefold().replace("_", "")


def _plain_count(value: dict[str, Any]) -> bool:
    """Whether the unread count of a valid frame is out of question."""
    count = value.get("NoReadQty")
    return count is None or (value.get("MsgStatus") == MsgStatus.RECEIVE and count <= SAFE_INTEGER)


def _clear(data: bytes | str, value: dict[str, Any]) -> bool:
    """Whether a text that a parser took holds neither repeated members nor U+0000.

    A repeated member leaves a colon in the text that the value no longer has; colons inside strings
    are in both unless they are escaped, and escapes that could be one are not taken as clear.
    """
    raw = data if isinstance(data, bytes) else data.encode()
    return b"\\u00" not in raw and raw.count(b":") == orjson.dumps(value).count(b":")


def _suspicious(data: bytes | str, value: dict[str, Any]) -> bool:
    """Whether only reading it token by token can tell what the text is."""
    raw = data if isinstance(data, bytes) else data.encode()
    return (
        raw.count(b"[") + raw.count(b"{") > MAX_DEPTH
        or _LONG_NUMBER.search(raw) is not None
        or not _clear(data, value)
    )
