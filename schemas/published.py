"""The JSON Schemas of our own files, as they are shipped for readers in other languages.

They are made from the values that write the files. After a change of these,
``python -m schemas.published`` writes them anew.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from schemas.capacity import CAPACITY_VERSION, Capacity
from schemas.comparison import COMPARISON_VERSION, Comparison
from schemas.records import LOG_VERSION, Record
from schemas.spread import SPREAD_VERSION, Repetition
from schemas.summary import json_schema
from schemas.verdict_file import VERDICT_VERSION, VerdictFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def run_record_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of ``run.ndjson``."""
    return _headed(f"run-record:{LOG_VERSION}", msgspec.json.schema(Record))


def verdict_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``verdict.json``."""
    return _headed(f"verdict:{VERDICT_VERSION}", msgspec.json.schema(VerdictFile))


def capacity_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``capacity.json``."""
    return _headed(f"capacity:{CAPACITY_VERSION}", msgspec.json.schema(Capacity))


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``comparison.json``."""
    return _headed(f"comparison:{COMPARISON_VERSION}", msgspec.json.schema(Comparison))


def spread_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``spread.json``."""
    return _headed(f"spread:{SPREAD_VERSION}", msgspec.json.schema(Repetition))


PUBLISHED: dict[str, Callable[[], dict[str, Any]]] = {
    "summary.schema.json": json_schema,
    "run_record.schema.json": run_record_schema,
    "verdict.schema.json": verdict_schema,
    "capacity.schema.json": capacity_schema,
    "comparison.schema.json": comparison_schema,
    "spread.schema.json": spread_schema,
}
"""The shipped files of this package and what each must hold."""


def text(name: str) -> str:
    """The text that the shipped file ``name`` must have."""
    schema = _tidied(PUBLISHED[name]())
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _headed(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DIALECT, "$id": f"urn:chatsocket-harness:{name}", **schema}


def _tidied(node: Any) -> Any:
    """``node`` with its descriptions freed from the indentation of the source."""
    if isinstance(node, dict):
        return {
            key: inspect.cleandoc(value)
            if key == "description" and isinstance(value, str)
            else _tidied(value)
            for key, value in node.items()
        }
    return [_tidied(item) for item in node] if isinstance(node, list) else node


def main() -> None:
    """Write every shipped file."""
    for name in PUBLISHED:
        (Path(__file__).parent / name).write_text(text(name), "utf-8")


if __name__ == "__main__":
    main()
