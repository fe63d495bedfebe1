"""The verbs of what a participant can say on its connection, and how it waits for the answers.

What populations build their behaviours of. Knows no life: neither coming nor going.
"""

import asyncio
from random import Random

from harness.swarm.connection import Connection
from harness.swarm.content import Author, Draft
from harness.swarm.speech import Speech
from harness.swarm.spoken import Spoken
from harness.swarm.stage import ANSWER_PATIENCE_S, Stage
from harness.swarm.turns import Turns
from schemas.messages import InMsg, receipt


class ConnectionLost(Exception):
    """The connection ended while something was to be said on it. Ends a behaviour quietly."""


class Voice:
    """Of participant ``number``. ``turns`` is what the schedule asks it to say."""

    def __init__(self, stage: Stage, number: int) -> None:
        self.stage = stage
        self.number = number
        self.rng: Random = stage.rng(number)
        self.sn = stage.setup.account(number).sn
        self.author = Author(self.rng, stage.lexicon, stage.plan.customer, self.sn)
        self.speech = Speech(stage.stamper, number)
        self.turns = Turns()

    @property
    def connection(self) -> Connection | None:
        """The connection with which this participant speaks."""
        raise NotImplementedError

    @property
    def conversation(self) -> int | None:
        """The conversation that this participant's connection is bound to, if it is of this run."""
        raise NotImplementedError

    async def turn(self) -> int:
        """Wait for the schedule: the due time (ns) of this participant's next message."""
        while True:
            while not self.turns or not self.may_send:
                await self.turns.change()
            wait_s = self.wait_s(scheduled=True)
            if wait_s <= 0:
                return self.turns.take()
            await self.sleep(wait_s)

    async def allowed(self) -> None:
        """Wait until the target bears one more message beside the scheduled ones."""
        while (wait_s := self.wait_s()) > 0:
            await self.sleep(wait_s)

    def wait_s(self, *, scheduled: bool = False) -> float:
        """Seconds until the target bears one more message; 0 when it does now."""
        connection = self.connection
        return connection.wait_s(scheduled=scheduled) if connection is not None else 0.0

    async def sleep(self, seconds: float) -> None:
        """Wait on the worker's pacer."""
        await self.stage.pacer.sleep(seconds)

    def say(
        self,
        conversation: int,
        due_ns: int,
        draft: Draft,
        *,
        read: bool = False,
        scheduled: bool = False,
    ) -> Spoken:
        """Say ``draft`` in ``conversation``, due at ``due_ns``; its outcome goes to the ledger.

        ``scheduled`` messages are those whose rate was asked for.
        """
        message, spoken = self.speech.word(draft, conversation, due_ns, read=read)
        spoken.scheduled = scheduled
        return self.utter(message, spoken)

    def say_text(self, conversation: int, due_ns: int, *, read: bool = False) -> Spoken:
        """Say a tokened text."""
        return self.say(conversation, due_ns, self.author.text(), read=read)

    def utter(self, message: InMsg, spoken: Spoken) -> Spoken:
        """Send ``message`` as it is. :class:`ConnectionLost` when there is no connection."""
        connection = self.connection
        if connection is None or not connection.can_speak:
            raise ConnectionLost
        self.speech.said(spoken)
        self.stage.chorus.post(connection, message, spoken)
        return spoken

    async def answered(self, spoken: Spoken) -> bool:
        """Whether ``spoken`` was accepted; False when no answer came within the deadline."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        spoken.on_answer = lambda accepted: None if answer.done() else answer.set_result(accepted)
        self.stage.patience.watch(answer)
        return await answer

    def read_all(self) -> Spoken | None:
        """Send a pure receipt, where the target knows such; None where not, or while closed.

        Where the target does not bear one more message just now, the receipt can be done without.
        """
        connection = self.connection
        if not self.stage.setup.receipts or connection is None or not connection.can_speak:
            return None
        if connection.wait_s() > 0:
            return None
        now_ns = self.stage.clock()
        spoken = Spoken(self.conversation, -1, 0, now_ns)
        self.stage.chorus.post(connection, receipt(), spoken)
        return spoken

    async def settle_answers(self) -> None:
        """Wait until nothing waits for an answer, or an answer is overdue."""
        deadline_ns = self.stage.clock() + int(ANSWER_PATIENCE_S * 1e9)
        while self._outstanding and self.stage.clock() < deadline_ns:
            await self.sleep(0.01)

    @property
    def may_send(self) -> bool:
        """Whether there is a connection that takes something now."""
        connection = self.connection
        return connection is not None and connection.open and connection.writable

    @property
    def _outstanding(self) -> int:
        return self.connection.session.outstanding if self.connection is not None else 0
