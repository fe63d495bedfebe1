"""What a message looks like in every frame about it: the one place where a ``msg`` is made (D22).

Knows the dialect and the catalogue; knows nothing of conversations and connections.
"""

import html
from collections.abc import Callable, Mapping
from typing import Final

from reference_server import catalogue, times
from reference_server.dialect import SN, Dialect
from reference_server.outgoing import Info, OutMsg, Place
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.modes import ContentMode, InfoMode, LocationMode
from schemas.words import MessageType, Role

_IN_FRONT: Final[Mapping[str, str]] = {
    MessageType.TEXT: "» ",
    MessageType.IMAGE: "https://img.shop.example",
    MessageType.TITLE: "No. ",
}


class Composer:
    """Makes ``msg`` values, and reads what staff words name, as one dialect has it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._time_text = times.writer(dialect.time_format)
        self._send_types = dict(zip(Role, dialect.send_types, strict=True))
        self._before_sn, _, self._after_sn = dialect.staff_content.partition(SN)
        self._rewrite: Mapping[str, Callable[[str], str]] = {
            MessageType.TEXT: _rewriter(MessageType.TEXT, dialect.content_text),
            MessageType.IMAGE: _rewriter(MessageType.IMAGE, dialect.content_image),
            MessageType.TITLE: _rewriter(MessageType.TITLE, dialect.content_title),
        }

    def compose(self, sender: Identity, message: InMsg, at_ms: int, *, read: bool) -> OutMsg:
        """The ``msg`` of a message said at ``at_ms``; ``read`` is what it shows (D23)."""
        return OutMsg(
            send_sn=sender.sn,
            send_name=sender.name,
            send_type=self._send_types[sender.role],
            type=message.type,
            content=self._content(message),
            time=self._time_text(at_ms),
            read=read,
            titletype=message.titletype,
            location=self._location(sender),
            info=self._info(message),
        )

    def customer_named(self, message: InMsg) -> str | None:
        """Whom a staff word names in its content (D14); None when it is not the template's."""
        content = message.content
        before, after = self._before_sn, self._after_sn
        fits = content.startswith(before) and content.endswith(after)
        sn = content[len(before) : len(content) - len(after)] if fits else ""
        return sn or None

    def _content(self, message: InMsg) -> str:
        """D21; a receipt stays empty, a staff word names whom it named."""
        rewrite = self._rewrite.get(message.type)
        return rewrite(message.content) if rewrite and message.content else message.content

    def _location(self, sender: Identity) -> Place | None:
        known = self._dialect.location is LocationMode.KNOWN
        return catalogue.place_of(sender) if known else None

    def _info(self, message: InMsg) -> Info | None:
        if message.type != MessageType.TITLE or self._dialect.info is InfoMode.NONE:
            return None
        return catalogue.info_of(message.titletype, message.content)


def _rewriter(kind: MessageType, how: ContentMode) -> Callable[[str], str]:
    """What becomes of content (D21): it stays, gets something in front, or is sanitised."""
    if how is ContentMode.SUFFIX:
        return _IN_FRONT[kind].__add__
    return _same if how is ContentMode.SAME else _sanitised


def _same(content: str) -> str:
    return content


def _sanitised(content: str) -> str:
    return html.escape(content)
