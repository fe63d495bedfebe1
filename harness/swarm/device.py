"""One more device of a customer: a connection of the same account that only listens (D15)."""

import asyncio

from harness.swarm.arrivals import Heard
from harness.swarm.connection import Connection
from harness.swarm.entrance import Entrance
from harness.swarm.link import Closing
from harness.swarm.stage import Stage


class Device:
    """Device ``place`` (from 1) of participant ``number``; the one with the voice is no such."""

    def __init__(self, stage: Stage, number: int, place: int) -> None:
        self._stage = stage
        rng = stage.rng(number, f"device {place}")
        self._entrance = Entrance(stage, number, self, rng)
        self._leaving = False
        self._task: asyncio.Task[None] | None = None

    @property
    def connection(self) -> Connection | None:
        """Its present connection."""
        return self._entrance.connection

    @property
    def online(self) -> bool:
        """Whether it is connected."""
        return self._entrance.online

    def come(self) -> None:
        """Connect, and stay connected."""
        self._task = self._stage.spawn("device", self._live)

    def leave(self) -> None:
        """Close the connection and end."""
        self._leaving = True
        if self.online:
            self._entrance.close()
        else:
            self.abort()

    def abort(self) -> None:
        """End at once."""
        if self._task is not None:
            self._task.cancel()

    def on_heard(self, heard: Heard) -> None:
        """It only listens."""

    def on_end(self, connection: Connection, closing: Closing) -> None:
        if self._entrance.ended(connection) and (closing.by_server or closing.broken):
            self._entrance.missed_ns = self._stage.clock()

    def on_writable(self) -> None:
        """It never writes."""

    async def _live(self) -> None:
        try:
            while await self._entrance.enter(lambda: not self._leaving, _nothing):
                await self._entrance.closed()
        finally:
            self._entrance.abort()


def _nothing() -> None:
    """Nothing is remembered from connection to connection."""
