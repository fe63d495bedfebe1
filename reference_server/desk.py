"""The staff desk: who is idle, which conversation is offered to whom, which ones wait (D13).

Pure bookkeeping. It decides who gets an offer; what is then sent is the hall's business.
"""

from collections import OrderedDict

from reference_server.conversation import Connection, Conversation
from schemas.words import Role


class Desk:
    """Offers go round robin over idle connections; a conversation is offered to one at a time.

    A connection is offered only what holds something it was not sent yet, so nothing comes twice.
    Without ``offering`` nothing is ever offered: staff confirms, or waits.
    """

    def __init__(self, *, offering: bool = True) -> None:
        self._offering = offering
        self._idle: OrderedDict[int, Connection] = OrderedDict()
        self._waiting: OrderedDict[str, Conversation] = OrderedDict()

    def arrive(self, connection: Connection) -> list[Conversation]:
        """The connection is idle from now on; what waited for one like it is offered to it."""
        self._idle[connection.id] = connection
        found = [each for each in self._waiting.values() if each.has_news_for(connection)]
        for conversation in found:
            self._offer(conversation, connection)
        return found

    def withdraw(self, connection: Connection) -> list[Conversation]:
        """The connection is idle no more; returns its former offers: they need :meth:`place`."""
        self._idle.pop(connection.id, None)
        orphans = list(connection.offers.values())
        for conversation in orphans:
            self.settle(conversation)
        return orphans

    def place(self, conversation: Conversation) -> Connection | None:
        """Offer the conversation to the next idle connection, else let it wait; returns who."""
        if not self._offering or not conversation.unread_by(Role.STAFF):
            return None
        for connection in self._idle.values():
            if conversation.has_news_for(connection):
                self._offer(conversation, connection)
                return connection
        self._waiting[conversation.sn] = conversation
        return None

    def settle(self, conversation: Conversation) -> None:
        """The conversation is neither offered nor waiting any more."""
        self._waiting.pop(conversation.sn, None)
        if conversation.offered_to is not None:
            del conversation.offered_to.offers[conversation.sn]
            conversation.offered_to = None

    def _offer(self, conversation: Conversation, connection: Connection) -> None:
        self._waiting.pop(conversation.sn, None)
        self._idle.move_to_end(connection.id)
        conversation.offered_to = connection
        connection.offers[conversation.sn] = conversation
