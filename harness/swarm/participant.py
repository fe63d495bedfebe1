"""One account: connects, plays its behaviour, reconnects. What it can say is its voice's.

A population is a subclass with one ``async def behave``: the life of one connection from its login
on. It is cancelled when the connection ends and begins anew on the next one. An exception in it is
a fault of ours: it is recorded and the participant stops.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from harness.attendance import BEFORE_NS
from harness.populations.habits import Coming
from harness.swarm.arrivals import Heard
from harness.swarm.connection import Connection
from harness.swarm.device import Device
from harness.swarm.entrance import Entrance
from harness.swarm.link import Closing
from harness.swarm.presence import Presence
from harness.swarm.stage import Phase, Stage
from harness.swarm.voice import ConnectionLost, Voice

Behaviour = Callable[[], Coroutine[Any, Any, None]]


class Participant(Voice):
    """The life of participant ``number``; see the module. ``settled`` once it is ready for t0."""

    def __init__(self, stage: Stage, number: int) -> None:
        super().__init__(stage, number)
        self.settled = False
        self.visiting = False
        self._entrance = Entrance(stage, number, self, self.rng)
        self._devices = [
            Device(stage, number, place) for place in range(1, stage.setup.devices_of(number))
        ]
        early = stage.setup.is_staff(number) or self._comes_early
        self._presence = Presence(here=early)
        self._task: asyncio.Task[None] | None = None
        self._behaviour: asyncio.Task[None] | None = None
        self._leaving = False

    # For populations: what a behaviour may do and ask.

    async def behave(self) -> None:
        """The life of one connection, from its login on."""
        raise NotImplementedError

    async def rest(self) -> None:
        """What is done on a connection that opens after the run was stopped."""

    async def wind_down(self) -> None:
        """What is still to be said when the run is stopped: a token behind an untokened message."""
        await self.settle_answers()
        await self.allowed()
        conversation = self.conversation
        if conversation is not None and self.speech.wants_token(conversation):
            self.say_text(conversation, self.stage.clock())

    async def visit(self) -> None:
        """What is done in the drain for what is still owed."""

    async def depart(self) -> None:
        """What is done before a connection is closed in the middle of the run."""
        await self.wind_down()
        await self.settle_answers()

    def forget(self) -> None:
        """A new connection is about to open: what was known from the last one is over."""

    def heard(self, heard: Heard) -> None:
        """A message of somebody else arrived. Called at once, before anything else is read."""

    # For the swarm: coming, going, and what the whole run does.

    def come(self, gone: Callable[[], None]) -> None:
        """Begin to live; ``gone`` is called when it is over."""
        self._task = self.stage.spawn("participant", self._live)
        self._task.add_done_callback(lambda _: gone())

    def leave(self) -> None:
        """Finish: close all connections and end."""
        self._leaving = True
        for device in self._devices:
            device.leave()
        if self.online:
            self._entrance.close()
        elif self._task is not None:
            self._task.cancel()

    def abort(self) -> None:
        """End at once."""
        for device in self._devices:
            device.abort()
        if self._task is not None:
            self._task.cancel()

    def admit(self, due_ns: int) -> None:
        """A stay begins, which was due at ``due_ns``: be connected."""
        returns = self.stage.plan.customer.reconnects is not None and self._presence.been
        if returns and due_ns != BEFORE_NS:
            self._entrance.missed_ns = due_ns
        self._presence.begin()

    def dismiss(self) -> None:
        """The stay is over: finish, and be away until the next one."""
        self._presence.end()
        if self.online:
            self._play(self._go_away)

    def give_turn(self, due_ns: int) -> None:
        """A message of this participant is due."""
        self.turns.give(due_ns)

    def stop(self) -> None:
        """The run is over: say nothing more, but for :meth:`wind_down`."""
        self.turns.clear()
        if self.online:
            self._play(self.wind_down)
        elif self._presence.been:  # what it is owed must find it
            self._presence.begin()

    def go_visiting(self) -> None:
        """In the drain: do what :meth:`visit` says, if there is a connection to do it on."""
        if self.online:
            self.visiting = True
            self._play(self._visit)

    @property
    def connection(self) -> Connection | None:
        return self._entrance.connection

    @property
    def connections(self) -> list[Connection]:
        """All connections there are now, the devices' included."""
        places = (self.connection, *(device.connection for device in self._devices))
        return [connection for connection in places if connection is not None]

    @property
    def online(self) -> bool:
        """Whether there is an open connection."""
        return self._entrance.online

    @property
    def away(self) -> bool:
        """Whether it is not to be connected just now."""
        return not self._presence.here

    @property
    def ready(self) -> bool:
        """Whether the run need not wait for it."""
        return self.away or (self.settled and all(device.online for device in self._devices))

    @property
    def unsent(self) -> int:
        """Messages that are due and were not sent."""
        return len(self.turns)

    # The connection's owner.

    def on_heard(self, heard: Heard) -> None:
        self.heard(heard)

    def on_end(self, connection: Connection, closing: Closing) -> None:
        lived = self._behaviour is not None
        if self._entrance.ended(connection) and lived and (closing.by_server or closing.broken):
            self._entrance.missed_ns = self.stage.clock()

    def on_writable(self) -> None:
        self.turns.wake()

    # Inside.

    async def _live(self) -> None:
        try:
            await self._presence.begun()
            for device in self._devices:
                device.come()
            while not self._leaving and self.stage.phase is not Phase.OVER:
                await self._presence.begun()
                if await self._entrance.enter(self._wanted, self.forget):
                    self.speech.new_connection()
                    await self._stay()
        finally:
            self._entrance.abort()
            if self._behaviour is not None:
                self._behaviour.cancel()

    def _wanted(self) -> bool:
        return self._presence.here and not self._leaving

    @property
    def _comes_early(self) -> bool:
        together = self.stage.plan.customer.coming is Coming.TOGETHER
        return together or self.stage.phase is not Phase.GATHERING

    async def _go_away(self) -> None:
        await self.depart()
        habit = self.stage.plan.customer.reconnects
        if habit is not None and habit.abrupt:
            self._entrance.abort()
        else:
            self._entrance.close()

    async def _stay(self) -> None:
        """Play until the connection or the behaviour ends."""
        over = self.stage.phase in (Phase.STOPPED, Phase.VISITING, Phase.OVER)
        self._play(self.rest if over else self.behave)
        await self._entrance.closed()
        if self._behaviour is not None:
            self._behaviour.cancel()
            self._behaviour = None
        self.visiting = False

    def _play(self, behaviour: Behaviour) -> None:
        if self._behaviour is not None:
            self._behaviour.cancel()
        name = f"{type(self).__name__}.{behaviour.__name__}"
        self._behaviour = self.stage.spawn(name, lambda: self._perform(behaviour))

    async def _visit(self) -> None:
        try:
            await self.visit()
        finally:
            self.visiting = False

    async def _perform(self, behaviour: Behaviour) -> None:
        try:
            await behaviour()
        except ConnectionLost:
            return
        except Exception:
            self.leave()
            raise
        if behaviour == self.behave:  # its life is over; a wind-down or a rest is not the end
            self.leave()
