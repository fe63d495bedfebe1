"""The JSON in a page's samples: parsed, bounded, and what kind of value each one is."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.help_page.model import Body, NotAHelpPage, Sample

MAX_DEPTH = 64
MAX_VALUES = 20_000

_STARTS = ("{", "[")
_JSON_MEDIA = re.compile(r"(application|text)/([\w.-]+\+)?json")
# What the page's generator makes up for a string, a time and a GUID.
_MADE_UP = re.compile(
    r"sample string \d+|\d{4}-\d\d-\d\dT\d\d:\d\d.*|\d*\.?\d\d:\d\d:\d\d(\.\d+)?"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|http://webapihelppage\d+\.com.*",
    re.IGNORECASE,
)
_FREE_KEY = re.compile(
    r"sample string \d+|-?\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
_KINDS = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def kind(value: object) -> str:
    """The JSON Schema type of a parsed value; 1.0 is a number and 1 an integer."""
    return _KINDS[type(value)]


def is_made_up(value: object) -> bool:
    """Whether the page's generator invented ``value``, so that it says nothing."""
    return not isinstance(value, str) or _MADE_UP.fullmatch(value) is not None


def is_dictionary(values: Iterable[dict[str, Any]]) -> bool:
    """Whether the member names of ``values`` are keys of a dictionary, not a model's members."""
    keys = {key for value in values for key in value}
    return bool(keys) and all(_FREE_KEY.fullmatch(key) for key in keys)


def json_values(body: Body) -> tuple[Any, ...]:
    """The values of all samples that hold JSON; NotAHelpPage when one that should does not."""
    return tuple(_values(body.samples))


def _values(samples: Iterable[Sample]) -> Iterator[Any]:
    for sample in samples:
        text = sample.text or ""
        is_json = any(map(_JSON_MEDIA.fullmatch, sample.media_types))
        if not text.startswith(_STARTS):
            if is_json and (scalar := _scalar(text)) is not None:
                yield scalar
            continue
        try:
            value, _ = json.JSONDecoder().raw_decode(text)  # what a footer adds is left
        except (ValueError, RecursionError) as error:
            if is_json:
                raise _broken(sample, _reason(error)) from None
            continue
        if why := _excess(value):
            raise _broken(sample, why)
        yield value


def _scalar(text: str) -> Any:
    """A sample that is one JSON string, number or boolean, as an action may return; else None."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value


def _broken(sample: Sample, why: str) -> NotAHelpPage:
    media = ", ".join(sample.media_types)[:100]
    return NotAHelpPage(f"has a sample for {media} that is {why}", "save or copy the page again")


def _reason(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"no JSON ({error.msg} at line {error.lineno}, column {error.colno})"
        case RecursionError():
            return f"nested deeper than {MAX_DEPTH}"
        case _:
            return "no JSON that can be read"


def _excess(value: Any) -> str:
    """What of ``value`` is more than any help page needs, if anything."""
    depth, values, level = 0, 0, [value]
    while level:
        depth, values = depth + 1, values + len(level)
        if depth > MAX_DEPTH:
            return f"nested deeper than {MAX_DEPTH}"
        if values > MAX_VALUES:
            return f"of more than {MAX_VALUES:,} values"
        level = [inner for each in level for inner in _inside(each)]
    return ""


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
