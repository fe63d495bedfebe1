"""One customer's conversation: its messages in order, its two sides, what each has not read.

Pure state. Knows no sockets, no storage and no clock; who may say what is the hall's business.
"""

from collections import deque
from dataclasses import dataclass, field

import msgspec

from reference_server.outgoing import OutMsg
from schemas.account_tokens import Identity
from schemas.words import Role


class Entry(msgspec.Struct, frozen=True):
    """A stored message: its place in the conversation (from 1), the side that said it, when (Unix
    milliseconds), and what every frame about it shows (D22).
    """

    position: int
    side: Role
    at_ms: int
    msg: OutMsg


@dataclass(slots=True, eq=False)
class Conversation:
    """The state of one conversation.

    ``newest`` is the last position given; ``unread`` holds, per *reading* side, the other side's
    entries past that side's read marker, oldest first (D10, D11). ``attendants`` are the staff
    connections that were bound to it by their URL.
    """

    sn: str
    newest: int = 0
    last_ms: int = 0
    unread: dict[Role, deque[Entry]] = field(
        default_factory=lambda: {role: deque() for role in Role}
    )
    devices: "dict[int, Connection]" = field(default_factory=dict)
    attendants: "dict[int, Connection]" = field(default_factory=dict)
    bound_to: "Connection | None" = None
    offered_to: "Connection | None" = None

    def stamp(self, now_ms: int) -> int:
        """The time of a message said at ``now_ms`` (Unix), never before an earlier one (D9)."""
        self.last_ms = max(self.last_ms, now_ms)
        return self.last_ms

    def add(self, side: Role, msg: OutMsg) -> Entry:
        """Append a message of ``side``, just stamped; it is unread by the other one."""
        self.newest += 1
        entry = Entry(self.newest, side, self.last_ms, msg)
        self.unread[side.other].append(entry)
        return entry

    def mark_read(self, side: Role, position: int) -> bool:
        """Everything up to ``position`` is read by ``side``; whether that changed anything."""
        unread = self.unread[side]
        before = len(unread)
        while unread and unread[0].position <= position:
            unread.popleft()
        return len(unread) < before

    def unread_by(self, side: Role) -> int:
        """How many messages ``side`` has not read (D11)."""
        return len(self.unread[side])

    def unsent(self, connection: "Connection") -> list[Entry]:
        """What the connection's side has not read and the connection was not sent, oldest first."""
        sent = connection.sent_of(self)
        entries: list[Entry] = []
        for entry in reversed(self.unread[connection.side]):
            if entry.position <= sent:
                break
            entries.append(entry)
        entries.reverse()
        return entries

    def present(self, side: Role) -> "list[Connection]":
        """The connections of ``side`` that are there to receive."""
        if side is Role.CUSTOMER:
            return list(self.devices.values())
        attendant = self.bound_to or self.offered_to
        return list(self.attendants.values()) or ([attendant] if attendant is not None else [])

    def has_news_for(self, connection: "Connection") -> bool:
        """Whether :meth:`unsent` would be non-empty, in constant time."""
        unread = self.unread[connection.side]
        return bool(unread) and unread[-1].position > connection.sent_of(self)


@dataclass(slots=True, eq=False)
class Connection:
    """One logged-in connection, and how far into each conversation it was sent frames.

    Every entry up to that mark was sent to this connection, or is read, or is its side's own, or
    was passed over where nothing is replayed. ``by_post``: a plain HTTP call, gone once answered.
    ``side`` is its side of every conversation that it takes part in.
    """

    id: int
    identity: Identity
    by_post: bool = False
    bound_to: Conversation | None = None
    offers: dict[str, Conversation] = field(default_factory=dict)
    side: Role = field(init=False)
    _sent: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.side = self.identity.role

    def is_same_account(self, other: "Connection") -> bool:
        """Whether both are connections of one account; its name may be told differently."""
        return self.identity.sn == other.identity.sn and self.side is other.side

    def attended(self) -> list[Conversation]:
        """The conversations that this staff connection is bound to or was offered."""
        bound = [self.bound_to] if self.bound_to is not None else []
        return [*bound, *self.offers.values()]

    def sent_of(self, conversation: Conversation) -> int:
        """The newest position of the conversation that was sent here, 0 for none."""
        return self._sent.get(conversation.sn, 0)

    def note_sent(self, conversation: Conversation, position: int) -> None:
        """A frame about ``position`` goes to this connection."""
        self._sent[conversation.sn] = max(position, self.sent_of(conversation))


class Past(msgspec.Struct, frozen=True):
    """What a store remembers of a conversation: enough to go on where it was."""

    sn: str
    newest: int
    last_ms: int
    unread: tuple[Entry, ...] = ()


def recall(past: Past) -> Conversation:
    """The conversation after a restart: nobody is connected, bound or offered (D13)."""
    conversation = Conversation(past.sn, past.newest, past.last_ms)
    for entry in past.unread:
        conversation.unread[entry.side.other].append(entry)
    return conversation
