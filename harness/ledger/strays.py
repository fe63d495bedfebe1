"""Receipts without a token: which message each of them was.

A title or a staff word is known by its digest and its place between two tokens. Where that leaves
a doubt, or nothing that fits, it waits: for the next token, for a ``Sent`` that is on its way, at
most for the patience. Then it is what is left: late, redelivered, repeated, an altered message in
the place of a missing one, foreign, or unexpected.
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from harness.ledger.deliveries import Deliveries
from harness.ledger.evidence import expectation, must_not_come
from harness.ledger.lanes import Inlet, Lane, Receipt, Stray, Word
from harness.ledger.observations import CORRUPTED_DIGEST, Received


class Guess(NamedTuple):
    """Which message a stray was, and which others would fit as well."""

    seq: int
    others: Sequence[int] = ()


class Strays:
    """Keeps untokened receipts until they are known. ``patience_ns``: longer than any answer."""

    __slots__ = ("_deliveries", "_patience_ns", "_waiting")

    def __init__(self, deliveries: Deliveries, patience_ns: int) -> None:
        self._deliveries = deliveries
        self._patience_ns = patience_ns
        self._waiting: deque[Stray] = deque()

    def arrive(self, inlet: Inlet, receipt: Received) -> None:
        """An untokened message came in."""
        stray = Stray(inlet, receipt.digest, receipt.after, receipt.at_ns)
        inlet.order.word(stray)
        inlet.lane.strays.append(stray)
        seq = _undoubted(stray)
        if seq is not None:
            self._resolve(stray, Guess(seq))
            return
        self._waiting.append(stray)
        if isinstance(oldest := inlet.order.overflow, Stray):
            self._give_up(oldest)

    def told(self, lane: Lane, seq: int) -> None:
        """An untokened message is known now: it may have come before."""
        for stray in tuple(lane.strays):
            if _undoubted(stray) == seq:
                self._resolve(stray, Guess(seq))

    def revisit(self, inlet: Inlet) -> None:
        """A token came behind untokened receipts: their place is narrower now."""
        for stray in inlet.order.unresolved():
            behind = inlet.order.behind(stray)
            if (
                not isinstance(stray, Stray)
                or behind is None
                or not inlet.lane.sent.has_all(_front(stray) + 1, behind - 1)
            ):
                continue
            guess = _likeliest(stray, _in_place(stray))
            if guess is not None and (expectation(inlet, guess.seq) or not guess.others):
                self._resolve(stray, guess)

    def advance(self, now_ns: int) -> int:
        """Give up what came before the patience began; when to come back for the next."""
        waiting, latest_ns = self._waiting, now_ns - self._patience_ns
        while waiting and waiting[0].at_ns <= latest_ns:
            self._give_up(waiting.popleft())
        return (waiting[0].at_ns if waiting else now_ns) + self._patience_ns

    def finish(self) -> None:
        """Give up everything: nothing more will be known."""
        while self._waiting:
            self._give_up(self._waiting.popleft())

    def __len__(self) -> int:
        return len(self._waiting)

    def _resolve(self, stray: Stray, guess: Guess) -> None:
        """The stray was this message, whose outcome is known.

        Where it is a guess it proves nothing: neither an order nor the loss of the others.
        """
        inlet = stray.inlet
        sure = not guess.others
        inlet.had(guess.seq, stray.at_ns, sure=sure)
        inlet.lane.doubted.update(seq for seq in guess.others if expectation(inlet, seq))
        self._settle(stray, guess.seq if sure else -1)
        self._deliveries.arrive(Receipt(inlet, stray.at_ns, stray.fence_ns), guess.seq)

    def _settle(self, stray: Stray, seq: int) -> None:
        """The stray waits no more; it has a place in the order only where ``seq`` is sure."""
        inlet = stray.inlet
        inlet.lane.strays.remove(stray)
        stray.seq, stray.resolved = seq, True
        for late in inlet.order.late():
            self._deliveries.irregular("reordered", inlet, late, stray.at_ns)

    def _give_up(self, stray: Stray) -> None:
        if stray.resolved:
            return
        guess = _best(stray)
        if guess is not None:
            self._resolve(stray, guess)
            return
        repeated = next((word.seq for word in _sent(stray, again=True)), None)
        altered = _missing(stray) if repeated is None else None
        if altered is not None:
            self._resolve(stray, Guess(altered))
        else:
            self._settle(stray, -1)
        self._name(stray, repeated, altered)

    def _name(self, stray: Stray, repeated: int | None, altered: int | None) -> None:
        """Count what is no ordinary receipt."""
        inlet, at_ns, deliveries = stray.inlet, stray.at_ns, self._deliveries
        if stray.digest == CORRUPTED_DIGEST:
            return  # the worker has counted it
        if altered is not None:
            deliveries.irregular("corrupted", inlet, altered, at_ns)
        elif _may_be_forgotten(stray):
            deliveries.tally.redelivered += 1
        elif repeated is not None:
            deliveries.irregular("duplicated", inlet, repeated, at_ns)
        elif stray.after < 0:
            deliveries.tally.foreign += 1
        elif deliveries.senders.vanished(inlet.lane.sender):
            deliveries.raise_ghost(inlet, -1, at_ns)
        else:
            deliveries.unexpected(inlet, -1, at_ns)


def _sent(stray: Stray, *, again: bool = False) -> list[Word]:
    """The messages that this may be, oldest first: those not received here yet, or ``again``."""
    received = stray.inlet.received
    return [
        word
        for word in stray.inlet.lane.words
        if word.digest == stray.digest
        and word.sent_ns < stray.at_ns
        and word.connection != stray.inlet.connection.number
        and (word.seq in received) is again
    ]


def _front(stray: Stray) -> int:
    """The latest message of the binding that is known to have come before; -1 for none."""
    return max(stray.after, stray.inlet.order.before(stray))


def _ahead(stray: Stray) -> list[int]:
    """Those that are next by their place; a refused one only where there is no other."""
    refused, front = stray.inlet.lane.refused, _front(stray)
    ahead = [word.seq for word in _sent(stray) if word.seq > front]
    return [seq for seq in ahead if seq not in refused] or ahead


def _undoubted(stray: Stray) -> int | None:
    """The message that this is, where it can be one only: awaited, next to the one in front.

    With none in front only a message that named this connection is awaited for certain.
    """
    inlet, ahead, front = stray.inlet, _ahead(stray), _front(stray)
    if not ahead or not _only_words(inlet.lane, front, ahead[0]) or _overdue(stray):
        return None
    sure = expectation(inlet, ahead[0]) if front >= 0 else ahead[0] in inlet.owed
    return ahead[0] if sure else None


def _in_place(stray: Stray) -> list[int]:
    """Those between the message in front and the next one behind.

    Where equal receipts follow in the same place, the later messages are theirs.
    """
    behind = stray.inlet.order.behind(stray)
    fitting = [seq for seq in _ahead(stray) if behind is None or seq < behind]
    rivals = [p for p in stray.inlet.order.equals_behind(stray) if isinstance(p, Stray)]
    if rivals:
        theirs = [seq for seq in _ahead(rivals[-1]) if behind is None or seq < behind]
        reserved = max(0, len(rivals) - len(set(theirs) - set(fitting)))
        fitting = fitting[: max(0, len(fitting) - reserved)] or _overdue(stray) or fitting[:1]
    return fitting


def _overdue(stray: Stray) -> list[int]:
    """Those that are awaited here although a later message has come."""
    front = _front(stray)
    return [
        word.seq for word in _sent(stray) if word.seq < front and expectation(stray.inlet, word.seq)
    ]


def _best(stray: Stray) -> Guess | None:
    """The message that this was, now that every ``Sent`` is known."""
    in_place = _in_place(stray)
    if not in_place and (_may_be_forgotten(stray) or _repeats_its_neighbour(stray)):
        return None
    awaited = [word.seq for word in _sent(stray) if expectation(stray.inlet, word.seq)]
    return _likeliest(stray, in_place or awaited or _ahead(stray))


def _likeliest(stray: Stray, fitting: list[int]) -> Guess | None:
    """The one that stands where it should; in doubt the one whose absence would say the most."""
    inlet = stray.inlet
    fitting = [seq for seq in fitting if _stands_beside(stray, seq)] or fitting
    if not fitting:
        return None
    likeliest = min(
        fitting,
        key=lambda seq: (
            -expectation(inlet, seq),
            must_not_come(inlet, seq, stray.fence_ns),
            seq in inlet.lane.unknown,
            seq,
        ),
    )
    return Guess(likeliest, [seq for seq in fitting if seq != likeliest])


def _stands_beside(stray: Stray, seq: int) -> bool:
    """Whether nothing with a token is missing between ``seq`` and a neighbour of the stray."""
    lane = stray.inlet.lane
    front, behind = _front(stray), stray.inlet.order.behind(stray)
    return (0 <= front < seq and _only_words(lane, front, seq)) or (
        behind is not None and seq < behind and _only_words(lane, seq, behind)
    )


def _only_words(lane: Lane, low: int, high: int) -> bool:
    """Whether all messages between ``low`` and ``high`` are told and without tokens."""
    return sum(low < word.seq < high for word in lane.words) == high - low - 1


def _repeats_its_neighbour(stray: Stray) -> bool:
    """Whether an equal message came in the very same place."""
    behind = stray.inlet.order.behind(stray)
    front = _front(stray)
    return any(
        front <= word.seq and (behind is None or word.seq < behind)
        for word in _sent(stray, again=True)
    )


def _may_be_forgotten(stray: Stray) -> bool:
    """Whether this may be a message so old that it is remembered no more."""
    return stray.after < stray.inlet.lane.forgotten


def _missing(stray: Stray) -> int | None:
    """The message in whose place this receipt came, altered beyond recognition."""
    inlet, lane = stray.inlet, stray.inlet.lane
    before, behind = inlet.order.before(stray), inlet.order.behind(stray)
    owed = {seq: sent.sent_ns for seq, sent in inlet.owed.items()}
    if inlet.connection.is_staff != lane.from_staff:
        owed |= {seq: owed.sent.sent_ns for seq, owed in lane.owed.items()}
    return min(
        (
            seq
            for seq, sent_ns in owed.items()
            if sent_ns < stray.at_ns and before < seq and (behind is None or seq < behind)
        ),
        default=None,
    )
