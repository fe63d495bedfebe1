"""The running chat without sockets: nothing leaves before it is stored, and all in order."""

import asyncio
import json
import threading
from collections.abc import Sequence

from reference_server.hall import Hall
from reference_server.outbox import Outbox
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


class Wire:
    """Remembers the frames it took, and the code it was closed with."""

    takes_more = True

    def __init__(self) -> None:
        self.said: list[str | int] = []
        self.results: list[bool] = []

    def write(self, texts: Sequence[bytes]) -> None:
        for frame in map(json.loads, texts):
            self.said.append(frame["MsgStatus"])
            self.results.append(frame["Result"])

    def close(self, code: int) -> None:
        self.said.append(code)

    close_now = close

    def hold_reading(self) -> None:
        raise AssertionError("too little is said for that")

    go_on_reading = hold_reading


class Bench:
    """A service, and what each of its connections was told."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.failures: list[Exception] = []
        self.service = Service(Hall(), self.disk, Parts(), lambda: NOW, self.failures.append)
        self.wires: dict[int, Wire] = {}

    def join(self, identity: Identity) -> int:
        wire = Wire()
        number = self.service.join(identity, Outbox(wire))
        self.wires[number] = wire
        return number

    def said(self, number: int) -> list[str | int]:
        return self.wires[number].said

    async def until(self, number: int, count: int) -> list[str | int]:
        async with asyncio.timeout(5):
            while len(self.said(number)) < count:
                await asyncio.sleep(0)
        return self.said(number)

    async def end(self) -> None:
        self.disk.open.set()
        await self.service.drain(1001)
        self.service.end()


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
        assert bench.said(customer) == ["Login"]
        assert bench.said(staff) == ["Login"]
        bench.disk.open.set()
        assert await bench.until(customer, 3) == ["Login", "Send", "Send"]
        assert await bench.until(staff, 2) == ["Login", "Receive"]
        assert bench.wires[customer].results == [True, True, False]
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
        assert bench.said(customer) == ["Login", "Send", 1001]

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


def test_after_a_close_was_decided_nothing_more_is_heard():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        await bench.until(customer, 1)
        bench.disk.open.clear()
        bench.service.receive(customer, say("a"))
        bench.service.close(customer, 1003)
        bench.service.receive(customer, say("b"))
        bench.disk.open.set()
        assert await bench.until(customer, 3) == ["Login", "Send", 1003]
        await bench.end()
        assert bench.said(customer) == ["Login", "Send", 1003]

    asyncio.run(scenario())


def test_what_a_connection_missed_may_be_more_than_its_backlog():
    async def scenario() -> None:
        bench = Bench()
        customer = bench.join(C1)
        for number in range(50):
            bench.service.receive(customer, say(str(number)))
        await bench.until(customer, 51)
        wire = Wire()
        wire.takes_more = False
        wire.hold_reading = wire.go_on_reading = lambda: None
        staff = bench.service.join(S1, Outbox(wire, max_frames=10))
        assert wire.said == []
        wire.takes_more = True
        bench.service.leave(customer)
        bench.service.close(staff, 1000)
        assert wire.said.count("Receive") == 50
        await bench.end()

    asyncio.run(scenario())
