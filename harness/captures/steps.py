"""What a capture says, step by step, whatever file it came from; and what is wrong with a file."""

from collections.abc import Iterator

import msgspec

from harness.errors import HarnessError, UsageError


class Opened(msgspec.Struct, frozen=True):
    """A connection begins. ``foreign``: it may not be this chat at all."""

    connection: str
    foreign: bool = False


class Message(msgspec.Struct, frozen=True):
    """One whole message. ``at_ns`` is None where the capture has no times.

    ``whole`` is false when ``data`` is not what travelled (cut, hidden or undecodable).
    """

    connection: str
    sent: bool
    data: bytes | str
    at_ns: int | None = None
    text: bool = True
    whole: bool = True


class Lost(msgspec.Struct, frozen=True):
    """From here on messages of this connection are missing, because of ``why``."""

    connection: str
    why: str


class Closed(msgspec.Struct, frozen=True):
    """Nothing more of this connection follows."""

    connection: str


class Remark(msgspec.Struct, frozen=True):
    """Something a reader should know. Holds no secret."""

    text: str


class Author(msgspec.Struct, frozen=True):
    """The client in this capture was this harness, which breaks rules on purpose."""


class Secret(msgspec.Struct, frozen=True):
    """Text that may be a credential and must not be shown."""

    text: str

    def __repr__(self) -> str:
        return "Secret(…)"


Step = Opened | Message | Lost | Closed | Remark | Author | Secret
Steps = Iterator[Step]


class NoCapture(UsageError):
    """The file ``name`` cannot be read as a capture; ``why`` continues the sentence."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(
            f"{name} {why}",
            "give a browser's HAR file, a run folder or its run.ndjson, or JSON lines of frames",
        )


class CaptureDamaged(HarnessError):
    """The capture ``name`` cannot be read to its end; what came before has been given out."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(f"{name} {why}")
