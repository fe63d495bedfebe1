"""What the participants of one worker share: clock, pacer, outbox, and how far the run has come.

Knows no participant. Belongs to the swarm's thread.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple

from harness.load_token import TokenReader
from harness.pace import Pace
from harness.swarm.acks import Acks
from harness.swarm.chorus import Chorus
from harness.swarm.content import Lexicon, Stamper
from harness.swarm.departures import Departures
from harness.swarm.exchanges import Exchanges
from harness.swarm.link import Clock, Dialer
from harness.swarm.meter import Meter
from harness.swarm.outbox import Outbox
from harness.swarm.pacer import Pacer, Turn
from harness.swarm.patience import Patience
from harness.swarm.setup import Setup
from harness.swarm.vitals import Vitals

SECOND_S = 1.0
ANSWER_PATIENCE_S = 10.0
_NS = 1_000_000_000


class Phase(StrEnum):
    """How far the run has come."""

    GATHERING = "gathering"
    RUNNING = "running"
    STOPPED = "stopped"
    VISITING = "visiting"
    OVER = "over"


class ConnectGate:
    """Spreads handshakes: so many a second, so many at once."""

    def __init__(self, pacer: Pacer, clock: Clock, per_s: float, at_once: int) -> None:
        self._pacer, self._clock = pacer, clock
        self._step_ns = int(_NS / per_s)
        self._next_ns = 0
        self._places = asyncio.Semaphore(at_once)

    async def __aenter__(self) -> None:
        self._next_ns = max(self._next_ns + self._step_ns, self._clock())
        await self._pacer.until(self._next_ns)
        await self._places.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._places.release()


class Kit(NamedTuple):
    """What a stage works with: words to say, a way to connect, and a clock (ns)."""

    lexicon: Lexicon
    dialer: Dialer
    clock: Clock = time.monotonic_ns


class Stage:
    """Made inside the running loop. ``turn`` is called when a customer's next message is due.

    ``epoch_ns`` is the moment from which the whole run's tokens count their due times.
    """

    def __init__(self, setup: Setup, kit: Kit, turn: Turn, worker: int, epoch_ns: int) -> None:
        plan, clock = setup.plan, kit.clock
        self.setup, self.plan = setup, plan
        self.lexicon, self.dialer, self.clock = kit
        self.worker = worker
        self.phase = Phase.GATHERING
        self.stamper = Stamper(plan.run, epoch_ns)
        self.reader = TokenReader(plan.run)
        self.pacer = Pacer(clock, turn)
        self.chorus = Chorus(lambda error: self.outbox.fault("chorus", error))
        self.patience = Patience(clock, ANSWER_PATIENCE_S)
        self.gate = ConnectGate(
            self.pacer, clock, plan.limits.connects_per_s, plan.limits.connects_at_once
        )
        self.beside = Pace(setup.allowance.beside, SECOND_S)
        self.acks = Acks()
        self.outbox = Outbox(worker, clock, setup.shown, self.acks)
        self.meter = Meter(self.acks)
        self.departures = Departures()
        self.exchanges = Exchanges(setup.tells_of_target, setup.shown)
        self.vitals = Vitals(clock)
        self.to_visit: deque[int] = deque()
        self.cleared: set[str] = set()  # customers whom some colleague sees to: once is enough
        self.last_frame_ns = clock()
        self.t0_ns: int | None = None
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def receipts_delivered(self) -> bool:
        """Whether the other side gets to see pure receipts (D10, mode ``delivered``)."""
        return self.setup.receipts and self.setup.rules.read_receipt == "delivered"

    def rng(self, number: int, of: str = "") -> Random:
        """The randomness of participant ``number``: the same in every run of this seed."""
        label = f"{self.plan.seed}/{number}{of and f'/{of}'}"
        return Random(label)  # noqa: S311 - a simulation, no secret

    def connection_id(self) -> int:
        """A number for a new connection, unique in the run."""
        self._connections += 1
        return self.worker << 32 | self._connections

    def count_departures(self) -> None:
        """Count what has left since the last call, in meter, vitals and outbox."""
        departed = self.departures.take()
        in_time_ns = departed.in_time_ns
        self.meter.counted("sent", departed.sent_ns)
        self.meter.counted("sent_in_time", in_time_ns)
        self.vitals.schedule_lags(departed.lags_ns)
        self.outbox.count("scheduled_sent", departed.count)
        self.outbox.count("sent_in_time", len(in_time_ns))

    def spawn(
        self, where: str, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> asyncio.Task[None]:
        """Run ``work`` beside everything else; what it raises becomes a recorded fault."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._finished(where, done))
        return task

    def _finished(self, where: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.outbox.fault(where, error)
