"""Which message an untokened receipt may be, by its digest and its place between two tokens.

Pure questions to the lanes as they stand: changes nothing, counts nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from harness.ledger.evidence import expectation, must_not_come
from harness.ledger.lanes import Lane, Stray, Word
from harness.ledger.observations import claimed_seq


class Guess(NamedTuple):
    """Which message a stray was, and which others would fit as well (``untold``: unknown ones)."""

    seq: int
    others: Sequence[int] = ()
    untold: bool = False

    @property
    def sure(self) -> bool:
        return not (self.others or self.untold)


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


def front_of(stray: Stray) -> int:
    """The latest message of the binding that is known to have come before; -1 for none."""
    return max(stray.after, stray.inlet.order.before(stray))


def _ahead(stray: Stray) -> list[int]:
    """Those that are next by their place; a refused one only where there is no other."""
    refused, front = stray.inlet.lane.refused, front_of(stray)
    ahead = [word.seq for word in _sent(stray) if word.seq > front]
    return [seq for seq in ahead if seq not in refused] or ahead


def undoubted(stray: Stray, complete: bool) -> int | None:
    """The message that this is, where it can be one only: awaited, next to the one in front.

    With none in front only a message that named this connection is awaited for certain; so, too,
    where not every receipt is told (``complete``).
    """
    inlet, ahead, front = stray.inlet, _ahead(stray), front_of(stray)
    if not ahead or not _only_words(inlet.lane, front, ahead[0]) or _overdue(stray):
        return None
    next_to_it = complete and front >= 0
    sure = expectation(inlet, ahead[0]) if next_to_it else ahead[0] in inlet.owed
    return ahead[0] if sure else None


def in_place_of(stray: Stray) -> list[int]:
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
    front = front_of(stray)
    return [
        word.seq for word in _sent(stray) if word.seq < front and expectation(stray.inlet, word.seq)
    ]


def best_guess(stray: Stray) -> Guess | None:
    """The message that this was, now that every ``Sent`` is known."""
    in_place = in_place_of(stray)
    if not in_place and (may_be_forgotten(stray) or _repeats_its_neighbour(stray)):
        return None
    awaited = [word.seq for word in _sent(stray) if expectation(stray.inlet, word.seq)]
    return likeliest_of(stray, in_place or awaited or _ahead(stray))


def is_ordinary(stray: Stray, guess: Guess) -> bool:
    """Whether ``guess`` stands in its place and accuses nobody."""
    accuses = must_not_come(stray.inlet, guess.seq, stray.fence_ns)
    return guess.seq in in_place_of(stray) and not accuses


def likeliest_of(stray: Stray, fitting: list[int]) -> Guess | None:
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
    front, behind = front_of(stray), stray.inlet.order.behind(stray)
    return (0 <= front < seq and _only_words(lane, front, seq)) or (
        behind is not None and seq < behind and _only_words(lane, seq, behind)
    )


def _only_words(lane: Lane, low: int, high: int) -> bool:
    """Whether all messages between ``low`` and ``high`` are told and without tokens."""
    return sum(low < word.seq < high for word in lane.words) == high - low - 1


def repeated_by(stray: Stray) -> int | None:
    """The message of which this is a repetition; one that is guessed comes first: no proof."""
    again = [word.seq for word in _sent(stray, again=True)]
    return min(again, key=lambda seq: (seq not in stray.inlet.guessed, seq), default=None)


def _repeats_its_neighbour(stray: Stray) -> bool:
    """Whether an equal message came in the very same place."""
    behind = stray.inlet.order.behind(stray)
    front = front_of(stray)
    return any(
        front <= word.seq and (behind is None or word.seq < behind)
        for word in _sent(stray, again=True)
    )


def may_be_forgotten(stray: Stray) -> bool:
    """Whether this may be a message so old that it is remembered no more."""
    return stray.after < stray.inlet.lane.forgotten


def claimed_by(stray: Stray) -> int:
    """The message that a corrupted receipt says it is; -1 where it may not be that one."""
    lane, claimed = stray.inlet.lane, claimed_seq(stray.digest) if stray.is_corrupted else -1
    possible = claimed in lane.sent and lane.word(claimed) is None
    return claimed if possible and _stands_between(stray, claimed) else -1


def missing_at(stray: Stray) -> int | None:
    """The message in whose place this receipt came, altered beyond recognition.

    One with a token was none without; where it says which, it is that one or a further receipt.
    """
    inlet, lane = stray.inlet, stray.inlet.lane
    owed = {seq: sent.sent_ns for seq, sent in inlet.owed.items()}
    if inlet.connection.is_staff != lane.from_staff:
        owed |= {seq: owed.sent.sent_ns for seq, owed in lane.owed.items()}
    missing = [
        seq
        for seq, sent_ns in owed.items()
        if sent_ns < stray.at_ns
        and _stands_between(stray, seq)
        and not (stray.is_corrupted and lane.word(seq))
    ]
    claimed = claimed_by(stray)
    if claimed in missing:
        return claimed
    further = claimed >= 0 and claimed not in inlet.received
    return None if further else min(missing, default=None)


def may_be_missing_here(stray: Stray) -> bool:
    """Whether some message that this connection did not have, needed or not, belongs here."""
    inlet = stray.inlet
    behind = inlet.order.behind(stray)
    last = (inlet.lane.sent.highest + 1 if behind is None else behind) - 1
    first = front_of(stray) + 1
    return first <= last and not inlet.received.has_all(first, last)


def _stands_between(stray: Stray, seq: int) -> bool:
    """Whether ``seq`` belongs between what is known to have come before and behind."""
    before, behind = stray.inlet.order.before(stray), stray.inlet.order.behind(stray)
    return before < seq and (behind is None or seq < behind)
