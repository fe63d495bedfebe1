"""Receipts without a token: which message each of them was.

A title or a staff word is known by its digest and its place between two tokens. One that fits
nothing waits, for its ``Sent`` may be on the way; after the patience it is what is left: late,
repeated, redelivered, an altered message in the place of a missing one, foreign, or unexpected.
"""

from collections import deque
from collections.abc import Iterator

from harness.ledger.deliveries import Deliveries, expects
from harness.ledger.lanes import Connection, Inlet, Lane, Stray, Word
from harness.ledger.observations import CORRUPTED_DIGEST, Received, Sent


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
        inlet.wait_for(stray)
        expected = _expected(stray)
        if expected is not None and expected > stray.after:
            self._resolve(stray, expected)
            return
        inlet.lane.strays.append(stray)
        self._waiting.append(stray)
        if (oldest := inlet.oldest) is not None:
            self._give_up(oldest)

    def claim(self, lane: Lane, sent: Sent) -> dict[Connection, int]:
        """When, and at which connections, an untokened message had come before it was known."""
        arrivals: dict[Connection, int] = {}
        for stray in tuple(lane.strays):
            connection = stray.inlet.connection
            fits = stray.digest == sent.digest and stray.after < sent.seq
            if fits and stray.at_ns > sent.sent_ns and connection not in arrivals:
                arrivals[connection] = stray.at_ns
                lane.strays.remove(stray)
                self._settle(stray, sent.seq)
        return arrivals

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

    def _resolve(self, stray: Stray, seq: int) -> None:
        """The stray was message ``seq``, whose outcome is known."""
        self._settle(stray, seq)
        self._deliveries.arrive(stray.inlet, seq, stray.at_ns)

    def _settle(self, stray: Stray, seq: int) -> None:
        inlet = stray.inlet
        stray.seq, stray.resolved = seq, True
        if seq >= 0:
            inlet.had(seq, stray.at_ns)
        for late in inlet.late():
            self._deliveries.irregular("reordered", inlet, late, stray.at_ns)

    def _give_up(self, stray: Stray) -> None:
        if stray.resolved:
            return
        stray.inlet.lane.strays.remove(stray)
        seq = _expected(stray)
        if seq is None:
            seq = _surplus(stray)
        if seq is not None:
            self._resolve(stray, seq)
            return
        repeated = next(_sent(stray, again=True), None)
        altered = _missing(stray) if repeated is None else None
        if altered is not None:
            self._resolve(stray, altered)
        else:
            self._settle(stray, -1)
        self._name(stray, repeated, altered)

    def _name(self, stray: Stray, repeated: Word | None, altered: int | None) -> None:
        """Count what is no ordinary receipt."""
        inlet, at_ns, deliveries = stray.inlet, stray.at_ns, self._deliveries
        if repeated is not None:
            deliveries.irregular("duplicated", inlet, repeated.seq, at_ns)
        elif stray.digest == CORRUPTED_DIGEST:
            return  # the worker has counted it
        elif altered is not None:
            deliveries.irregular("corrupted", inlet, altered, at_ns)
        elif stray.after < 0:
            deliveries.tally.foreign += 1
        elif deliveries.is_ghost(inlet.lane):
            deliveries.raise_ghost(inlet, -1, at_ns)
        elif inlet.lane.forgetful:
            deliveries.tally.redelivered += 1
        else:
            deliveries.unexpected(inlet, -1, at_ns)

    def __len__(self) -> int:
        return len(self._waiting)


def _sent(stray: Stray, *, again: bool) -> Iterator[Word]:
    """The messages that this may be, oldest first: those not received here yet, or ``again``."""
    received = stray.inlet.received
    return (
        word
        for word in stray.inlet.lane.words
        if word.digest == stray.digest
        and word.sent_ns < stray.at_ns
        and (word.seq in received) is again
    )


def _expected(stray: Stray) -> int | None:
    """The message that meets an expectation: the next of its place, else one that is overdue."""
    fitting = [w.seq for w in _sent(stray, again=False) if expects(stray.inlet, w.seq)]
    ahead = [seq for seq in fitting if seq > stray.after]
    return min(ahead or fitting, default=None)


def _surplus(stray: Stray) -> int | None:
    """A message that nobody waits for: acknowledged rather than unanswered rather than refused."""
    lane = stray.inlet.lane
    fitting = (word.seq for word in _sent(stray, again=False) if word.seq > stray.after)
    return min(
        fitting, key=lambda seq: (seq in lane.refused, seq in lane.unknown, seq), default=None
    )


def _missing(stray: Stray) -> int | None:
    """The message in whose place this receipt came, altered beyond recognition."""
    inlet, lane = stray.inlet, stray.inlet.lane
    owed = {seq: sent.sent_ns for seq, sent in inlet.owed.items()}
    if inlet.connection.is_staff != lane.from_staff:
        owed |= {seq: owed.sent.sent_ns for seq, owed in lane.owed.items()}
    return min(
        (seq for seq, sent_ns in owed.items() if sent_ns < stray.at_ns and inlet.fits_first(seq)),
        default=None,
    )
