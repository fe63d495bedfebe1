"""What a session tells its driver: one value for each thing that happened on a connection."""

from typing import Any

import msgspec

from harness.unread import UnreadModel
from schemas.messages import InMsg

Frame = dict[str, Any]


class Pending(msgspec.Struct, eq=False):
    """A message that was sent and waits for its answer.

    ``message`` is None for raw bytes that are no well-typed message. ``tag`` is the driver's own;
    ``reads`` is the unread model that the message's ``read`` marks; ``said`` are the bytes of the
    message. Times are ``monotonic_ns``.
    """

    message: InMsg | None
    sent_ns: int
    tag: Any = None
    reads: UnreadModel | None = None
    said: bytes = b""


class LoggedIn(msgspec.Struct, frozen=True):
    """The accepted ``Login``."""

    frame: Frame


class LoginRefused(msgspec.Struct, frozen=True):
    """The ``Login`` with ``Result`` false; ``error`` is the server's reason."""

    frame: Frame
    error: str


class Answered(msgspec.Struct, frozen=True):
    """The ``Send`` that belongs to ``pending``; ``accepted`` is its ``Result``."""

    pending: Pending
    frame: Frame
    accepted: bool


class Skipped(msgspec.Struct, frozen=True):
    """``pending`` was passed over by the answer to a later message: it has no acknowledgement."""

    pending: Pending


class Delivered(msgspec.Struct, frozen=True):
    """A ``Receive``. ``msg`` is its message ({} where it has none)."""

    frame: Frame
    msg: Frame


class Unsolicited(msgspec.Struct, frozen=True):
    """A frame that fits nothing that was asked for; nothing was consumed."""

    frame: Frame


class Unreadable(msgspec.Struct, frozen=True):
    """A message that is no JSON object, or has no usable ``MsgStatus``."""

    frame: Frame | None


Event = LoggedIn | LoginRefused | Answered | Skipped | Delivered | Unsolicited | Unreadable
