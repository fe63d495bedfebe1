"""Where a worker collects what the master must know, until the next report takes it.

Bounded: observations are packed as they come, everything else is counted by a small number of keys
with a few examples each.
"""

import traceback
from collections import Counter
from collections.abc import Callable

import msgspec

from harness.ledger.ack_rows import DONE, Rows, by_time, encode_rows
from harness.ledger.observations import Increment, Observation
from harness.ledger.tally import MessageKey
from harness.swarm.acks import Acks
from harness.swarm.link import Clock, Closing, DialFailed
from harness.swarm.reports import (
    Breach,
    ConnectionCounts,
    Fault,
    Refusal,
    Sighting,
    Unkept,
    encode_increment,
)
from schemas.findings import Finding

PACK_AT = 1_000
ROWS_AT_ONCE = 10_000
MAX_KEYS = 200
EXAMPLES_PER_WORD = 5
MAX_FAULTS = 20
_TRACEBACK_CHARS = 4_000
_OFTEN = ("frames_sent", "frames_received")


class Outbox:
    """Not thread-safe: belongs to the swarm's thread.

    ``pending`` is how many sends have no outcome now; what is counted for every message has a place
    of its own, and is a total as any other. ``acks`` go with what is observed.
    """

    def __init__(
        self,
        worker: int,
        clock: Clock,
        shown: Callable[[str], str] = str,
        acks: Acks | None = None,
    ) -> None:
        """``shown`` takes secrets out of what the target sent."""
        self._shown = shown
        self._acks = acks or Acks()
        self._worker = worker
        self._clock = clock
        self._number = 0
        self._observations: list[Observation] = []
        self._packed: list[bytes] = []
        self._ledger: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._connections: Counter[str] = Counter()
        self._close_codes: Counter[str] = Counter()
        self._refusals: Counter[tuple[str, str]] = Counter()
        self._breaches: dict[tuple[str, str], list[int]] = {}
        self._examples: dict[tuple[str, str], Finding] = {}
        self._sightings: list[Sighting] = []
        self._sighted: Counter[str] = Counter()
        self._unkept: list[Unkept] = []
        self._faults: list[Fault] = []
        self._fault_places: Counter[str] = Counter()
        self.pending = 0
        self.frames_sent = self.frames_received = 0

    def observe(self, observation: Observation) -> None:
        """Something for the ledger's books."""
        observations = self._observations
        observations.append(observation)
        if len(observations) >= PACK_AT:
            self.pack()

    def judged(
        self, word: str, detail: str, at_ns: int, frame: str = "", about: MessageKey | None = None
    ) -> None:
        """A ledger ``word`` that one connection judged alone, by ``frame``; the first few are kept.

        ``about`` is the message that came, where its token tells.
        """
        self.foreseen(word)
        self._sighted[word] += 1
        if self._sighted[word] <= EXAMPLES_PER_WORD:
            frames = (self._shown(frame),) if frame else ()
            self._sightings.append(Sighting(word, self._shown(detail), at_ns, frames, about))

    def foreseen(self, word: str) -> None:
        """A ledger ``word`` that is no anomaly."""
        self._ledger[word] += 1

    def promise_unkept(self, finding: Finding, detail: str) -> None:
        """At the end of a drain: a count told of more than ever came."""
        self._unkept.append(Unkept(finding, detail, self._clock()))

    def count(self, word: str, times: int = 1) -> None:
        """A total of the run."""
        self._counts[word] += times

    def broken(self, finding: Finding) -> None:
        """A clause was broken; equal ones are counted, one is kept."""
        key = finding.clause, finding.pointer
        known = self._breaches.get(key)
        if known is not None:
            known[0] += 1
        elif len(self._breaches) < MAX_KEYS:
            self._breaches[key] = [1]
            actual, frame = self._shown(finding.actual), self._shown(finding.frame)
            self._examples[key] = msgspec.structs.replace(finding, actual=actual, frame=frame)
        else:
            self._counts["breaches_dropped"] += 1

    def refused(self, failure: DialFailed) -> None:
        """A connection could not be opened or was not let in."""
        key = str(failure.cause), failure.detail
        if key not in self._refusals and len(self._refusals) >= MAX_KEYS:
            key = str(failure.cause), ""
        self._refusals[key] += 1

    def connection(self, word: str) -> None:
        """A field of :class:`ConnectionCounts` goes up by one."""
        self._connections[word] += 1

    def closed(self, closing: Closing) -> None:
        """A connection has ended."""
        code = "" if closing.code is None else str(closing.code)
        if code in self._close_codes or len(self._close_codes) < MAX_KEYS:
            self._close_codes[code] += 1

    def fault(self, where: str, error: BaseException) -> None:
        """An exception of ours, its traceback bounded; the first of a place are kept."""
        self._fault_places[where] += 1
        if len(self._faults) < MAX_FAULTS and self._fault_places[where] <= EXAMPLES_PER_WORD:
            trace = "".join(traceback.format_exception(error))[-_TRACEBACK_CHARS:]
            self._faults.append(Fault(where, f"{type(error).__name__}: {error}"[:500], trace))
        self._counts["faults"] += 1

    def pack(self) -> None:
        """Turn what was observed so far into one increment."""
        self._pack(self._acks.to_tell(), self._clock())

    def _pack(self, acked: Rows, until_ns: int) -> None:
        increment = Increment(
            self._worker,
            self._number,
            tuple(self._observations),
            dict(self._ledger),
            until_ns,
            self.pending,
            encode_rows(acked),
        )
        self._number += 1
        self._observations = []
        self._ledger = Counter()
        self._packed.append(encode_increment(increment))

    def take_increments(self) -> tuple[bytes, ...]:
        """Every increment since the last call, the last one made now.

        None is so large that whoever takes it in could do nothing else for long.
        """
        acked = by_time(self._acks.to_tell())
        while len(acked) > ROWS_AT_ONCE and not self._observations:
            piece, acked = acked[:ROWS_AT_ONCE], acked[ROWS_AT_ONCE:]
            self._pack(piece, int(piece[-1, DONE]))
        self._pack(acked, self._clock())
        packed, self._packed = self._packed, []
        return tuple(packed)

    def take_counts(self) -> dict[str, int]:
        """Totals since the last call."""
        counts, self._counts = self._counts, Counter()
        for word in _OFTEN:
            counts[word] += getattr(self, word)
            setattr(self, word, 0)
        return dict(+counts)

    def take_connections(self) -> ConnectionCounts:
        """What became of connections since the last call."""
        words, self._connections = self._connections, Counter()
        codes, self._close_codes = self._close_codes, Counter()
        return ConnectionCounts(**words, close_codes=dict(codes))

    def take_refusals(self) -> tuple[Refusal, ...]:
        """Refusals since the last call."""
        refusals, self._refusals = self._refusals, Counter()
        return tuple(Refusal(cause, detail, count) for (cause, detail), count in refusals.items())

    def take_breaches(self) -> tuple[Breach, ...]:
        """Broken clauses since the last call, each with its first example of the run."""
        found = [
            Breach(self._examples[key], known[0])
            for key, known in self._breaches.items()
            if known[0]
        ]
        for known in self._breaches.values():
            known[0] = 0
        return tuple(found)

    def take_sightings(self) -> tuple[Sighting, ...]:
        """Examples since the last call."""
        sightings, self._sightings = self._sightings, []
        return tuple(sightings)

    def take_unkept(self) -> tuple[Unkept, ...]:
        """Unkept promises since the last call."""
        unkept, self._unkept = self._unkept, []
        return tuple(unkept)

    def take_faults(self) -> tuple[Fault, ...]:
        """Own faults since the last call."""
        faults, self._faults = self._faults, []
        return tuple(faults)
