"""POST on the chat's path (D20): one message by plain HTTP, as if from one more device.

Media types in, media types out, status codes; what the message means is the hall's business.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reference_server.accept import ANSWER_TYPES, HTML, answer_type
from reference_server.dialect import Dialect
from reference_server.door import Door, Turned
from reference_server.inbound import Blame, Refusal, judge_members, parse
from reference_server.outgoing import refused
from reference_server.service import Service
from schemas.account_tokens import Identity
from schemas.messages import InMsg

_DRAIN_BYTES: Final = 8 * 1024 * 1024
_MAX_FIELDS: Final = 64
_FORM: Final = "application/x-www-form-urlencoded"
_CHARSETS: Final = ("", "utf-8", "utf8")
_BOOLEANS: Final = {"true": True, "false": False}


class HttpPost:
    """The endpoint of the POST route."""

    def __init__(self, service: Service, door: Door, dialect: Dialect) -> None:
        self._service = service
        self._door = door
        self._dialect = dialect

    async def answer(self, request: Request) -> Response:
        """One message: 4xx for a call that is wrong, else 200 with the message's answer."""
        limit = self._dialect.max_message_bytes
        body = await _body_of(request, limit)
        identity = self._door.account(request)
        if isinstance(identity, Turned):
            return self._refuse(request, identity.status, identity.error)
        if body is None:
            sentence = f"The body is over {limit} bytes."
            return self._refuse(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
        parsed = _parse(request.headers.get("content-type", ""), body)
        if parsed is None:
            sentence = f"Send {', '.join(ANSWER_TYPES)} or {_FORM}, in UTF-8."
            return self._refuse(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, sentence)
        message = parsed if isinstance(parsed, Refusal) else judge_members(parsed, self._dialect)
        if isinstance(message, Refusal):
            syntax = message.blame is Blame.SYNTAX
            status = HTTPStatus.BAD_REQUEST if syntax else HTTPStatus.OK
            return self._refuse(request, status, message.error)
        return await self._say(request, identity, message)

    async def _say(self, request: Request, identity: Identity, message: InMsg) -> Response:
        data = await self._service.post(identity, message)
        if data is None:
            sentence = "The message could not be stored."
            return self._refuse(request, HTTPStatus.SERVICE_UNAVAILABLE, sentence)
        return _response(request, HTTPStatus.OK, data)

    def _refuse(self, request: Request, status: HTTPStatus, error: str) -> Response:
        return _response(request, status, self._service.encode(refused(error)))


async def _body_of(request: Request, limit: int) -> bytes | None:
    """The body, or None when it is too large. Some more than the limit is read and forgotten,
    so that the caller hears the answer instead of a reset connection.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit + _DRAIN_BYTES:
                return None
            if size <= limit:
                chunks.append(chunk)
    except ClientDisconnect:
        return None
    return b"".join(chunks) if size <= limit else None


def _parse(content_type: str, body: bytes) -> Mapping[str, object] | Refusal | None:
    """The members in ``body``; None for a media type that the page does not name."""
    media, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip().strip('"')
    if charset not in _CHARSETS:
        return None
    if media.strip() in ANSWER_TYPES:
        return parse(body)
    return _parse_form(body) if media.strip() == _FORM else None


def _parse_form(body: bytes) -> Mapping[str, object] | Refusal:
    try:
        fields = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError:
        return Refusal("The body is not a valid form.", Blame.SYNTAX)
    members: dict[str, object] = dict(fields)
    if "read" in members:
        said = str(members["read"])
        members["read"] = _BOOLEANS.get(said.lower(), said) if said else None
    return members


def _response(request: Request, status: HTTPStatus, data: bytes) -> Response:
    media = answer_type(request.headers.get("accept", ""))
    if media == HTML:
        data = data.replace(b"<", b"\\u003c")  # the same JSON, and no markup for a browser to run
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return Response(data, status, headers, f"{media}; charset=utf-8")
