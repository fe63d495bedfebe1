"""Faults that change what was said on its way: corruption of contents, old and new kinds."""

import html
import unicodedata
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from reference_server.faults.bending import bend_msgs
from reference_server.faults.fault import Fault
from reference_server.outgoing import OutMsg
from schemas.words import MessageType, MsgStatus

_SHORT: Final = 255


def _content(change: Callable[[str], str], *kinds: MessageType) -> Callable[[OutMsg], OutMsg]:
    """The change, made to non-empty contents of these types."""
    return lambda msg: (
        replace(msg, content=change(msg.content)) if msg.type in kinds and msg.content else msg
    )


def _garbled(text: str) -> str:
    return text[:-1] + "\ufffd"


def _in_big5(text: str) -> str:
    return text.encode("big5", "replace").decode("big5")


def _mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


def _without_astral(text: str) -> str:
    return "".join(char for char in text if ord(char) < 0x10000)


def _with_slashes(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


_TEXT, _IMAGE, _TITLE = MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE

FAULTS: Final = (
    Fault(
        "corrupted-content",
        "The last character of a text is garbled on its way to the receiver.",
        ("content-text", "same-msg"),
        bend_msgs(_content(_garbled, _TEXT), MsgStatus.RECEIVE),
    ),
    Fault(
        "html-escaped",
        "Markup in texts comes back and arrives escaped.",
        ("content-text",),
        bend_msgs(_content(html.escape, _TEXT)),
    ),
    Fault(
        "text-trimmed",
        "Blanks at the ends of texts are cut off.",
        ("content-text",),
        bend_msgs(_content(str.strip, _TEXT)),
    ),
    Fault(
        "text-truncated",
        f"Texts are cut after {_SHORT} characters.",
        ("content-text",),
        bend_msgs(_content(lambda text: text[:_SHORT], _TEXT)),
    ),
    Fault(
        "legacy-encoding",
        "Texts pass through Big5; what it does not know becomes a question mark.",
        ("content-text",),
        bend_msgs(_content(_in_big5, _TEXT)),
    ),
    Fault(
        "mojibake",
        "The UTF-8 of texts is delivered as if it were Latin-1.",
        ("content-text",),
        bend_msgs(_content(_mojibake, _TEXT), MsgStatus.RECEIVE),
    ),
    Fault(
        "emoji-lost",
        "Characters beyond U+FFFF vanish from texts, as in a three-byte database column.",
        ("content-text",),
        bend_msgs(_content(_without_astral, _TEXT)),
    ),
    Fault(
        "text-normalised",
        "Texts are put into compatibility form: wide punctuation becomes narrow.",
        ("content-text",),
        bend_msgs(_content(lambda text: unicodedata.normalize("NFKC", text), _TEXT)),
    ),
    Fault(
        "line-ends-changed",
        "Line ends in texts all become a line feed.",
        ("content-text",),
        bend_msgs(_content(lambda text: "\n".join(text.split("\r\n")), _TEXT)),
    ),
    Fault(
        "slashes-added",
        "Apostrophes and backslashes in texts get a backslash in front.",
        ("content-text",),
        bend_msgs(_content(_with_slashes, _TEXT)),
    ),
    Fault(
        "image-lower-case",
        "Image paths are delivered in lower case.",
        ("content-image",),
        bend_msgs(_content(str.lower, _IMAGE)),
    ),
    Fault(
        "image-host-added",
        "Image paths come back and arrive behind a host.",
        ("content-image",),
        bend_msgs(_content("https://img.shop.example".__add__, _IMAGE)),
    ),
    Fault(
        "title-hash-added",
        "Product and order numbers arrive with a # in front.",
        ("content-title",),
        bend_msgs(_content("#".__add__, _TITLE), MsgStatus.RECEIVE),
    ),
    Fault(
        "title-cut",
        "Numbers and topics lose their last character.",
        ("content-title",),
        bend_msgs(_content(lambda text: text[:-1], _TITLE)),
    ),
)
