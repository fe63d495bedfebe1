"""The live line of a load run: one JSON object a line on the master's stdout, about once a second.

``event`` is the first member:

- ``listening`` {``port``}: the master accepts workers on this port of its host.
- ``progress``: a :class:`Progress`.
- ``ended`` {``complete``, ``reason``}: the last line.
"""

import os
import sys
from contextlib import suppress
from typing import TextIO

import msgspec

from harness.swarm.collection import Collection
from harness.swarm.course import Act, Course
from harness.swarm.load_records import totals_so_far
from harness.swarm.meter import Series
from harness.swarm.plan import LoadPlan
from schemas.histogram import quantile
from schemas.load_records import LoadTotals

_NS = 1_000_000_000


class Listening(msgspec.Struct, frozen=True, tag_field="event", tag="listening"):
    """The master accepts workers."""

    port: int


class Progress(msgspec.Struct, frozen=True, tag_field="event", tag="progress"):
    """How the run stands. ``act`` is where it is; counts are of the whole run so far.

    ``elapsed_s`` counts from t0 (0 before) and ``duration_s`` is null for an open end; ``rate`` is
    customers' messages sent in the last second; quantiles are of ``ack`` so far; ``anomalies`` sums
    the ledger's words that should be 0; ``errors`` counts faults of our own; ``totals`` are the
    sums of what is certain by now.
    """

    act: Act
    elapsed_s: float
    duration_s: float | None
    participants: int
    logged_in: int
    settled: int
    due: int
    sent: int
    rate: int
    acked: int
    received: int
    delivered: int
    ack_p50_us: int | None
    ack_p99_us: int | None
    anomalies: int
    invalid: int
    failed_connects: int
    errors: int
    totals: LoadTotals | None = None


class Ended(msgspec.Struct, frozen=True, tag_field="event", tag="ended"):
    """The load part is over; ``reason`` says why an incomplete one ended early."""

    complete: bool
    reason: str = ""


Line = Listening | Progress | Ended

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def read_line(line: bytes) -> Line:
    """One line as a value; msgspec.DecodeError when it is none."""
    return _decoder.decode(line)


def write_line(line: Line, out: TextIO | None = None) -> None:
    """Print one line; a reader that has gone is no reason to stop."""
    stream = out or sys.stdout
    with suppress(OSError, ValueError):
        stream.write(msgspec.json.encode(line).decode() + os.linesep)
        stream.flush()


class Speedometer:
    """Makes progress lines; remembers the previous one for the rate."""

    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan
        self._sent = 0
        self._at_ns = 0

    def read(self, now_ns: int, course: Course, collection: Collection, due: int) -> Progress:
        """The line for this moment."""
        census, ledger = collection.census, collection.ledger
        sent = collection.counts["scheduled_sent"]
        passed_s = max((now_ns - self._at_ns) / _NS, 0.001)
        rate = round((sent - self._sent) / passed_s)
        self._sent, self._at_ns = sent, now_ns
        ack = collection.timeline.latency(Series.ACK)
        return Progress(
            act=course.act,
            elapsed_s=round(max(now_ns - (course.t0_ns or now_ns), 0) / _NS, 1),
            duration_s=self._plan.duration_s,
            participants=self._plan.participants,
            logged_in=census.open,
            settled=census.settled,
            due=due,
            sent=sent,
            rate=rate,
            acked=ledger.acked,
            received=collection.counts["frames_received"],
            delivered=ledger.delivered,
            ack_p50_us=quantile(ack, 0.5),
            ack_p99_us=quantile(ack, 0.99),
            anomalies=collection.anomalies,
            invalid=collection.counts["frames_invalid"],
            failed_connects=collection.connections["failed"],
            errors=len(collection.faults),
            totals=totals_so_far(self._plan.rate, collection),
        )
