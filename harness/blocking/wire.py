"""One connection as bytes: dialled, heard by the wire judge, written into the transcript.

The raw level: it sends whatever it is given, in any shape, and knows no chat. Frames are read by
:mod:`harness.blocking.channel`.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Place, Route, dial
from harness.blocking.knock import knock
from harness.blocking.opening import Request, shown_fields
from harness.blocking.pulse import Sign
from harness.blocking.stream import Stream
from harness.blocking.transcript import Transcript
from harness.target import Credentials
from harness.wire_handshake import (
    SWITCHING_PROTOCOLS,
    HeadReader,
    Offer,
    ResponseHead,
    parse_head,
)
from harness.wire_judge import WireJudge
from schemas.findings import Finding

Report = Callable[[Finding], None]

ASKED = ("sign of life", "GET on a connection of its own, without credentials")


class Shape(StrEnum):
    """How bytes are cut into writes: faults must be found however they arrive."""

    ONE_WRITE = "one write"
    PIECEWISE = "frame by frame"
    BYTEWISE = "byte by byte"


class Cause(StrEnum):
    """How a connection ended."""

    CLOSE = "a Close frame"
    EOF = "the end of the stream"
    RESET = "a reset"
    VIOLATION = "a frame that cannot be read"
    OVERSIZE = "too large a message"
    FLOOD = "too many messages"
    STUCK = "taking no more bytes"
    OURS = "us"


class Ended(msgspec.Struct, frozen=True):
    """The end of a connection; ``code`` and ``reason`` are those of a Close frame."""

    cause: Cause
    code: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        code = f" {self.code}" if self.code is not None else ""
        return f"{self.cause}{code}"


class Diary(msgspec.Struct, frozen=True):
    """Who hears of a connection: its name in the transcript, and where its findings go."""

    actor: str
    transcript: Transcript
    report: Report


class Wire:
    """A dialled connection before and beneath WebSocket frames. Closes itself as a context."""

    def __init__(self, place: Place, route: Route, diary: Diary, deadline: Deadline) -> None:
        self.diary = diary
        self.judge = WireJudge(Offer(""))
        self._echo = WireJudge()  # reads our own frames back, for the transcript alone
        self._open = False
        self.stream = Stream(
            dial(place, route, deadline),
            self._heard,
            self._said,
            lambda latest: self._ask(place, route, latest),
        )

    @classmethod
    def to(cls, credentials: Credentials, route: Route, diary: Diary, deadline: Deadline) -> "Wire":
        """A wire to where ``credentials`` lead. Raises TargetUnavailable."""
        return cls(Place.of(credentials.url), route, diary, deadline)

    def _ask(self, place: Place, route: Route, latest: Deadline) -> Sign | None:
        """Ask for a sign of life, and write that down."""
        sign = knock(place, route, latest)
        if sign is not None:
            self.diary.transcript.event(self.diary.actor, *ASKED, sent=True)
        return sign

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def shake_hands(
        self, request: Request, deadline: Deadline, shape: Shape = Shape.ONE_WRITE
    ) -> ResponseHead | Ended | None:
        """The answer to ``request``, judged against it; None when none came in time."""
        self.judge = WireJudge(_offer(request))
        self.diary.transcript.event(self.diary.actor, "open", request.shown(), sent=True)
        if ended := self.write([request.encode()], deadline, shape):
            return ended
        try:
            head = self._read_head()
        except TimeoutError:
            return None
        except EOFError:
            return self.ended(Cause.EOF)
        except OSError:
            return self.ended(Cause.RESET)
        return self._answered(head) if head is not None else self.ended(Cause.VIOLATION)

    def _read_head(self) -> ResponseHead | None:
        """The first final response head, None where the server does not speak HTTP."""
        reader = HeadReader()
        while byte := self.stream.recv(1):
            raw = reader.feed(byte)
            if raw is None:
                continue
            head = parse_head(raw)
            if head is None or not head.is_interim:
                return head
        raise EOFError

    def _answered(self, head: ResponseHead) -> ResponseHead:
        self._open = head.status == SWITCHING_PROTOCOLS
        line = f"HTTP/{head.version} {head.status} {head.reason}"
        shown = f"{line}\n{shown_fields(head.headers)}"
        self.diary.transcript.event(self.diary.actor, "open", shown, sent=False)
        return head

    def write(
        self, pieces: list[bytes], deadline: Deadline, shape: Shape = Shape.ONE_WRITE
    ) -> Ended | None:
        """Send ``pieces`` in ``shape``; the end, if the connection did not take them."""
        whole = b"".join(pieces)
        match shape:
            case Shape.ONE_WRITE:
                pieces = [whole]
            case Shape.BYTEWISE:
                pieces = [whole[at : at + 1] for at in range(len(whole))]
        self.stream.deadline = deadline
        try:
            for piece in pieces:
                self.stream.send_all(piece)
        except TimeoutError:
            return self.ended(Cause.STUCK)
        except OSError:
            return self.ended(Cause.RESET)
        return None

    @property
    def at_rest(self) -> bool:
        """Whether nothing is half said, on either side."""
        return self._echo.at_rest and self.judge.at_rest

    @property
    def said_close(self) -> bool:
        """Whether a Close frame of ours has left."""
        return self._echo.close is not None

    def ended(self, cause: Cause, code: int | None = None, reason: str = "") -> Ended:
        """Write down that the connection has ended."""
        end = Ended(cause, code, reason)
        self.diary.transcript.event(self.diary.actor, f"ended by {end}", sent=False)
        return end

    def _heard(self, data: bytes) -> None:
        heard = self.judge.feed(data)
        for frame in heard.frames:
            self.diary.transcript.frame(self.diary.actor, frame, sent=False)
        for finding in heard.findings:
            self.diary.report(finding)

    def _said(self, data: bytes) -> None:
        if self._open:
            for frame in self._echo.feed(data).frames:
                self.diary.transcript.frame(self.diary.actor, frame, sent=True)


def _offer(request: Request) -> Offer:
    names = _listed(request.value("Sec-WebSocket-Protocol"))
    extensions = _listed(request.value("Sec-WebSocket-Extensions"))
    bare = tuple(extension.partition(";")[0].strip() for extension in extensions)
    return Offer(request.value("Sec-WebSocket-Key"), names, bare)


def _listed(value: str) -> tuple[str, ...]:
    """The elements of a header's comma-separated list."""
    return tuple(part.strip() for part in value.split(",") if part.strip())
