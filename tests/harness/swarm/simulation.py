"""Simulated time and a scripted chat server without sockets, for tests of the swarm.

The loop's clock jumps to the next timer whenever nothing is ready, so seconds of a run take
milliseconds and every time is exact.
"""

import asyncio
import json
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

from harness.swarm.content import Lexicon
from harness.swarm.link import Address, Closing, DialFailed, Sink
from harness.swarm.plan import LoadPlan
from harness.swarm.setup import Setup
from harness.swarm.stage import Kit
from harness.target import default_profile

NS = 1_000_000_000
LEXICON = Lexicon(texts=("hello", "is it in stock"), answers=("yes", "one moment"))


class _Jumping(selectors.DefaultSelector):
    """A selector that never waits: it moves the loop's clock instead."""

    loop: "SimulatedLoop"

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everything waits for everything: nothing can ever happen")
        self.loop.advance(timeout)
        return super().select(0)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Time starts at 1,000 s and moves only when nothing is ready. No float error builds up."""

    def __init__(self) -> None:
        selector = _Jumping()
        selector.loop = self
        self._now_ns = 1_000 * NS
        super().__init__(selector)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._now_ns / NS

    def now_ns(self) -> int:
        return self._now_ns

    def advance(self, seconds: float) -> None:
        self._now_ns += -int(-seconds * NS // 1)


def simulate(work: Callable[[SimulatedLoop], Coroutine[Any, Any, Any]]) -> Any:
    """Run ``work`` in simulated time; what it leaves running is cancelled."""
    loop = SimulatedLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left))
        loop.close()


class Line:
    """One connection of the scripted shop, seen from the client: a link."""

    def __init__(self, shop: "Shop", sn: str, sink: Sink) -> None:
        self.shop, self.sn, self.sink = shop, sn, sink
        self.sent: list[dict[str, Any]] = []
        self.open = True
        self.held = False
        self._unread: list[bytes] = []

    def send(self, data: bytes) -> None:
        message = json.loads(data)
        self.sent.append(message)
        self.shop.loop.call_soon(self.shop.hear, self, message)

    def hold(self, *, on: bool) -> None:
        self.held = on
        while self._unread and not on:
            self._arrive(self._unread.pop(0))

    def close(self) -> None:
        self.end(Closing(by_server=False, code=1000))

    def abort(self) -> None:
        self.end(Closing(by_server=False))

    def end(self, closing: Closing) -> None:
        if self.open:
            self.open = False
            self.shop.loop.call_soon(self._tell_end, closing)

    def push(self, frame: dict[str, Any], delay_s: float | None = None) -> None:
        """Let ``frame`` arrive at the client after the shop's delay (or ``delay_s``)."""
        delay = self.shop.delay(self, frame) if delay_s is None else delay_s
        self.shop.loop.call_later(delay, self._arrive, json.dumps(frame).encode())

    def _arrive(self, data: bytes) -> None:
        if self.open and self.held:
            self._unread.append(data)
        elif self.open:
            self.sink.on_message(data, self.shop.loop.now_ns())

    def _tell_end(self, closing: Closing) -> None:
        self.sink.on_closed(closing, self.shop.loop.now_ns())


class Shop:
    """A server that logs everybody in and acknowledges every message. Override ``hear``."""

    def __init__(self, loop: SimulatedLoop, delay_s: float = 0.0) -> None:
        self.loop = loop
        self.delay_s = delay_s
        self.lines: list[Line] = []
        self.refusal: DialFailed | None = None

    async def dial(self, address: Address, sink: Sink) -> Line:
        if self.refusal is not None:
            raise self.refusal
        sn = address.url.rpartition("sn=")[2]
        line = Line(self, sn, sink)
        self.lines.append(line)
        line.push({"MsgStatus": "Login", "Result": True, "msg": None, "Error": None}, 0.0)
        return line

    def delay(self, line: Line, frame: dict[str, Any]) -> float:
        return self.delay_s

    def hear(self, line: Line, message: dict[str, Any]) -> None:
        line.push(answer(line.sn, message))

    def line_of(self, sn: str) -> Line:
        """The open connection of an account."""
        return next(line for line in self.lines if line.sn == sn and line.open)


def msg(sn: str, message: dict[str, Any]) -> dict[str, Any]:
    """The ``msg`` of a frame about a client's message."""
    role = "customer" if "-C" in sn else "staff"
    title = message.get("titletype") in ("pro", "order")
    return {
        "SendSn": sn,
        "SendName": "",
        "SendType": role,
        "type": message["type"],
        "content": message["content"],
        "time": "2026-11-22T10:00:00.000+00:00",
        "read": False,
        "titletype": message.get("titletype"),
        "location": None,
        "info": {"name": "n", "status": "s", "price": "1"} if title else None,
    }


def answer(sn: str, message: dict[str, Any]) -> dict[str, Any]:
    """The ``Send`` that accepts ``message``."""
    return {"MsgStatus": "Send", "Result": True, "msg": msg(sn, message), "Error": None}


def refusal_of(reason: str) -> dict[str, Any]:
    """The ``Send`` that refuses."""
    return {"MsgStatus": "Send", "Result": False, "msg": None, "Error": reason}


def delivery(sender: str, message: dict[str, Any], unread: int) -> dict[str, Any]:
    """The ``Receive`` of ``message``."""
    return {
        "MsgStatus": "Receive",
        "Result": True,
        "msg": msg(sender, message),
        "Error": None,
        "NoReadQty": unread,
    }


def plan_for(**changes: Any) -> LoadPlan:
    """A small plan against the scripted shop."""
    values: dict[str, Any] = {
        "run_id": "test",
        "run": "abc123",
        "customers": 2,
        "staff": 1,
        "rate": 10.0,
        "duration_s": 2.0,
        "out": "",
        "url": "ws://shop/?sn={sn}",
    }
    return LoadPlan(**(values | changes))


def setup_for(plan: LoadPlan) -> Setup:
    """The plan with the default profile; accounts carry no name, as the shop's do not."""
    return Setup(plan, default_profile(plan.url))


def kit_for(loop: SimulatedLoop, shop: Shop) -> Kit:
    """What a stage works with in simulated time."""
    return Kit(LEXICON, shop, loop.now_ns)
