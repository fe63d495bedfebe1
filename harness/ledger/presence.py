"""Who is connected, and entitled to which conversation. Source: measurement §3.

Remembers connections until they end and conversations for good. Knows no message and judges
nothing.
"""

from harness.ledger.evidence import NEVER_NS
from harness.ledger.lanes import Connection, Conversation, Lane
from harness.ledger.observations import Bound, Opened, Unbound


class Presence:
    """``connections`` and ``conversations`` by number; a conversation's is its customer's."""

    __slots__ = ("_staffed", "connections", "conversations")

    def __init__(self, *, staffed: bool) -> None:
        """``staffed``: staff takes part in the run."""
        self._staffed = staffed
        self.connections: dict[int, Connection] = {}
        self.conversations: dict[int, Conversation] = {}

    def conversation(self, number: int) -> Conversation:
        """The one with this number, from now on if not before."""
        found = self.conversations.get(number)
        if found is None:
            found = self.conversations[number] = Conversation(number, staffed=self._staffed)
        return found

    def lanes(self) -> list[Lane]:
        """Of every conversation."""
        return [lane for conv in self.conversations.values() for lane in conv.lanes.values()]

    def of_worker(self, worker: int) -> list[Connection]:
        """The connections that ``worker`` has."""
        return [each for each in self.connections.values() if each.worker == worker]

    def opened(self, seen: Opened) -> Connection:
        """A connection is logged in; a customer's is entitled at once."""
        connection = Connection(seen.connection, seen.participant, seen.is_staff, seen.asked_ns)
        connection.is_slow = seen.is_slow
        self.connections[seen.connection] = connection
        if not seen.is_staff:
            _entitle(connection, self.conversation(seen.participant), seen.at_ns)
        return connection

    def bound(self, seen: Bound) -> None:
        """A staff connection is entitled from now on."""
        connection = self.connections.get(seen.connection)
        conversation = self.conversation(seen.conversation)
        if connection is not None and conversation not in connection.entitled:
            connection.binding += 1
            _entitle(connection, conversation, seen.at_ns)

    def unbound(self, seen: Unbound) -> None:
        """A staff connection is entitled no more."""
        connection = self.connections.get(seen.connection)
        conversation = self.conversation(seen.conversation)
        if connection is not None and conversation in connection.entitled:
            connection.released_ns = seen.at_ns
            _disentitle(connection, conversation)


def end_all(connection: Connection) -> None:
    """``connection`` is entitled to nothing any more."""
    for conversation in tuple(connection.entitled):
        _disentitle(connection, conversation)


def _entitle(connection: Connection, conversation: Conversation, at_ns: int) -> None:
    conversation.entitled[connection] = connection.entitled[conversation] = at_ns
    connection.held, connection.held_ns = conversation, at_ns
    connection.released_ns = NEVER_NS


def _disentitle(connection: Connection, conversation: Conversation) -> None:
    del conversation.entitled[connection], connection.entitled[conversation]
    if connection.is_staff and not any(c.is_staff for c in conversation.entitled):
        conversation.opening = True
