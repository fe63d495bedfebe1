"""Receipts without a token: which message each of them was.

A title or a staff word is known by its digest and its place between two tokens. Where that leaves
a doubt, or nothing that fits, it waits: for the next token, for a ``Sent`` that is on its way, at
most for the patience. Then it is what is left: late, redelivered, repeated, an altered message in
the place of a missing one, foreign, or unexpected.
"""

from collections import deque

from harness.ledger.deliveries import Deliveries
from harness.ledger.evidence import expectation
from harness.ledger.guesses import (
    Guess,
    best_guess,
    claimed_by,
    front_of,
    in_place_of,
    is_ordinary,
    likeliest_of,
    may_be_forgotten,
    may_be_missing_here,
    missing_at,
    repeated_by,
    undoubted,
)
from harness.ledger.lanes import Inlet, Lane, Receipt, Stray
from harness.ledger.observations import Received


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
        seq = undoubted(stray, self._complete)
        if seq is not None:
            self._resolve(stray, Guess(seq))
            return
        self._waiting.append(stray)
        if isinstance(oldest := inlet.order.overflow, Stray):
            self._give_up(oldest)

    def told(self, lane: Lane, seq: int) -> None:
        """An untokened message is known now: it may have come before."""
        for stray in tuple(lane.strays):
            if undoubted(stray, self._complete) == seq:
                self._resolve(stray, Guess(seq))

    def revisit(self, inlet: Inlet) -> None:
        """A token came behind untokened receipts: their place is narrower now."""
        for stray in inlet.order.unresolved():
            behind = inlet.order.behind(stray)
            if (
                not isinstance(stray, Stray)
                or behind is None
                or not inlet.lane.sent.has_all(front_of(stray) + 1, behind - 1)
            ):
                continue
            guess = likeliest_of(stray, in_place_of(stray))
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

    @property
    def _complete(self) -> bool:
        return self._deliveries.senders.complete

    def __len__(self) -> int:
        return len(self._waiting)

    def _resolve(self, stray: Stray, guess: Guess) -> None:
        """The stray was this message, whose outcome is known.

        Where it is a guess it proves nothing: no order, no repetition, no loss of the others.
        """
        inlet, sure = stray.inlet, guess.sure
        inlet.had(guess.seq, stray.at_ns, sure=sure)
        if not sure:
            for seq in (guess.seq, *guess.others):
                inlet.guessed.add(seq)
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
        guess = best_guess(stray)
        if self._may_be_untold(stray):
            if guess is None or not is_ordinary(stray, guess):
                self._settle(stray, -1)
                self._name_untold(stray)
                return
            guess = guess._replace(untold=True)
        if guess is not None:
            self._resolve(stray, guess)
            return
        repeated = repeated_by(stray)
        altered = missing_at(stray) if repeated is None else None
        if altered is not None:
            self._resolve(stray, Guess(altered, untold=altered != claimed_by(stray)))
            self._name_altered(stray, altered)
            return
        has_place = may_be_missing_here(stray)
        self._settle(stray, -1)
        if not stray.is_corrupted:
            self._name(stray, repeated, has_place=has_place)

    def _name_altered(self, stray: Stray, seq: int) -> None:
        if not stray.is_corrupted:  # else the worker has counted it
            self._deliveries.irregular("corrupted", stray.inlet, seq, stray.at_ns)

    def _name(self, stray: Stray, repeated: int | None, *, has_place: bool) -> None:
        """Count what is no ordinary receipt. ``has_place``: some message may be missing here."""
        inlet, at_ns, deliveries = stray.inlet, stray.at_ns, self._deliveries
        if may_be_forgotten(stray):
            deliveries.tally.redelivered += 1
        elif repeated is not None:
            deliveries.repeat(inlet, repeated, at_ns)
        elif stray.after < 0:
            deliveries.tally.foreign += 1
        elif has_place:
            self._name_altered(stray, -1)
        else:
            deliveries.unexpected(inlet, -1, at_ns)

    def _may_be_untold(self, stray: Stray) -> bool:
        """Whether this may be a message that only a lost worker could have reported."""
        lane, behind = stray.inlet.lane, stray.inlet.order.behind(stray)
        return (
            not stray.is_corrupted
            and self._deliveries.senders.vanished(lane.sender)
            and (behind is None or not lane.sent.has_all(front_of(stray) + 1, behind - 1))
        )

    def _name_untold(self, stray: Stray) -> None:
        """Count what no known message explains, and an unknown one may."""
        if may_be_forgotten(stray):
            self._deliveries.tally.redelivered += 1
        elif stray.after < 0:
            self._deliveries.tally.foreign += 1
        else:
            self._deliveries.raise_ghost(stray.inlet, -1, stray.at_ns)
