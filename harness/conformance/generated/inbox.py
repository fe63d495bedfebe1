"""What one connection must and may be sent, against what it was sent. Pure.

Deliveries carry no id: they are told apart by sender, order and content (contract §4). An arrival
is right when all arrivals of its sender can be given, in order, to things that were said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from harness.conformance.deliveries import fits
from harness.conformance.generated.acts import Seat
from harness.conformance.generated.contract import Due, Said
from harness.session_rules import SessionRules
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.words import MessageType

Msg = dict[str, Any]
Places = list[int | None]

_PLACED = 1_000  # a place for an arrival is worth more than any number of due slots

_CONTENT = {
    MessageType.TEXT: "content-text",
    MessageType.IMAGE: "content-image",
    MessageType.TITLE: "content-title",
}


class Slot(msgspec.Struct):
    """Something that one connection may be sent, once; ``due`` where it must be."""

    said: Said
    due: Due | None = None


class Review(msgspec.Struct, frozen=True):
    """How the arrivals of one sender stand: ``given`` are the slots of each, ``missing`` those that
    must still come, ``strange`` arrivals without a slot, ``gap`` whether a later one has come.
    """

    given: tuple[tuple[Slot, int], ...]
    missing: tuple[Slot, ...]
    strange: tuple[int, ...]
    gap: bool

    @property
    def settled(self) -> bool:
        """Whether nothing must come any more, and nothing came that must not."""
        return not self.missing and not self.strange


class Inbox:
    """Of one connection, since its login. ``home`` is the conversation of a customer's, None for
    staff, who may have been offered any.
    """

    def __init__(self, rules: SessionRules, home: int | None) -> None:
        self._rules = rules
        self._home = home
        self._slots: dict[int, Slot] = {}

    def owe(self, due: Due) -> None:
        """``due`` must come; if it has already, that was it."""
        self._slots[due.said.number] = Slot(due.said, due)

    def allow(self, said: Said) -> None:
        """``said`` may come."""
        self._slots.setdefault(said.number, Slot(said))

    @property
    def _conversations(self) -> set[int]:
        if self._home is not None:
            return {self._home}
        return {slot.said.conversation for slot in self._slots.values()}

    def review(self, sender: Seat, arrived: Sequence[Msg]) -> Review:
        """The arrivals of ``sender``, an account."""
        slots = [s for _, s in sorted(self._slots.items()) if s.said.sender.account == sender]
        places = _placed(self._rules, slots, arrived)
        given = [(slots[place], at) for at, place in enumerate(places) if place is not None]
        taken = {place for place in places if place is not None}
        missing = [place for place, slot in enumerate(slots) if slot.due and place not in taken]
        return Review(
            given=tuple(given),
            missing=tuple(slots[place] for place in missing),
            strange=tuple(at for at, place in enumerate(places) if place is None),
            gap=bool(missing) and missing[0] < max(taken, default=-1),
        )

    def complaints(
        self, review: Review, arrived: Sequence[Msg], all_said: Iterable[Said]
    ) -> list[Finding]:
        """What is wrong with a review that is not settled, once nothing more comes."""
        lost = list(review.missing)
        known = list(all_said)
        found = [self._odd(arrived[at], lost, known) for at in review.strange]
        return found + [_lost(slot) for slot in lost]

    def _odd(self, msg: Msg, lost: list[Slot], all_said: list[Said]) -> Finding:
        """What is wrong with an arrival for which there is no slot; it may explain a loss."""
        late = next((slot for slot in lost if fits(self._rules, slot.said.message, msg)), None)
        if late is not None:
            lost.remove(late)
            return _found("delivery-order", "the order of sending", f"{_shown(late.said)} too late")
        if any(fits(self._rules, slot.said.message, msg) for slot in self._slots.values()):
            return _found("delivery-once", "one arrival", f"one more of {_arrival(msg)}")
        known = [said for said in all_said if fits(self._rules, said.message, msg)]
        if known:
            inside = any(said.conversation in self._conversations for said in known)
            slug = "replay-read-not" if inside else "isolation"
            return _found(slug, "nothing that was not due here", _arrival(msg))
        if lost:
            slot = lost.pop(0)
            slug = _CONTENT.get(MessageType(slot.said.message.type), "same-msg")
            same = msg.get("type") == slot.said.message.type
            return _found(slug if same else "same-msg", _shown(slot.said), _arrival(msg))
        return _found("delivery-refused-never", "nothing that was not accepted", _arrival(msg))


def _lost(slot: Slot) -> Finding:
    due = slot.due
    slug = "delivery-stored"
    if due is not None and due.missed:
        slug = "replay-unread"
    elif due is not None and due.to.account == slot.said.sender.account:
        slug = "device-echo"
    to = str(due.to) if due is not None else ""
    return _found(slug, f"one arrival of {_shown(slot.said)} at {to}", "no arrival")


def _found(slug: str, expected: str, actual: str) -> Finding:
    return clause(slug).broken(expected=expected, actual=actual[:300])


def _shown(said: Said) -> str:
    return f"{said.message.type} {said.message.content[:100]!r} of {said.sender}"


def _arrival(msg: Mapping[str, Any]) -> str:
    return f"{str(msg.get('type'))[:20]} {str(msg.get('content'))[:120]!r}"


def _placed(rules: SessionRules, slots: Sequence[Slot], arrived: Sequence[Msg]) -> Places:
    """A slot for each arrival, in order, None where there is none; as many due ones as can be."""
    straight = len(arrived) <= len(slots) and all(
        slot.due and fits(rules, slot.said.message, msg)
        for slot, msg in zip(slots, arrived, strict=False)
    )
    if straight:
        return list(range(len(arrived)))
    fitting = [[fits(rules, slot.said.message, msg) for slot in slots] for msg in arrived]
    return _best(fitting, [_PLACED + bool(slot.due) for slot in slots])


def _best(fitting: Sequence[Sequence[bool]], worth: Sequence[int]) -> Places:
    """The pairing of rows with columns, in order, that is worth most (as in comparing texts)."""
    rows, columns = len(fitting), len(worth)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            taken = best[row + 1][column + 1] + worth[column] if fitting[row][column] else -1
            best[row][column] = max(best[row + 1][column], best[row][column + 1], taken)
    places: Places = [None] * rows
    row = column = 0
    while row < rows and column < columns:
        taken = best[row + 1][column + 1] + worth[column] if fitting[row][column] else -1
        if best[row][column] == taken:
            places[row] = column
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return places
