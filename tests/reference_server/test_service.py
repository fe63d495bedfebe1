"""The running chat without sockets: nothing leaves before it is stored, and all in order."""

import asyncio
import json
import threading
from collections.abc import Sequence

from reference_server.hall import Hall
from reference_server.outbox import Close, Item, Outbox
from reference_server.parts import Parts
from reference_server.service import INTERNAL_ERROR, Service
from reference_server.steps import Record
from schemas.account_tokens import Identity
from schemas.messages import encode, receipt, text
from schemas.words import Role

NOW = 1_800_000_000_000
C1 = Identity("C1", Role.CUSTOMER, "C1")
S1 = Identity("S1", Role.STAFF, "S1")


class Disk:
    """Stores only while open; breaks on demand."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.broken = False

    def commit(self, records: Sequence[Record]) -> None:
        assert self.open.wait(5)
        if self.broken:
            raise OSError("no space left")


class Bench:
    """A service, its connections' outboxes and what each was handed."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.failures: list[Exception] = []
        self.service = Service(Hall(), self.disk, Parts(), lambda: NOW, self.failures.append)
        self.heard: dict[int, list[Item]] = {}
        self._writers: list[asyncio.Task[None]] = []

    def join(self, identity: Identity) -> int:
        outbox = Outbox(on_overflow=lambda: None)
        number = self.service.join(identity, outbox)
        heard = self.heard[number] = []

        async def hear(item: Item) -> None:
            heard.append(item)

        self._writers.append(asyncio.create_task(outbox.deliver(hear)))
        return number

    def statuses(self, number: int) -> list[str | int]:
        return [
            item.code if isinstance(item, Close) else json.loads(item)["MsgStatus"]
            for item in self.heard[number]
        ]

    async def until(self, number: int, count: int) -> list[str | int]:
        async with asyncio.timeout(5):
            while len(self.heard[number]) < count:
                await asyncio.sleep(0)
        return self.statuses(number)

    async def end(self) -> None:
        self.disk.open.set()
        await self.service.drain(1001)
        self.service.end()
        await asyncio.gather(*self._writers)


def say(word: str) -> str:
    return encode(text(word)).decode()


def test_nothing_leaves_before_it_is_stored():
    async def scenario() -> None:
        bench = Bench()
        customer, staff = bench.join(C1), bench.join(S1)
        assert await bench.until(staff, 1) == ["Login"]
        bench.disk.open.clear()
        assert bench.service.receive(customer, say("a"))
        assert bench.service.receive(customer, "not json")
        for _ in range(50):
            await asyncio.sleep(0)
        assert bench.statuses(customer) == ["Login"]
        assert bench.statuses(staff) == ["Login"]
        bench.disk.open.set()
        assert await bench.until(customer, 3) == ["Login", "Send", "Send"]
        assert await bench.until(staff, 2) == ["Login", "Receive"]
        results = [json.loads(item)["Result"] for item in bench.heard[customer]]
        assert results == [True, True, False]
        await bench.end()

    asyncio.run(scenario())


def test_what_needs_no_storing_does_not_wait():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        await bench.until(customer, 1)
        bench.disk.open.clear()
        bench.service.receive(customer, encode(receipt()).decode())
        assert await bench.until(customer, 2) == ["Login", "Send"]
        await bench.end()

    asyncio.run(scenario())


def test_draining_answers_what_was_taken_in_and_then_closes():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        bench.service.receive(customer, say("a"))
        await bench.end()
        assert bench.statuses(customer) == ["Login", "Send", 1001]

    asyncio.run(scenario())


def test_a_disk_that_fails_lets_nothing_pass_for_stored():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        await bench.until(customer, 1)
        bench.disk.broken = True
        bench.service.receive(customer, say("a"))
        assert await bench.until(customer, 2) == ["Login", INTERNAL_ERROR]
        assert len(bench.failures) == 1
        assert await bench.service.post(C1, text("b")) is None
        await bench.end()

    asyncio.run(scenario())


def test_a_post_is_answered_once_it_is_stored_and_heard_by_other_devices():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        answer = await bench.service.post(C1, text("by post"))
        assert answer is not None
        assert json.loads(answer)["msg"]["content"] == "by post"
        assert await bench.until(customer, 2) == ["Login", "Receive"]
        assert bench.service.connections == 1
        await bench.end()

    asyncio.run(scenario())


def test_frames_for_a_connection_that_left_are_dropped_quietly():
    async def scenario() -> None:
        bench = Bench()
        customer, staff = bench.join(C1), bench.join(S1)
        bench.service.receive(customer, say("a"))
        bench.service.leave(staff)
        assert await bench.until(customer, 2) == ["Login", "Send"]
        again = bench.join(S1)
        assert await bench.until(again, 2) == ["Login", "Receive"]
        await bench.end()

    asyncio.run(scenario())
