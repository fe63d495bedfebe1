"""The chat's vocabulary, spelled exactly as the help page spells it."""

from enum import StrEnum


class MsgStatus(StrEnum):
    """What a server frame is: the answer to a login, the answer to a send, or a delivery."""

    LOGIN = "Login"
    SEND = "Send"
    RECEIVE = "Receive"


class MessageType(StrEnum):
    """The four words of ``type`` (decision D1)."""

    TEXT = "text"
    IMAGE = "image"
    TITLE = "title"
    STAFF = "staff"


class TitleType(StrEnum):
    """The five words of ``titletype``: three topics and two staff words (decision D2)."""

    PRO = "pro"
    ORDER = "order"
    OTHER = "other"
    CONFIRM = "confirm"
    ASSIGNMENT = "assignment"


TOPIC_WORDS = (TitleType.PRO, TitleType.ORDER, TitleType.OTHER)
STAFF_WORDS = (TitleType.CONFIRM, TitleType.ASSIGNMENT)


class Role(StrEnum):
    """The two sides of a conversation, which are also the words of ``SendType`` (decision D8)."""

    CUSTOMER = "customer"
    STAFF = "staff"

    @property
    def other(self) -> "Role":
        """The side that receives what this side sends."""
        return Role.STAFF if self is Role.CUSTOMER else Role.CUSTOMER
