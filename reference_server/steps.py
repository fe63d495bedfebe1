"""What one event brings about: frames to send, records to store before they leave, closings."""

from dataclasses import dataclass, field

import msgspec

from reference_server.conversation import Connection, Entry
from reference_server.outgoing import Frame, Output
from schemas.words import Role


class Seen(msgspec.Struct, frozen=True):
    """To store: this customer logged in for the first time."""

    sn: str


class Said(msgspec.Struct, frozen=True):
    """To store: a message of the conversation of customer ``sn``."""

    sn: str
    entry: Entry


class ReadUpTo(msgspec.Struct, frozen=True):
    """To store: ``side`` has read everything up to ``position``."""

    sn: str
    side: Role
    position: int


Record = Seen | Said | ReadUpTo


class Closing(msgspec.Struct, frozen=True):
    """A connection to close with ``code``, after everything that it is still to be sent."""

    connection: int
    code: int


@dataclass(slots=True)
class Step:
    """What one event brought about."""

    frames: list[Frame] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)

    def send(self, connection: Connection, output: Output) -> None:
        """One more frame, after all others."""
        self.frames.append(Frame(connection.id, output))
