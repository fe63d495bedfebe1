"""The words of the decisions that the help page leaves open: one enum per set of values.

A target profile describes a server in these words, and the reference server is told in them how to
behave. What each word means is the contract's business (D1-D26); this module only spells them.
"""

from enum import StrEnum


class Tier(StrEnum):
    """How much of the contract frames keep (D3): documented JSON types, or all that it adds."""

    LITERAL = "literal"
    STRICT = "strict"


class Binding(StrEnum):
    """How a staff connection gets its conversation (D7)."""

    FRAME = "frame"
    URL = "url"


class RejectMode(StrEnum):
    """How a wrong token is told (D6): an upgrade and a ``Login`` frame, or HTTP 401 or 403."""

    FRAME = "frame"
    HTTP = "http"


class AckMode(StrEnum):
    """What answers a client message (D21): a full ``Send``, one without ``msg``, or nothing."""

    ECHO = "echo"
    BARE = "bare"
    NONE = "none"


class ContentMode(StrEnum):
    """What becomes of content on its way (D21): nothing, a completion in front, or anything."""

    SAME = "same"
    SUFFIX = "suffix"
    ANY = "any"


class ReadReceipt(StrEnum):
    """What ``read: true`` does (D10)."""

    EMPTY_CONTENT = "empty-content"
    FLAG = "flag"
    NONE = "none"
    DELIVERED = "delivered"


class UnreadScope(StrEnum):
    """What ``NoReadQty`` counts (D11)."""

    CONVERSATION = "conversation"
    ACCOUNT = "account"


class ReplayCount(StrEnum):
    """Which numbers replayed frames carry (D11): all the whole, or 1, 2, 3…"""

    TOTAL = "total"
    RUNNING = "running"


class BadInput(StrEnum):
    """How bad input is refused (D17)."""

    ERROR_FRAME = "error-frame"
    CLOSE = "close"


class MsgRead(StrEnum):
    """What ``msg.read`` says (D23)."""

    FALSE = "false"
    ECHO = "echo"
    ANY = "any"


class InfoMode(StrEnum):
    """When ``msg.info`` is filled (D16): on product and order titles, or never."""

    TITLES = "titles"
    NONE = "none"


class LocationMode(StrEnum):
    """When ``msg.location`` is filled (D16): where the sender's place is known, or never."""

    KNOWN = "known"
    NONE = "none"


class BinaryMode(StrEnum):
    """What a binary message meets (D18): close 1003, or treatment like a text message."""

    CLOSE = "close"
    ACCEPT = "accept"
