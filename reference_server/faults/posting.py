"""Faults of plain HTTP on the chat's path (decision D20): media types, status codes, GET."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import orjson
from msgspec.structs import replace
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

from reference_server.faults.doors import (
    Answer,
    HeadersChange,
    always,
    answering,
    asking,
    reading_body,
    through,
    with_status,
)
from reference_server.faults.entering import INTRUDER
from reference_server.faults.fault import Deed, Fault
from reference_server.parts import Parts
from schemas.account_tokens import Identity

_FORM: Final = "application/x-www-form-urlencoded"


def _disown(media: str) -> HeadersChange:
    """A body of this media type is of an unknown one."""

    def change(headers: MutableHeaders) -> None:
        if headers.get("content-type", "").partition(";")[0] == media:
            headers["content-type"] = "application/octet-stream"

    return change


def _as_json(headers: MutableHeaders) -> None:
    if headers.get("content-type") != _FORM:
        headers["content-type"] = "application/json"


def _want_anything(headers: MutableHeaders) -> None:
    headers["accept"] = "*/*"


def _want_html(headers: MutableHeaders) -> None:
    headers["accept"] = "text/html"


def _as_plain_text(answer: Answer) -> None:
    answer.headers["content-type"] = "text/plain; charset=utf-8"


def _refusal_as(status: int) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        if answer.start["status"] == HTTPStatus.OK and not orjson.loads(answer.body)["Result"]:
            answer.start["status"] = status

    return change


def _as_receipt(answer: Answer) -> None:
    """The answer says no more than that it was received."""
    if answer.start["status"] == HTTPStatus.OK:
        answer.body = b'{"ok":true}'


def _renaming_count(answer: Answer) -> None:
    answer.body = answer.body.replace(b"NoReadQty", b"UnreadQty")


def _plus_kept(body: bytes, headers: Mapping[str, str]) -> bytes:
    return body.replace(b"+", b"%2B") if headers.get("content-type") == _FORM else body


def _unauthenticated(parts: Parts, _: Deed) -> Parts:
    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        found = parts.identify(request, secret)
        return found or (INTRUDER if request.scope["type"] == "http" else None)

    return replace(parts, identify=identified)


def _without_parameters(headers: MutableHeaders) -> None:
    if ";" in headers.get("content-type", ""):
        headers["content-type"] = "application/octet-stream"


def _with_case(headers: MutableHeaders) -> None:
    media = headers.get("content-type", "").partition(";")[0]
    if media != media.lower():
        headers["content-type"] = "application/octet-stream"


def _want_the_first(headers: MutableHeaders) -> None:
    headers["accept"] = headers.get("accept", "*/*").partition(",")[0].partition(";")[0]


FAULTS: Final = (
    Fault(
        "post-not-found",
        "POST on the chat's path is 404.",
        ("post-accepted",),
        through("POST", always(HTTPStatus.NOT_FOUND)),
    ),
    Fault(
        "post-answer-no-frame",
        "An accepted POST is answered with JSON of another kind.",
        ("post-accepted",),
        answering(_as_receipt),
    ),
    Fault(
        "post-accepted-202",
        "An accepted POST is answered with 202.",
        ("post-accepted",),
        with_status(200, 202),
    ),
    Fault(
        "post-html-unknown",
        "A body sent as text/html is of an unknown media type.",
        ("post-media-types",),
        asking(_disown("text/html")),
    ),
    Fault(
        "post-text-json-unknown",
        "A body sent as text/json is of an unknown media type.",
        ("post-media-types",),
        asking(_disown("text/json")),
    ),
    Fault(
        "post-form-unknown",
        "A form is of an unknown media type.",
        ("post-form",),
        asking(_disown(_FORM)),
    ),
    Fault(
        "post-form-plus-kept",
        "In forms a plus stays a plus, where it stands for a blank.",
        ("post-form",),
        reading_body(_plus_kept),
    ),
    Fault(
        "post-parameters-unknown",
        "A media type with a parameter, such as a charset, is an unknown one.",
        ("post-media-types", "post-form"),
        asking(_without_parameters),
    ),
    Fault(
        "post-capitals-unknown",
        "A media type in capitals is an unknown one.",
        ("post-media-types",),
        asking(_with_case),
    ),
    Fault(
        "post-accept-unweighed",
        "The answer is of the first type that Accept names, whatever its weight.",
        ("post-accept",),
        asking(_want_the_first),
    ),
    Fault(
        "post-unauthenticated",
        "A POST needs no token.",
        ("post-authenticated",),
        _unauthenticated,
    ),
    Fault(
        "post-rejected-403",
        "A POST without a right token gets 403.",
        ("post-authenticated",),
        with_status(401, 403),
    ),
    Fault(
        "post-unparsable-500",
        "A body that is no JSON gets 500.",
        ("post-unparsable",),
        with_status(400, 500),
    ),
    Fault(
        "post-unparsable-200",
        "A body that is no JSON gets 200.",
        ("post-unparsable",),
        with_status(400, 200),
    ),
    Fault(
        "post-any-media-type",
        "A body of any media type is taken for JSON.",
        ("post-unknown-media-type",),
        asking(_as_json),
    ),
    Fault(
        "post-too-large-500",
        "A body over the limit gets 500.",
        ("post-too-large",),
        with_status(413, 500),
    ),
    Fault(
        "post-accept-ignored",
        "The answer is application/json, whatever Accept says.",
        ("post-accept",),
        asking(_want_anything),
    ),
    Fault(
        "post-always-html",
        "The answer is text/html, whatever Accept says.",
        ("post-accept",),
        asking(_want_html),
    ),
    Fault(
        "post-answer-plain-text",
        "The answer is text/plain.",
        ("post-accept",),
        answering(_as_plain_text),
    ),
    Fault(
        "post-refused-500",
        "What a socket would refuse gets 500.",
        ("post-refused",),
        answering(_refusal_as(500)),
    ),
    Fault(
        "help-page-drifted",
        "The server's own help page names the unread count otherwise.",
        ("help-page-unchanged",),
        answering(_renaming_count, "GET"),
    ),
    Fault(
        "plain-get-answered-200",
        "GET without an upgrade shows a page.",
        ("get-without-upgrade",),
        through("GET", always(HTTPStatus.OK, b"<h1>Chat</h1>")),
    ),
)
