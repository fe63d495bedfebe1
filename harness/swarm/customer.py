"""The customers of the shop: they say what the schedule asks for, and read now and then."""

from harness.swarm.arrivals import Heard
from harness.swarm.participant import Participant
from harness.swarm.plan import Model
from harness.swarm.spoken import Spoken
from harness.swarm.stage import Phase
from harness.swarm.talks import ScheduledTalk, Talk, ThinkingTalk
from harness.swarm.voice import ConnectionLost

_READING_S = 0.02
_LOOK_S = 0.2


class Customer(Participant):
    """Settles, then sends when its turn comes (or, in the closed model, after thinking)."""

    @property
    def conversation(self) -> int:
        """A customer's conversation is its own."""
        return self.number

    async def behave(self) -> None:
        if self.stage.setup.is_slow(self.number):
            self.stage.spawn("slow reader", self._read_slowly)
        await self.settle()
        await self._talk().last()

    async def depart(self) -> None:
        while self.unsent:
            await self._take_turn()
        await super().depart()

    async def rest(self) -> None:
        await self.settle()

    async def settle(self) -> None:
        """Read what was replayed: a receipt's answer comes after all of it (D12)."""
        await self.allowed()
        receipt = self.read_all()
        if receipt is not None:
            await self.answered(receipt)
        self.settled = True

    def speak(self, due_ns: int) -> Spoken:
        """Say the next message of the mix."""
        number = self.number
        draft = self.author.next(token_needed=self.speech.token_needed(number))
        read = self.rng.random() < self.stage.plan.customer.read_share
        message, spoken = self.speech.word(draft, number, due_ns, read=read)
        spoken.scheduled = True
        return self.utter(message, spoken)

    def heard(self, heard: Heard) -> None:  # noqa: ARG002 - whatever it was
        quiet = self.stage.phase is not Phase.RUNNING
        if not quiet and self.rng.random() < self.stage.plan.customer.receipt_share:
            self.read_all()

    async def _take_turn(self) -> None:
        due_ns = await self.turn()
        try:
            self.speak(due_ns)
        except ConnectionLost:
            self.give_turn(due_ns)  # it waits for the next connection, its latency running
            raise

    async def _read_slowly(self) -> None:
        """Read all that has come, then nothing for a while, as long as the load lasts."""
        connection, pause_s = self.connection, self.stage.plan.customer.slow_pause_s
        while connection is not None and connection.open:
            if self.stage.phase is Phase.RUNNING:
                connection.hold(on=True)
                await self._while_loaded(pause_s)
                connection.hold(on=False)
                await self.sleep(_READING_S)
            elif self.stage.phase is Phase.GATHERING:
                await self.sleep(_LOOK_S)
            else:
                return

    async def _while_loaded(self, pause_s: float) -> None:
        """Wait, but no longer than the load lasts: the drain finds everybody reading."""
        end_ns = self.stage.clock() + int(pause_s * 1e9)
        while self.stage.phase is Phase.RUNNING and self.stage.clock() < end_ns:
            await self.sleep(min((end_ns - self.stage.clock()) / 1e9, _LOOK_S))

    def _talk(self) -> Talk:
        plan = self.stage.plan
        if plan.model is Model.CLOSED and plan.speaks(self.number):
            return ThinkingTalk(self, plan.customer.think)
        return ScheduledTalk(self)
