"""Which reading of the page this server speaks: one frozen value, one field per open decision.

The one list of modes: the command line's options and the profile that describes a server are both
made from these fields. Holds the decisions' values and nothing that acts on them.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args

import msgspec

from schemas.modes import (
    AckMode,
    BadInput,
    BinaryMode,
    Binding,
    ContentMode,
    InfoMode,
    LocationMode,
    MsgRead,
    ReadReceipt,
    RejectMode,
    ReplayCount,
    Tier,
    UnreadScope,
)
from schemas.words import MessageType, Role, TitleType

RFC3339: Final = "rfc3339"
SN: Final = "{customer_sn}"


def mode(key: str, meaning: str, *, listed: bool = False, above: int | None = None) -> Any:
    """What a field's annotation carries: its key in a target profile, and its meaning.

    ``listed``: the profile holds a list of which this server keeps one.
    """
    return msgspec.Meta(description=meaning, extra={"key": key, "listed": listed}, gt=above)


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions a running server has taken. The defaults are the contract's own."""

    binding: Annotated[
        Binding, mode("binding", "how staff gets its conversation: a confirm frame, or its URL")
    ] = Binding.FRAME
    login_reject: Annotated[
        RejectMode, mode("login.reject", "how a wrong token is told: a Login frame, or HTTP 401")
    ] = RejectMode.FRAME
    login_frame: Annotated[bool, mode("login.frame", "open with a Login frame")] = True
    tier: Annotated[
        Tier,
        mode("dialect.tier", "literal: JSON types alone are right, Error and NoReadQty never null"),
    ] = Tier.STRICT
    types: Annotated[tuple[MessageType, ...], mode("dialect.types", "the types in use")] = tuple(
        MessageType
    )
    send_types: Annotated[
        tuple[str, str], mode("dialect.send_types", "SendType of customers and of staff")
    ] = (Role.CUSTOMER, Role.STAFF)
    time_format: Annotated[
        str, mode("dialect.time_formats", "rfc3339, or a strftime pattern of UTC", listed=True)
    ] = RFC3339
    read_receipt: Annotated[ReadReceipt, mode("dialect.read_receipt", "what read = true does")] = (
        ReadReceipt.EMPTY_CONTENT
    )
    unread_scope: Annotated[UnreadScope, mode("dialect.unread_scope", "what NoReadQty counts")] = (
        UnreadScope.CONVERSATION
    )
    replay_count: Annotated[
        ReplayCount, mode("dialect.replay_count", "NoReadQty of replayed frames")
    ] = ReplayCount.TOTAL
    info: Annotated[InfoMode, mode("dialect.info", "when info is filled")] = InfoMode.TITLES
    location: Annotated[LocationMode, mode("dialect.location", "when location is filled")] = (
        LocationMode.KNOWN
    )
    on_bad_input: Annotated[BadInput, mode("dialect.on_bad_input", "how bad input is refused")] = (
        BadInput.ERROR_FRAME
    )
    ack: Annotated[AckMode, mode("dialect.ack", "what answers a message")] = AckMode.ECHO
    same_msg: Annotated[
        bool, mode("dialect.same_msg", "false: the Send leaves out the sender's own place")
    ] = True
    msg_read: Annotated[
        MsgRead,
        mode("dialect.msg_read", "msg.read; any: whether somebody on the other side is there"),
    ] = MsgRead.FALSE
    clean_errors: Annotated[
        bool, mode("dialect.clean_errors", "false: Error names the place in the server's source")
    ] = True
    staff_assign: Annotated[
        TitleType, mode("dialect.staff.assign", "with which word staff takes a case")
    ] = TitleType.CONFIRM
    staff_close: Annotated[
        TitleType, mode("dialect.staff.close", "with which word staff closes it")
    ] = TitleType.ASSIGNMENT
    staff_content: Annotated[
        str, mode("dialect.staff.content", f"how staff words name the customer, with {SN}")
    ] = SN
    content_text: Annotated[
        ContentMode, mode("dialect.content.text", "words: same, completed, sanitised")
    ] = ContentMode.SAME
    content_image: Annotated[
        ContentMode, mode("dialect.content.image", "image paths: same, behind a host, sanitised")
    ] = ContentMode.SAME
    content_title: Annotated[
        ContentMode, mode("dialect.content.title", "topics: same, completed, sanitised")
    ] = ContentMode.SAME
    http_post: Annotated[
        bool, mode("capabilities.http_post", "take messages by POST on the same path")
    ] = True
    replay_unread: Annotated[
        bool, mode("capabilities.replay_unread", "replay what is unread after login or confirm")
    ] = True
    offers: Annotated[
        bool, mode("capabilities.offers", "offer waiting conversations to idle staff")
    ] = True
    case_lifecycle: Annotated[
        bool, mode("capabilities.case_lifecycle", "pass staff words on, and let staff close a case")
    ] = True
    multi_device: Annotated[
        bool, mode("capabilities.multi_device", "show an account's messages on its other devices")
    ] = True
    max_message_bytes: Annotated[
        int, mode("limits.max_message_bytes", "close with 1009 on a longer message", above=0)
    ] = 65_536
    binary: Annotated[
        BinaryMode, mode("limits.binary", "what meets a binary message: close 1003, or a reading")
    ] = BinaryMode.CLOSE

    @property
    def has_receipts(self) -> bool:
        """Whether an empty text with ``read`` true is a message (D10)."""
        return self.read_receipt in (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)


class Mode(msgspec.Struct, frozen=True):
    """One field of :class:`Dialect`; ``key`` is its name in a target profile."""

    name: str
    key: str
    meaning: str
    type: Any
    default: Any
    listed: bool


def modes() -> Iterator[Mode]:
    """Every mode, in the order of the fields."""
    for field in msgspec.structs.fields(Dialect):
        meta = get_args(field.type)[1]
        extra = meta.extra
        yield Mode(
            field.name, extra["key"], meta.description, field.type, field.default, extra["listed"]
        )


def profile_values(dialect: Dialect) -> dict[str, Any]:
    """What a target profile says of a server of this dialect: plain values by dotted key."""
    values = {}
    for each in modes():
        value = msgspec.to_builtins(getattr(dialect, each.name))
        values[each.key] = [value] if each.listed else value
    return values
