"""What a worker's swarm tells the master, as values that travel as bytes.

A report is additive: everything in it happened since the previous one, but for the census, which is
how things stand. ``number`` counts a worker's reports from 0, so that each is taken once.
"""

import msgspec

from harness.ledger.observations import Increment
from harness.ledger.tally import MessageKey
from harness.swarm.meter import SecondData
from harness.swarm.vitals import VitalsData
from schemas.findings import Finding


class Census(msgspec.Struct, frozen=True, array_like=True):
    """How things stand at ``at_ns``: how many participants there are, are logged in, have settled.

    ``away`` are those of them that are not to be connected just now: their stay has ended, or has
    not begun; they count as settled. ``visiting`` counts visits that are not over, ``outstanding``
    sends without an answer. ``last_frame_ns`` is when any connection last got a frame;
    ``largest_us`` the largest latency.
    """

    at_ns: int = 0
    joined: int = 0
    open: int = 0
    settled: int = 0
    visiting: int = 0
    outstanding: int = 0
    last_frame_ns: int = 0
    largest_us: int = 0
    away: int = 0


class Refusal(msgspec.Struct, frozen=True, array_like=True):
    """Why connections failed: a cause of ``Unavailability``, what was said, and how often."""

    cause: str
    detail: str
    count: int


class Breach(msgspec.Struct, frozen=True, array_like=True):
    """A clause that was broken ``count`` times at one pointer, with one example."""

    finding: Finding
    count: int


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """One example of a ledger word that a connection judged alone, ``about`` which message."""

    word: str
    detail: str
    at_ns: int
    frames: tuple[str, ...]
    about: MessageKey | None = None


class Exchange(msgspec.Struct, frozen=True, array_like=True):
    """A message of ours as it went over the wire: the frame ``sent``, and the frame that answered
    it ("" for none). Both are cut and without secrets.
    """

    sender: int
    conversation: int
    seq: int
    sent: str
    answer: str

    @property
    def key(self) -> MessageKey:
        """Which message it was."""
        return self.sender, self.conversation, self.seq


class Unkept(msgspec.Struct, frozen=True, array_like=True):
    """A count promised more than came by the end: wrong, unless the ledger misses something."""

    finding: Finding
    detail: str
    at_ns: int


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """A fault of our own: where it happened, what, and its traceback."""

    where: str
    message: str
    traceback: str


class ConnectionCounts(msgspec.Struct, frozen=True, array_like=True):
    """Additions to what became of connections; ``close_codes`` by code as text ("" for none)."""

    asked: int = 0
    opened: int = 0
    failed: int = 0
    dropped_by_server: int = 0
    reconnects: int = 0
    close_codes: dict[str, int] = {}


class SwarmReport(msgspec.Struct, frozen=True, array_like=True):
    """One report. ``increments`` are encoded :class:`Increment` s in order."""

    worker: int
    number: int
    increments: tuple[bytes, ...]
    seconds: dict[int, SecondData]
    vitals: VitalsData | None
    census: Census
    connections: ConnectionCounts
    counts: dict[str, int]
    refusals: tuple[Refusal, ...]
    breaches: tuple[Breach, ...]
    sightings: tuple[Sighting, ...]
    faults: tuple[Fault, ...]
    unkept: tuple[Unkept, ...] = ()
    final: bool = False
    exchanges: tuple[Exchange, ...] = ()


_encoder = msgspec.msgpack.Encoder()
_reports = msgspec.msgpack.Decoder(SwarmReport)
_increments = msgspec.msgpack.Decoder(Increment)


def encode_report(report: SwarmReport) -> bytes:
    """The report as bytes."""
    return _encoder.encode(report)


def decode_report(data: bytes) -> SwarmReport:
    """What :func:`encode_report` made."""
    return _reports.decode(data)


def encode_increment(increment: Increment) -> bytes:
    """The increment as bytes."""
    return _encoder.encode(increment)


def decode_increment(data: bytes) -> Increment:
    """What :func:`encode_increment` made."""
    return _increments.decode(data)
