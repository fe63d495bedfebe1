"""Which clauses a frame or an event puts to the test, kept or broken.

Data for the most part: a table from what a frame holds to the clauses that speak of it. What stands
in none of the tables cannot be judged from messages alone.
"""

from collections.abc import Iterator

from harness.events import Answered, Delivered, Event, Frame, LoggedIn, LoginRefused, Skipped
from schemas.clauses import register
from schemas.messages import InMsg
from schemas.modes import Tier
from schemas.registry import WireDialect
from schemas.words import MessageType, MsgStatus

# Server frames.

_ANY_TEXT = (
    "out-text-message",
    "out-json-object",
    "out-member-spelling",
    "out-byte-order-mark",
    "out-duplicate-member",
    "out-lone-surrogate",
)
_ANY_STRICT = ("out-msgstatus-present", "out-msgstatus-word", "out-result-present")
_NOT_RECEIVE = ("out-unread-only-in-receive", "out-unread-zero-elsewhere")
_BY_STATUS = {
    MsgStatus.LOGIN: _NOT_RECEIVE,
    MsgStatus.SEND: _NOT_RECEIVE,
    MsgStatus.RECEIVE: ("out-receive-unread-count", "out-receive-msg"),
}
_BY_RESULT = {True: ("out-no-error-on-success",), False: ("out-error-on-failure",)}
_BY_MEMBER = {
    "SendType": ("send-type-word",),
    "time": ("time-format",),
    "read": ("msg-read-false",),
    "location": ("location-range",),
}
_BY_MEMBER_OF_SUCCESS = {"type": ("out-type-word",), "titletype": ("out-titletype-word",)}

# Client frames.

_CLIENT_TEXT = ("in-json-object", "in-member-spelling")
_CLIENT_STRICT = ("in-type-word", "in-content-present")
_CLIENT_TITLED = ("in-titletype-word",)

# The conversation.

_ANSWERED = ("ack-one-per-message", "ack-order")
_REFUSED = ("refusal-one-send",)
_CONTENT = {
    MessageType.TEXT: ("content-text",),
    MessageType.IMAGE: ("content-image",),
    MessageType.TITLE: ("content-title",),
}
_ECHOED = ("ack-echo", "sender-identity")
_LOGIN = ("login-first", "login-once")
_LOGIN_REFUSED = ("login-rejected",)

_BY_TALK = (
    "unread-count",
    "answer-in-time",
    "staff-unbound-refused",
    "refuse-customer-staff-word",
    "survive-odd-json",
    "refuse-json-syntax",
    "refuse-nan",
    "refuse-trailing-bytes",
    "refuse-non-object",
    "refuse-member-type",
    "refuse-unknown-type",
    "refuse-titletype",
    "refuse-empty-content",
)
_RECORDED = (
    "out-extra-member",
    "out-null-character",
    "out-deep-nesting",
    "out-number-range",
    "in-odd-json",
)


def _types(side: str) -> frozenset[str]:
    """The clauses about JSON types of members: their ids are made of the members' places."""
    return frozenset(
        slug for slug in register() if slug.startswith(f"{side}-") and slug.endswith("-type")
    )


_TYPES = _types("in") | _types("out")

LITERAL = _TYPES.union(_ANY_TEXT, _CLIENT_TEXT, _RECORDED)
"""The clauses about one frame that the literal tier holds too."""

STRICT = frozenset(_ANY_STRICT).union(
    _CLIENT_STRICT,
    _CLIENT_TITLED,
    *_BY_STATUS.values(),
    *_BY_RESULT.values(),
    *_BY_MEMBER.values(),
    *_BY_MEMBER_OF_SUCCESS.values(),
)
"""The clauses about one frame that the strict tier adds."""

TALK = frozenset(_BY_TALK).union(
    _ANSWERED, _REFUSED, *_CONTENT.values(), _ECHOED, _LOGIN, _LOGIN_REFUSED
)
"""The clauses about a conversation that one connection's messages can show."""


def judged_under(dialect: WireDialect) -> frozenset[str]:
    """Every clause that captures can show under ``dialect``."""
    frames = LITERAL if dialect.tier is Tier.LITERAL else LITERAL | STRICT
    return frames | TALK


def of_server_frame(frame: Frame) -> Iterator[str]:
    """What a server's frame puts to the test by itself, in the strict tier."""
    yield from _ANY_TEXT
    yield from _ANY_STRICT
    yield from _members(frame, "out-")
    status, result = frame.get("MsgStatus"), frame.get("Result")
    if isinstance(status, str):
        yield from _BY_STATUS.get(status, ())  # type: ignore[call-overload]
    if isinstance(result, bool):
        yield from _BY_RESULT[result]
    msg = frame.get("msg")
    if isinstance(msg, dict):
        tables = (_BY_MEMBER, _BY_MEMBER_OF_SUCCESS) if result is True else (_BY_MEMBER,)
        for table in tables:
            for name, slugs in table.items():
                if msg.get(name) is not None:
                    yield from slugs


def of_client_frame(frame: Frame) -> Iterator[str]:
    """What a client's frame puts to the test by itself, in the strict tier."""
    yield from _CLIENT_TEXT
    yield from _CLIENT_STRICT
    yield from _members(frame, "in-")
    if frame.get("type") in (MessageType.TITLE, MessageType.STAFF):
        yield from _CLIENT_TITLED


def of_event(event: Event) -> Iterator[str]:
    """What an event of a session puts to the test."""
    match event:
        case LoggedIn():
            yield from _LOGIN
        case LoginRefused():
            yield from (*_LOGIN, *_LOGIN_REFUSED)
        case Answered(pending=pending, frame=frame, accepted=accepted):
            yield from _ANSWERED
            if not accepted:
                yield from _REFUSED
            elif isinstance(pending.message, InMsg) and isinstance(frame.get("msg"), dict):
                yield from _ECHOED
                yield from _CONTENT.get(MessageType(pending.message.type), ())
        case Skipped() | Delivered():
            yield from ()


def _members(node: Frame, path: str) -> Iterator[str]:
    for name, value in node.items():
        if value is not None and len(name) < 20:
            place = f"{path}{name.lower()}-"
            slug = f"{place}type"
            if slug in _TYPES:
                yield slug
            if isinstance(value, dict) and path.count("-") < 3:
                yield from _members(value, place)
