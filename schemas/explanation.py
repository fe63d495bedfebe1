"""What a failed assertion of a schema means in words: expected and actual, bounded and on one line.

Knows JSON Schema's keywords, no clause and no frame.
"""

import json
from typing import Any, cast

import jsonschema


def missing(error: jsonschema.ValidationError) -> str:
    """Which member a failed ``required`` misses; jsonschema tells it in the message alone."""
    instance: Any = error.instance
    demanded = cast(list[str], error.validator_value)
    absent = (name for name in demanded if name not in instance)
    return next(name for name in absent if repr(name) in error.message)


def expected(error: jsonschema.ValidationError) -> str:
    """What the schema demands at that place."""
    value: Any = error.validator_value
    match error.validator:
        case "required":
            return f"member {missing(error)}"
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


def actual(error: jsonschema.ValidationError) -> str:
    """What stands there instead."""
    if error.validator == "required":
        return "no such member"
    instance: Any = error.instance
    if isinstance(instance, dict | list):
        return f"JSON {json_type(instance)}"
    shown = json.dumps(instance, ensure_ascii=False)
    return f"{json_type(instance)} {shown[:200]}" if instance is not None else "null"


def json_type(value: object) -> str:
    """The JSON type of a parsed value."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
