"""What arrived against what was sent: pure matching by sender, order and content (contract §4)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from harness.session_rules import SessionRules, fits_content, fits_titletype
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.messages import InMsg
from schemas.words import MessageType

Msg = dict[str, Any]
Places = tuple[int, ...]

_CONTENT = {
    MessageType.TEXT: "content-text",
    MessageType.IMAGE: "content-image",
    MessageType.TITLE: "content-title",
}


class Matched(msgspec.Struct, frozen=True):
    """Places of one sender's arrivals on one connection.

    ``expected`` for each expected message; ``others`` of what else the sender said; ``receipts`` of
    pure receipts; ``strangers`` fit nothing that was said.
    """

    expected: tuple[Places, ...]
    others: Places
    receipts: Places
    strangers: Places

    @property
    def complete(self) -> bool:
        """Whether every expected message has arrived."""
        return all(self.expected)

    @property
    def has_gap(self) -> bool:
        """Whether a later message has arrived and an earlier one has not."""
        arrived = [bool(places) for places in self.expected]
        return arrived != sorted(arrived, reverse=True)

    @property
    def order(self) -> list[int]:
        """The numbers of the expected messages, from 1, in the order of their first arrivals."""
        firsts = {places[0]: number for number, places in enumerate(self.expected, 1) if places}
        return [firsts[place] for place in sorted(firsts)]


def fits(rules: SessionRules, message: InMsg, msg: Msg) -> bool:
    """Whether ``msg`` can be ``message``, by type, titletype and content."""
    return (
        msg.get("type") == message.type
        and fits_titletype(message, msg)
        and fits_content(rules, message, msg.get("content"))
    )


def match(
    rules: SessionRules,
    expected: Sequence[InMsg],
    arrived: Sequence[Msg],
    others: Sequence[InMsg] = (),
) -> Matched:
    """Give each arrival to the first expected message it fits that has none yet, else to the last
    one it fits; ``others`` is what the sender said besides."""
    slots: list[list[int]] = [[] for _ in expected]
    other, receipts, strangers = list[int](), list[int](), list[int]()
    for place, msg in enumerate(arrived):
        fitting = [
            slot for slot, sent in zip(slots, expected, strict=True) if fits(rules, sent, msg)
        ]
        if fitting:
            next((slot for slot in fitting if not slot), fitting[-1]).append(place)
        elif not msg.get("content"):
            receipts.append(place)
        elif any(fits(rules, sent, msg) for sent in others):
            other.append(place)
        else:
            strangers.append(place)
    return Matched(tuple(map(tuple, slots)), tuple(other), tuple(receipts), tuple(strangers))


def judge(
    matched: Matched,
    expected: Sequence[InMsg],
    arrived: Sequence[Msg],
    missed: Sequence[InMsg] = (),
) -> list[Finding]:
    """What is missing, changed or out of order among these arrivals, once nothing more comes.

    ``missed`` was said before this connection was there: it is owed by a replay alone (D12).
    """
    lost = [sent for sent, places in zip(expected, matched.expected, strict=True) if not places]
    instead = zip(lost, matched.strangers, strict=False)
    missing = lost[len(matched.strangers) :]
    found = [_changed(sent, arrived[place]) for sent, place in instead]
    found += [
        _broken("replay-unread" if sent in missed else "delivery-stored", sent, "no arrival")
        for sent in missing
    ]
    if matched.order != sorted(matched.order):
        order = " ".join(map(str, matched.order))
        found.append(
            clause("delivery-order").broken(
                expected="the order of sending", actual=f"order of arrival: {order}"
            )
        )
    return found


def repeated(rules: SessionRules, said: Sequence[InMsg], arrived: Sequence[Msg]) -> list[Finding]:
    """What of all that was said has arrived more than once on one connection."""
    matched = match(rules, said, arrived)
    return [
        _broken("delivery-once", sent, f"{len(places)} arrivals")
        for sent, places in zip(said, matched.expected, strict=True)
        if len(places) > 1
    ]


def differing(one: Msg, other: Msg) -> list[str]:
    """The members in which two forms of one message differ (D22)."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def _changed(sent: InMsg, msg: Msg) -> Finding:
    """``msg`` came in the place of ``sent``."""
    if msg.get("type") != sent.type or not fits_titletype(sent, msg):
        actual = f"type {msg.get('type')!r}, titletype {msg.get('titletype')!r}"
        return _broken("same-msg", sent, actual[:200])
    slug = _CONTENT.get(MessageType(sent.type), "same-msg")
    return clause(slug).broken(
        expected=repr(sent.content)[:200],
        actual=repr(msg.get("content"))[:200],
        pointer="/msg/content",
    )


def _broken(slug: str, sent: InMsg, actual: str) -> Finding:
    shown = f"{sent.type} {sent.content[:100]!r}"
    return clause(slug).broken(expected=f"one arrival of {shown}", actual=actual)
