"""Exported schemas: they resolve where they lie, and judge as the shipped ones do."""

import json
import posixpath
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import referencing
from referencing.jsonschema import DRAFT202012

from schemas.export import exported
from schemas.modes import Tier
from schemas.registry import Direction, WireDialect, compiled

FILES: Mapping[str, Any] = exported()
FRAMES: dict[Direction, list[dict[str, Any]]] = {
    Direction.CLIENT: [
        {},
        {"type": "text", "content": "hi"},
        {"type": "title", "content": "P-1001"},
        {"type": "title", "content": "P-1001", "titletype": "pro"},
        {"type": 5},
    ],
    Direction.SERVER: [
        {},
        {"MsgStatus": "Login", "Result": True},
        {"MsgStatus": "Login", "Result": False},
        {"MsgStatus": "Send", "Result": True, "msg": {"location": {"latitude": 91}}},
        {"MsgStatus": "Send", "Result": True, "msg": {"info": {"price": 3}}},
    ],
}


def strings(node: Any, key: str) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in strings(item, key)]
    if not isinstance(node, dict):
        return []
    own = [node[key]] if isinstance(node.get(key), str) else []
    return own + [found for value in node.values() for found in strings(value, key)]


def validator(path: str) -> jsonschema.Draft202012Validator:
    """The file's validator; other files resolve by their place in the folder alone."""
    resources = [
        (f"file:///x/{name}", referencing.Resource.from_contents(body, DRAFT202012))
        for name, body in FILES.items()
        if not name.startswith("bundled/")
    ]
    registry: Any = referencing.Registry()
    if path.startswith("bundled/"):
        return jsonschema.Draft202012Validator(FILES[path], registry=registry)
    root = {"$ref": f"file:///x/{path}"}
    return jsonschema.Draft202012Validator(root, registry=registry.with_resources(resources))


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("folder", ["", "bundled/"])
def test_exported_schemas_judge_like_the_shipped_ones(
    tier: Tier, direction: Direction, folder: str
) -> None:
    mine = validator(f"{folder}{tier}/{direction}.json")
    shipped = compiled(direction, WireDialect(tier=tier)).full
    verdicts = [shipped.is_valid(frame) for frame in FRAMES[direction]]
    assert len(set(verdicts)) == 2
    assert [mine.is_valid(frame) for frame in FRAMES[direction]] == verdicts


def test_relative_references_name_files_of_the_folder() -> None:
    for path, body in FILES.items():
        for ref in strings(body, "$ref"):
            if ref.startswith("#/$defs/"):
                assert ref.removeprefix("#/$defs/") in body["$defs"]
            else:
                assert posixpath.normpath(posixpath.join(posixpath.dirname(path), ref)) in FILES


def test_no_keyword_of_ours_is_left_and_clauses_are_told() -> None:
    assert '"x-' not in json.dumps(FILES)
    assert (
        "out-msgstatus-word"
        in FILES["strict/WebSocketOut_Output.json"]["properties"]["MsgStatus"]["$comment"]
    )


def test_a_bundle_holds_what_it_needs_and_no_more() -> None:
    assert FILES["bundled/literal/WebSocketIn_msg.json"]["$defs"] == {}
    assert set(FILES["bundled/literal/WebSocketOut_Output.json"]["$defs"]) == {
        "literal.WebSocketOut_msg",
        "literal.info",
        "literal.location",
    }
