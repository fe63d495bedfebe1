"""How one account gets in, again and again: dials until it succeeds, ever more patiently.

Holds the account's present connection. Knows no behaviour; what is said on it is its owner's.
"""

import asyncio
from collections.abc import Callable
from random import Random

from harness.errors import HarnessError, Unavailability
from harness.swarm.connection import Connection, Owner
from harness.swarm.link import DialFailed
from harness.swarm.meter import Series
from harness.swarm.stage import Stage

_FIRST_BACKOFF_S = 0.2
_LONGEST_BACKOFF_S = 5.0


class Entrance:
    """One place of participant ``number`` on the target; ``owner`` hears its connections.

    ``missed_ns``: since when a connection that was there is missing; None: none is.
    """

    __slots__ = ("_ended", "_number", "_owner", "_rng", "_stage", "connection", "missed_ns")

    def __init__(self, stage: Stage, number: int, owner: Owner, rng: Random) -> None:
        self.connection: Connection | None = None
        self.missed_ns: int | None = None
        self._stage, self._number, self._owner, self._rng = stage, number, owner, rng
        self._ended: asyncio.Future[None] | None = None

    @property
    def online(self) -> bool:
        """Whether there is an open connection."""
        return self.connection is not None and self.connection.open

    async def enter(self, wanted: Callable[[], bool], begin: Callable[[], None]) -> bool:
        """Connect until it succeeds, or is not ``wanted`` any more (False).

        ``begin`` is called before each attempt: what comes from then on is of a new connection.
        """
        backoff_s = _FIRST_BACKOFF_S
        while wanted():
            try:
                async with self._stage.gate:
                    await self._attempt(begin)
                return True
            except DialFailed as failure:
                self._failed(failure)
            except HarnessError as error:  # no token could be had for this account
                self._failed(DialFailed(Unavailability.CREDENTIALS, str(error)))
            self.abort()
            self.connection = None
            await self._stage.pacer.sleep(backoff_s * self._rng.uniform(0.5, 1.5))
            backoff_s = min(2 * backoff_s, _LONGEST_BACKOFF_S)
        return False

    async def closed(self) -> None:
        """Return when the present connection has ended."""
        assert self._ended is not None
        await self._ended
        self.connection = None

    def ended(self, connection: Connection) -> bool:
        """``connection`` has ended; False when it was an attempt that was given up long ago."""
        if connection is not self.connection or self._ended is None or self._ended.done():
            return False
        self._ended.set_result(None)
        return True

    def close(self) -> None:
        """End the present connection politely."""
        if self.connection is not None:
            self.connection.close()

    def abort(self) -> None:
        """Drop the present connection."""
        if self.connection is not None:
            self.connection.abort()

    def _failed(self, failure: DialFailed) -> None:
        stage = self._stage
        stage.outbox.connection("failed")
        stage.outbox.refused(failure)
        stage.meter.count("failed_connects", stage.clock())

    async def _attempt(self, begin: Callable[[], None]) -> None:
        stage = self._stage
        address = await stage.setup.address(self._number)
        stage.outbox.connection("asked")
        stage.meter.count("connects", stage.clock())
        self._ended = asyncio.get_running_loop().create_future()
        begin()
        self.connection = Connection(stage, self._number, self._owner)
        await self.connection.log_in(address)
        stage.outbox.connection("opened")
        if self.missed_ns is not None:
            stage.outbox.connection("reconnects")
            stage.meter.count("reconnects", stage.clock())
            stage.meter.latency(Series.RECONNECT, self.missed_ns, self.missed_ns, stage.clock())
            self.missed_ns = None
