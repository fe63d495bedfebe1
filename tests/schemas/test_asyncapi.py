"""The AsyncAPI document: valid by the official schema, and true to our own."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from schemas.asyncapi import asyncapi_document, message_kinds
from schemas.judge import FrameJudge
from schemas.registry import Direction
from schemas.words import MessageType, MsgStatus

# Put there by `make test` where npm is at hand: no package of Python's carries this schema.
OFFICIAL = Path(__file__).parents[2] / ".venv/npm/node_modules/@asyncapi/specs/schemas/3.0.0.json"
OFFICIAL_SHA256 = "d4571a420e6ffb7fcc7066c95a6db1202f299a3c51daa103d0706bf30f95e626"
DOCUMENT = asyncapi_document("1.2.3", "wss://chat.example:8443/ws/chat")


def resolved(ref: str) -> Any:
    node: Any = DOCUMENT
    for part in ref.removeprefix("#/").split("/"):
        node = node[part]
    return node


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for item in node for ref in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return own + [ref for value in node.values() for ref in references(value)]


def test_the_document_is_valid_by_the_official_schema() -> None:
    if not OFFICIAL.exists() and not os.environ.get("CHATSOCKET_REQUIRE_NPM"):
        pytest.skip("the official AsyncAPI schema comes with npm, which is not here")
    content = OFFICIAL.read_bytes()
    assert hashlib.sha256(content).hexdigest() == OFFICIAL_SHA256
    validator = jsonschema.Draft7Validator(json.loads(content))
    assert [error.message for error in validator.iter_errors(DOCUMENT)] == []
    broken = {**DOCUMENT, "operations": {"x": {"action": "shout"}}}
    assert not validator.is_valid(broken)


def test_every_reference_leads_somewhere_and_stands_alone() -> None:
    found = references(DOCUMENT)
    assert len(found) > 20
    for ref in found:
        assert resolved(ref)
    assert '"$ref": "urn:' not in json.dumps(DOCUMENT)


def test_the_servers_url_gives_host_protocol_and_address() -> None:
    assert DOCUMENT["servers"]["server"]["host"] == "chat.example:8443"
    assert DOCUMENT["servers"]["server"]["protocol"] == "wss"
    assert DOCUMENT["channels"]["chat"]["address"] == "/ws/chat"
    bare = asyncapi_document("1", "ws://user:secret@127.0.0.1:8765")
    assert bare["channels"]["chat"]["address"] == "/api/ChatSocket/WebSocket"
    assert "secret" not in json.dumps(bare)


def test_messages_cover_all_statuses_and_types() -> None:
    values = {value for kind in message_kinds() for value in kind.when.values()}
    assert {*MsgStatus, *MessageType} <= values
    operations = DOCUMENT["operations"].values()
    told = {ref["$ref"].rpartition("/")[2] for each in operations for ref in each["messages"]}
    told |= {
        ref["$ref"].rpartition("/")[2]
        for ref in DOCUMENT["operations"]["takeMessage"]["reply"]["messages"]
    }
    assert told == {kind.name for kind in message_kinds()}


@pytest.mark.parametrize("kind", message_kinds(), ids=lambda kind: kind.name)
def test_examples_keep_the_contract_and_their_own_schema(kind: Any) -> None:
    judge = FrameJudge(kind.direction)
    whole = {
        **DOCUMENT["components"]["messages"][kind.name]["payload"],
        "components": DOCUMENT["components"],
    }
    validator = jsonschema.Draft7Validator(whole)
    for example in kind.examples:
        assert judge.judge(msgspec.json.encode(example.payload)).findings == ()
        assert [error.message for error in validator.iter_errors(example.payload)] == []
    assert not validator.is_valid(dict.fromkeys(kind.when, 5))


def test_the_rules_of_the_strict_tier_survive_the_translation() -> None:
    components = DOCUMENT["components"]
    schema = {**components["schemas"]["WebSocketOut_Output_strict"], "components": components}
    validator = jsonschema.Draft7Validator(schema)
    frames: list[dict[str, Any]] = [
        {"MsgStatus": "Login", "Result": True},
        {"MsgStatus": "Login", "Result": False},
        {"MsgStatus": "login", "Result": True},
        {"MsgStatus": "Receive", "Result": True, "NoReadQty": -1, "msg": {"type": "text"}},
        {"MsgStatus": "Receive", "Result": True, "NoReadQty": 0, "msg": {"type": "text"}},
        {"MsgStatus": "Send", "Result": True, "msg": {"location": {"latitude": 91}}},
    ]
    judge = FrameJudge(Direction.SERVER)
    for frame in frames:
        judged = judge.judge(msgspec.json.encode(frame)).findings
        assert validator.is_valid(frame) is (judged == ()), frame
