"""Which reading of the page this server speaks: one frozen value, one field per open decision.

The one list of modes: the command line's options and the profile that describes a server are both
made from these fields. Holds the decisions' values and nothing that acts on them.
"""

from typing import Annotated, Final

import msgspec

from reference_server.declaring import setting
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


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions a running server has taken. The defaults are the contract's own."""

    binding: Annotated[
        Binding, setting("binding", "how staff gets its conversation: a confirm frame, or its URL")
    ] = Binding.FRAME
    login_reject: Annotated[
        RejectMode, setting("login.reject", "how a wrong token is told: a Login frame, or HTTP 401")
    ] = RejectMode.FRAME
    login_frame: Annotated[bool, setting("login.frame", "open with a Login frame")] = True
    tier: Annotated[
        Tier,
        setting(
            "dialect.tier", "literal: JSON types alone are right, Error and NoReadQty never null"
        ),
    ] = Tier.STRICT
    types: Annotated[tuple[MessageType, ...], setting("dialect.types", "the types in use")] = tuple(
        MessageType
    )
    send_types: Annotated[
        tuple[str, str], setting("dialect.send_types", "SendType of customers and of staff")
    ] = (Role.CUSTOMER, Role.STAFF)
    time_format: Annotated[
        str, setting("dialect.time_formats", "rfc3339, or a strftime pattern of UTC", listed=True)
    ] = RFC3339
    read_receipt: Annotated[
        ReadReceipt, setting("dialect.read_receipt", "what read = true does")
    ] = ReadReceipt.EMPTY_CONTENT
    unread_scope: Annotated[
        UnreadScope, setting("dialect.unread_scope", "what NoReadQty counts")
    ] = UnreadScope.CONVERSATION
    replay_count: Annotated[
        ReplayCount, setting("dialect.replay_count", "NoReadQty of replayed frames")
    ] = ReplayCount.TOTAL
    info: Annotated[InfoMode, setting("dialect.info", "when info is filled")] = InfoMode.TITLES
    location: Annotated[LocationMode, setting("dialect.location", "when location is filled")] = (
        LocationMode.KNOWN
    )
    on_bad_input: Annotated[
        BadInput, setting("dialect.on_bad_input", "how bad input is refused")
    ] = BadInput.ERROR_FRAME
    ack: Annotated[AckMode, setting("dialect.ack", "what answers a message")] = AckMode.ECHO
    same_msg: Annotated[
        bool, setting("dialect.same_msg", "false: the Send leaves out the sender's own place")
    ] = True
    msg_read: Annotated[
        MsgRead,
        setting("dialect.msg_read", "msg.read; any: whether somebody on the other side is there"),
    ] = MsgRead.FALSE
    clean_errors: Annotated[
        bool, setting("dialect.clean_errors", "false: Error names the place in the server's source")
    ] = True
    staff_assign: Annotated[
        TitleType, setting("dialect.staff.assign", "with which word staff takes a case")
    ] = TitleType.CONFIRM
    staff_close: Annotated[
        TitleType, setting("dialect.staff.close", "with which word staff closes it")
    ] = TitleType.ASSIGNMENT
    staff_content: Annotated[
        str, setting("dialect.staff.content", f"how staff words name the customer, with {SN}")
    ] = SN
    content_text: Annotated[
        ContentMode, setting("dialect.content.text", "words: same, completed, sanitised")
    ] = ContentMode.SAME
    content_image: Annotated[
        ContentMode, setting("dialect.content.image", "image paths: same, behind a host, sanitised")
    ] = ContentMode.SAME
    content_title: Annotated[
        ContentMode, setting("dialect.content.title", "topics: same, completed, sanitised")
    ] = ContentMode.SAME
    http_post: Annotated[
        bool, setting("capabilities.http_post", "take messages by POST on the same path")
    ] = True
    replay_unread: Annotated[
        bool, setting("capabilities.replay_unread", "replay what is unread after login or confirm")
    ] = True
    offers: Annotated[
        bool, setting("capabilities.offers", "offer waiting conversations to idle staff")
    ] = True
    case_lifecycle: Annotated[
        bool,
        setting("capabilities.case_lifecycle", "pass staff words on, and let staff close a case"),
    ] = True
    multi_device: Annotated[
        bool,
        setting("capabilities.multi_device", "show an account's messages on its other devices"),
    ] = True
    max_message_bytes: Annotated[
        int, setting("limits.max_message_bytes", "close with 1009 on a longer message", least=1)
    ] = 65_536
    binary: Annotated[
        BinaryMode,
        setting("limits.binary", "what meets a binary message: close 1003, or a reading"),
    ] = BinaryMode.CLOSE

    @property
    def has_receipts(self) -> bool:
        """Whether an empty text with ``read`` true is a message (D10)."""
        return self.read_receipt in (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)
