"""Client messages (``WebSocketIn_msg``) as values, and the bytes that carry them."""

import msgspec

from schemas.words import MessageType, TitleType


class InMsg(msgspec.Struct, frozen=True):
    """One well-typed client message. Whether it makes sense is the server's business."""

    type: str
    content: str
    read: bool = False
    titletype: str | None = None


def text(content: str, *, read: bool = False) -> InMsg:
    """Words to the other side."""
    return InMsg(MessageType.TEXT, content, read)


def image(path: str, *, read: bool = False) -> InMsg:
    """The path of a picture."""
    return InMsg(MessageType.IMAGE, path, read)


def title(topic: TitleType, number: str, *, read: bool = False) -> InMsg:
    """What the conversation is about: a product number, an order number or free words."""
    return InMsg(MessageType.TITLE, number, read, topic)


def staff_word(word: str, customer_sn: str, *, read: bool = False) -> InMsg:
    """A staff member takes (``confirm``) or closes (``assignment``) a customer's case (D2, D14)."""
    return InMsg(MessageType.STAFF, customer_sn, read, word)


def confirm(customer_sn: str, *, read: bool = False) -> InMsg:
    """Take the customer's case."""
    return staff_word(TitleType.CONFIRM, customer_sn, read=read)


def assignment(customer_sn: str, *, read: bool = False) -> InMsg:
    """Close the customer's case."""
    return staff_word(TitleType.ASSIGNMENT, customer_sn, read=read)


def receipt() -> InMsg:
    """A pure read receipt: acknowledged, not stored, not delivered (D10)."""
    return InMsg(MessageType.TEXT, "", read=True)


def is_receipt(message: InMsg) -> bool:
    """Whether ``message`` is a pure read receipt."""
    return message.type == MessageType.TEXT and message.content == "" and message.read


_encoder = msgspec.json.Encoder()


def encode(message: InMsg) -> bytes:
    """The message as UTF-8 JSON, all four members present."""
    return _encoder.encode(message)
