"""The protocol as an AsyncAPI 3.0 document, for generators of clients and documentation.

The application described is the chat server: it receives client messages and sends the others. An
AsyncAPI schema object is JSON Schema draft 07, where nothing may stand beside a ``$ref``; so what
stands there moves into ``allOf``. Structures are those of the literal tier, rules of the strict.
"""

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec

from schemas.help_page.shipped import shipped_page
from schemas.modes import Tier
from schemas.portable import Schema, portable
from schemas.registry import Direction, documents

VERSION = "3.0.0"

_CHANNEL = "chat"
_SERVER = "server"
_SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "One token per account in the Authorization header of the upgrade.",
    },
    "cookie": {"type": "httpApiKey", "in": "cookie", "name": "token"},
    "query": {"type": "httpApiKey", "in": "query", "name": "access_token"},
}


class _Operation(msgspec.Struct, frozen=True):
    """What the server does with ``messages``; ``replies`` answer them."""

    action: str
    summary: str
    messages: tuple[str, ...]
    replies: tuple[str, ...] = ()


_OPERATIONS = {
    "takeMessage": _Operation(
        "receive",
        "Take a client's message and answer it.",
        ("text", "receipt", "image", "title", "staffWord"),
        ("send",),
    ),
    "answerLogin": _Operation("send", "Say whether the token was accepted.", ("login",)),
    "deliver": _Operation("send", "Deliver what others sent.", ("receive",)),
}


class MessageExample(msgspec.Struct, frozen=True):
    """One frame of a message."""

    name: str
    payload: dict[str, Any]


class MessageKind(msgspec.Struct, frozen=True):
    """One kind of frame. ``when`` are the members whose values make a frame one of this kind."""

    name: str
    sender: str
    title: str
    summary: str
    when: dict[str, Any]
    examples: tuple[MessageExample, ...]

    @property
    def direction(self) -> Direction:
        """Whose frames these are."""
        return Direction.CLIENT if self.sender == "client" else Direction.SERVER


@cache
def message_kinds() -> tuple[MessageKind, ...]:
    """The kinds of frames with their examples, from the shipped file."""
    text = files("schemas").joinpath("asyncapi_messages.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[MessageKind, ...])


def asyncapi_document(version: str, server_url: str) -> dict[str, Any]:
    """The document, for the version ``version`` of the contract and one server's ws(s) URL.

    The URL's path becomes the channel's address; without one it is the help page's.
    """
    parts = urlsplit(server_url)
    page = shipped_page()
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Customer-service chat",
            "version": version,
            "description": f"{page.prose} Customers and staff of a shop talk through one WebSocket "
            "each; frames are text messages that hold one JSON object.",
        },
        "defaultContentType": "application/json",
        "servers": {_SERVER: _server(parts.scheme, parts.netloc.rpartition("@")[2])},
        "channels": {_CHANNEL: _channel(parts.path.rstrip("/") or f"/{page.path}")},
        "operations": {name: _operation(name) for name in _OPERATIONS},
        "components": {
            "messages": {kind.name: _message(kind) for kind in message_kinds()},
            "schemas": {_name(urn): _schema(body) for urn, body in documents().items()},
            "securitySchemes": _SECURITY,
        },
    }


def _server(protocol: str, host: str) -> dict[str, Any]:
    return {
        "host": host,
        "protocol": protocol,
        "description": "One of the three ways to give the token is enough.",
        "security": [_ref("components", "securitySchemes", name) for name in _SECURITY],
    }


def _channel(address: str) -> dict[str, Any]:
    return {
        "address": address,
        "title": "One participant's connection",
        "description": "Opened by a GET upgrade. A customer's connection belongs to that "
        "customer's conversation, a staff connection to the customer whose case it took.",
        "servers": [_ref("servers", _SERVER)],
        "messages": {
            kind.name: _ref("components", "messages", kind.name) for kind in message_kinds()
        },
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operation(name: str) -> dict[str, Any]:
    operation, channel = _OPERATIONS[name], _ref("channels", _CHANNEL)
    described: dict[str, Any] = {
        "action": operation.action,
        "channel": channel,
        "summary": operation.summary,
        "messages": list(map(_on_channel, operation.messages)),
    }
    if operation.replies:
        replies = list(map(_on_channel, operation.replies))
        described["reply"] = {"channel": dict(channel), "messages": replies}
    return described


def _message(kind: MessageKind) -> dict[str, Any]:
    whole = _ref("components", "schemas", f"{kind.direction}_{Tier.STRICT}")
    constants = {name: {"const": value} for name, value in kind.when.items()}
    return {
        "name": kind.name,
        "title": kind.title,
        "summary": kind.summary,
        "contentType": "application/json",
        "payload": {
            "allOf": [whole, {"required": list(constants), "properties": constants}],
        },
        "examples": [msgspec.to_builtins(example) for example in kind.examples],
    }


def _schema(body: Schema) -> Schema:
    plain = portable(body, lambda urn: f"#/components/schemas/{_name(urn)}")
    kept = {key: value for key, value in plain.items() if key not in ("$id", "$schema")}
    return _alone(kept)


def _alone(node: Schema) -> Schema:
    """``node`` with each ``$ref`` alone in its object, as draft 07 wants it."""
    found = {key: _alone_within(value) for key, value in node.items()}
    if "$ref" in found and len(found) > 1:
        ref = {"$ref": found.pop("$ref")}
        found["allOf"] = [ref, *found.pop("allOf", [])]
    return found


def _alone_within(value: Any) -> Any:
    if isinstance(value, list):
        return [_alone_within(item) for item in value]
    return _alone(value) if isinstance(value, dict) else value


def _name(urn: str) -> str:
    """The component of the schema ``urn``: literal ones keep the page's names."""
    _, _, tier, name = urn.split(":")
    return name if tier == Tier.LITERAL else f"{name}_{tier}"


def _on_channel(message: str) -> dict[str, str]:
    return _ref("channels", _CHANNEL, "messages", message)


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}
