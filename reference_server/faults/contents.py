"""Faults that change what was said on its way: corruption of contents, old and new kinds."""

import html
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from msgspec.structs import replace

from reference_server.faults.bending import bend_msgs
from reference_server.faults.fault import Fault
from reference_server.outgoing import OutMsg
from schemas.words import MessageType, MsgStatus, Role

_SHORT: Final = 255


def _content(change: Callable[[str], str], *kinds: MessageType) -> Callable[[OutMsg], OutMsg]:
    """The change, made to non-empty contents of these types."""
    return lambda msg: (
        replace(msg, content=change(msg.content)) if msg.type in kinds and msg.content else msg
    )


def _of_staff(change: Callable[[str], str]) -> Callable[[OutMsg], OutMsg]:
    """The change, made to what staff says."""
    in_text = _content(change, MessageType.TEXT)
    return lambda msg: in_text(msg) if msg.send_type == Role.STAFF else msg


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


def _without(*ranges: tuple[int, int]) -> Callable[[str], str]:
    """Characters of these ranges vanish."""

    def change(text: str) -> str:
        return "".join(c for c in text if not any(a <= ord(c) <= b for a, b in ranges))

    return change


def _as_number(text: str) -> str:
    with suppress(ValueError):
        return str(int(text))
    return text


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
        "text-composed",
        "Letters and their accents are put together into one character.",
        ("content-text",),
        bend_msgs(_content(lambda text: unicodedata.normalize("NFC", text), _TEXT)),
    ),
    Fault(
        "text-decomposed",
        "Letters are taken apart into letter and accent, and Korean syllables too.",
        ("content-text",),
        bend_msgs(_content(lambda text: unicodedata.normalize("NFD", text), _TEXT)),
    ),
    Fault(
        "controls-removed",
        "Control characters but for tabs and line ends vanish from texts.",
        ("content-text",),
        bend_msgs(
            _content(_without((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F)), _TEXT)
        ),
    ),
    Fault(
        "invisibles-removed",
        "Zero-width characters, joiners and direction marks vanish from texts.",
        ("content-text",),
        bend_msgs(_content(_without((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069)), _TEXT)),
    ),
    Fault(
        "noncharacters-removed",
        "Noncharacters and private characters vanish from texts.",
        ("content-text",),
        bend_msgs(_content(_without((0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF)), _TEXT)),
    ),
    Fault(
        "blanks-collapsed",
        "Several blanks in a row become one, as in HTML.",
        ("content-text",),
        bend_msgs(_content(lambda text: re.sub(r"[ \t]+", " ", text), _TEXT)),
    ),
    Fault(
        "lower-cased",
        "Texts are put into lower case.",
        ("content-text",),
        bend_msgs(_content(str.lower, _TEXT)),
    ),
    Fault(
        "escapes-read-twice",
        "Backslashes and entities in texts are taken for escapes once more.",
        ("content-text",),
        bend_msgs(_content(lambda text: html.unescape(text.replace("\\\\", "\\")), _TEXT)),
    ),
    Fault(
        "numbers-converted",
        "Texts that are a number lose its leading zeros and signs.",
        ("content-text",),
        bend_msgs(_content(_as_number, _TEXT)),
    ),
    Fault(
        "staff-words-escaped",
        "What staff says is delivered with its markup escaped.",
        ("content-text",),
        bend_msgs(_of_staff(html.escape)),
    ),
    Fault(
        "image-unquoted",
        "Percent escapes in image paths are resolved.",
        ("content-image",),
        bend_msgs(_content(unquote, _IMAGE)),
    ),
    Fault(
        "title-escaped",
        "Markup in topics arrives escaped.",
        ("content-title", "content-rewritten"),
        bend_msgs(_content(html.escape, _TITLE), MsgStatus.RECEIVE),
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
