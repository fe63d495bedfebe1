"""The contract as a model: what each act makes due on which connection (D7, D10-D15, D19).

Pure: no server, no clock. A second witness beside the reference server, with which it shares no
code. It holds for acts done one after another, each settled before the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from harness.conformance.generated.acts import Cast, Seat
from schemas.messages import InMsg
from schemas.words import Role


class Terms(msgspec.Struct, frozen=True):
    """What the target's profile decides for the model: whether ``read`` marks, or at least the
    word with which staff closes its case; whether staff is bound by its URL, whether staff words
    reach the customer, how replayed frames count.
    """

    marks: bool = True
    closing_marks: bool = True
    by_url: bool = False
    lifecycle: bool = True
    running: bool = False


class Said(msgspec.Struct, frozen=True):
    """An accepted message: its place in the whole play, its conversation, and who said it."""

    number: int
    conversation: int
    sender: Seat
    message: InMsg


class Due(msgspec.Struct, frozen=True):
    """A delivery that must come. The count lies from ``low`` to ``high``; None: any is right.
    ``missed``: it was said while the connection was not there.
    """

    to: Seat
    said: Said
    low: int | None
    high: int | None
    missed: bool = False


@dataclass(slots=True)
class Talk:
    """One conversation: who is bound to it, and what each side has not read, oldest first."""

    unread: dict[Role, list[Said]] = field(default_factory=lambda: {role: [] for role in Role})
    bound: Seat | None = None


class Contract:
    """All conversations of one play. Customer ``n`` has conversation ``n``."""

    def __init__(self, cast: Cast, terms: Terms) -> None:
        self._terms = terms
        self.talks = [Talk() for _ in range(cast.customers)]
        self.present: set[Seat] = set()
        self._new: list[Said] = []
        self._count = 0

    def take_new(self) -> list[Said]:
        """What has been said since this was asked last."""
        new, self._new = self._new, []
        return new

    # Who stands where

    def conversation_of(self, seat: Seat) -> int | None:
        """The conversation in which ``seat`` may speak, None for unbound staff."""
        if seat.role is Role.CUSTOMER:
            return seat.number
        bound = (number for number, talk in enumerate(self.talks) if talk.bound == seat)
        return next(bound, None)

    def side(self, conversation: int, role: Role) -> list[Seat]:
        """The connections that receive what the other side says."""
        if role is Role.STAFF:
            bound = self.talks[conversation].bound
            return [bound] if bound is not None else []
        return sorted(s for s in self.present if s.role is role and s.number == conversation)

    def offerable(self) -> list[tuple[Seat, Said]]:
        """What unbound staff may be offered now, or may have been (D13)."""
        idle = [s for s in sorted(self.present) if s.role is Role.STAFF]
        idle = [s for s in idle if self.conversation_of(s) is None]
        waiting = [
            said for talk in self.talks if talk.bound is None for said in talk.unread[Role.STAFF]
        ]
        return [(seat, said) for seat in idle for said in waiting]

    # What happens

    def enter(self, seat: Seat) -> list[Due]:
        """``seat`` logs in: a customer is sent what its side has not read (D12)."""
        self.present.add(seat)
        if seat.role is Role.CUSTOMER:
            return self._replay(seat, self.talks[seat.number])
        if self._terms.by_url and seat.number < len(self.talks):
            self.talks[seat.number].bound = seat
        return []

    def leave(self, seat: Seat) -> None:
        """``seat`` is gone, and with it its binding."""
        self.present.discard(seat)
        for talk in self.talks:
            if talk.bound == seat:
                talk.bound = None

    def say(self, seat: Seat, messages: Sequence[InMsg]) -> list[Due]:
        """A member of a conversation says ``messages``, without waiting in between."""
        conversation = self.conversation_of(seat)
        assert conversation is not None
        talk = self.talks[conversation]
        if any(message.read for message in messages[:1]):
            self.read(seat)
        all_said = [self._store(talk, conversation, seat, message) for message in messages]
        others, mine = talk.unread[seat.role.other], talk.unread[seat.role]
        dues = [
            Due(to, said, len(others) - len(all_said) + 1 + place, len(others))
            for to in self.side(conversation, seat.role.other)
            for place, said in enumerate(all_said)
        ]
        if seat.role is Role.CUSTOMER:
            devices = [to for to in self.side(conversation, seat.role) if to != seat]
            dues += [Due(to, said, len(mine), len(mine)) for to in devices for said in all_said]
        return dues

    def read(self, seat: Seat) -> None:
        """A connection that has been sent everything marks it as read (D10)."""
        conversation = self.conversation_of(seat)
        if self._terms.marks and conversation is not None:
            self.talks[conversation].unread[seat.role].clear()

    def confirm(self, seat: Seat, customer: int, word: InMsg, had: set[int]) -> list[Due]:
        """Unbound staff takes a free case; ``had`` are the numbers of what it was offered of it."""
        talk = self.talks[customer]
        if word.read and self._terms.marks:
            upto = max(had, default=0)
            unread = talk.unread[Role.STAFF]
            talk.unread[Role.STAFF] = [said for said in unread if said.number > upto]
        dues = self._tell_customer(seat, customer, word)
        talk.bound = seat
        return [*dues, *self._replay(seat, talk, had)]

    def close(self, seat: Seat, word: InMsg) -> list[Due]:
        """Bound staff closes its case."""
        conversation = self.conversation_of(seat)
        assert conversation is not None
        if word.read and self._terms.closing_marks:
            self.talks[conversation].unread[Role.STAFF].clear()
        dues = self._tell_customer(seat, conversation, word)
        self.talks[conversation].bound = None
        return dues

    def _tell_customer(self, seat: Seat, customer: int, word: InMsg) -> list[Due]:
        if not self._terms.lifecycle:
            return []
        talk = self.talks[customer]
        said = self._store(talk, customer, seat, word)
        count = len(talk.unread[Role.CUSTOMER])
        return [Due(to, said, count, count) for to in self.side(customer, Role.CUSTOMER)]

    def _store(self, talk: Talk, conversation: int, seat: Seat, message: InMsg) -> Said:
        self._count += 1
        said = Said(self._count, conversation, seat, message)
        self._new.append(said)
        talk.unread[seat.role.other].append(said)
        return said

    def _replay(
        self, to: Seat, talk: Talk, had: frozenset[int] | set[int] = frozenset()
    ) -> list[Due]:
        """Everything unread; of what the connection ``had`` already, the count is settled."""
        unread = talk.unread[to.role]
        dues = []
        for place, said in enumerate(unread, 1):
            count: int | None = place if self._terms.running else len(unread)
            if said.number in had or (self._terms.running and had):
                count = None
            dues.append(Due(to, said, count, count, missed=True))
        return dues
