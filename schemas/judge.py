"""Judges one frame by itself: bytes in, the value and a list of findings out.

Knows the schemas and the clause register, and nothing of what was sent before. A valid frame costs
one parse, one compiled validation and a few set operations; a broken one is explained in full.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

import jsonschema
import msgspec
import orjson

from schemas.clauses import clause
from schemas.findings import Finding
from schemas.registry import URN, Direction, Tier, WireDialect, compiled, documents
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
_NO_JSON = {Direction.CLIENT: "refuse-json-syntax", Direction.SERVER: "out-json-object"}
_NO_OBJECT = {Direction.CLIENT: "in-json-object", Direction.SERVER: "out-json-object"}


class Judged(msgspec.Struct, frozen=True):
    """A frame's value (None when it is no JSON object) and what is wrong with it."""

    value: dict[str, Any] | None
    findings: tuple[Finding, ...]


class FrameJudge:
    """Judges the text messages of one direction under one dialect. Stateless and thread-safe."""

    def __init__(
        self, direction: Direction = Direction.SERVER, dialect: WireDialect | None = None
    ) -> None:
        dialect = dialect or WireDialect()
        self._direction = direction
        self._strict = dialect.tier is Tier.STRICT
        validators = compiled(direction, dialect)
        self._is_valid = validators.fast.is_valid
        self._full = validators.full
        self._members = _known_members(direction)

    def judge(self, data: bytes | str) -> Judged:
        """The findings of one whole message: UTF-8 bytes, or text that is already decoded."""
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            return self._unreadable(data, error)
        if type(value) is not dict:
            found = clause(_NO_OBJECT[self._direction]).broken(
                expected="a JSON object", actual=f"JSON {_json_type(value)}", frame=data
            )
            return Judged(None, (found,))
        if self._is_valid(value) and self._plain(value):
            return Judged(value, ())
        return Judged(value, tuple(self._explain(value, data)))

    def _plain(self, value: dict[str, Any]) -> bool:
        """Whether a valid frame holds nothing that the schemas let pass and a clause does not."""
        if self._zero_elsewhere(value):
            return False
        for pointer, known in self._members.items():
            node = _node(value, pointer)
            if node is not None and not node.keys() <= known:
                return False
        return True

    def _unreadable(self, data: bytes | str, error: orjson.JSONDecodeError) -> Judged:
        slug = _NO_JSON[self._direction]
        if isinstance(data, bytes) and not _is_utf8(data):
            slug = "rfc-text-utf8" if self._direction is Direction.SERVER else "rfc-client-utf8"
        found = clause(slug).broken(
            expected="one JSON object in UTF-8", actual=f"unreadable text: {error}", frame=data
        )
        return Judged(None, (found,))

    def _explain(self, value: dict[str, Any], data: bytes | str) -> Iterable[Finding]:
        found = [self._finding(error, data) for error in self._errors(value)]
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
            expected=_expected(error), actual=_actual(error), pointer=pointer, frame=data
        )

    def _slug(self, error: jsonschema.ValidationError) -> str:
        """The clause of a failed keyword: named beside it, or the type of the member it sits at."""
        schema = error.schema if isinstance(error.schema, dict) else {}
        named = schema.get("x-clauses", {}).get(error.validator)
        if isinstance(named, dict):
            named = named[_missing(error)]
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


def _missing(error: jsonschema.ValidationError) -> str:
    """Which member a failed ``required`` misses; jsonschema tells it in the message alone."""
    instance: Any = error.instance
    demanded = cast(list[str], error.validator_value)
    absent = (name for name in demanded if name not in instance)
    return next(name for name in absent if repr(name) in error.message)


def _expected(error: jsonschema.ValidationError) -> str:
    value: Any = error.validator_value
    match error.validator:
        case "required":
            return f"member {_missing(error)}"
        case "enum":
            return "one of " + ", ".join(json.dumps(word, ensure_ascii=False) for word in value)
        case "type":
            return " or ".join([value] if isinstance(value, str) else value)
        case "minLength":
            return "a non-empty string"
        case "pattern":
            return "RFC 3339 date-time with offset"
        case keyword:
            return f"{keyword} {value}"


def _actual(error: jsonschema.ValidationError) -> str:
    if error.validator == "required":
        return "no such member"
    instance: Any = error.instance
    if isinstance(instance, dict | list):
        return f"JSON {_json_type(instance)}"
    shown = json.dumps(instance, ensure_ascii=False)
    return f"{_json_type(instance)} {shown[:200]}" if instance is not None else "null"


def _json_type(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
