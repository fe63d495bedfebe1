"""What the master has of messages' frames: those of the slowest, and those that it asked for.

Bounded, pure. Only the worker that sent a message has its frames, and not for long.
"""

from collections.abc import Collection, Iterable

from harness.ledger.tally import MessageKey
from harness.swarm.reports import Exchange

MOST_ASKED = 300


class Exhibits:
    """See the module. A key is in it when the message's frames are."""

    def __init__(self) -> None:
        self._exchanges: dict[MessageKey, Exchange] = {}
        self._asked: set[MessageKey] = set()

    def ask(self, wanted: Iterable[MessageKey]) -> list[MessageKey]:
        """Which of ``wanted`` the workers are to be asked for now; each is asked for once."""
        new = [key for key in dict.fromkeys(wanted) if key not in self._asked]
        new = [key for key in new if key not in self._exchanges]
        new = new[: MOST_ASKED - len(self._asked)]
        self._asked.update(new)
        return new

    def add(self, exchanges: Iterable[Exchange], others: Collection[MessageKey]) -> None:
        """A worker told ``exchanges``; kept is what was asked for, and ``others``."""
        for exchange in exchanges:
            self._exchanges[exchange.key] = exchange
        kept = self._asked.union(others)
        for key in [key for key in self._exchanges if key not in kept]:
            del self._exchanges[key]

    def frames(self, key: MessageKey) -> list[str]:
        """The frame sent and the frame that answered it, as far as they are known."""
        exchange = self._exchanges.get(key)
        return (
            [] if exchange is None else [text for text in (exchange.sent, exchange.answer) if text]
        )

    def __contains__(self, key: object) -> bool:
        return key in self._exchanges
