"""Customers and staff in simulated time against a scripted shop: what they say, and when."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from harness.errors import Unavailability
from harness.ledger.observations import Bound, Closed, Increment, Opened, SendOutcome, Sent, Unbound
from harness.swarm.customer import Customer
from harness.swarm.link import Closing, DialFailed
from harness.swarm.plan import CustomerHabits, Model, StaffHabits
from harness.swarm.reports import SwarmReport, decode_increment, decode_report
from harness.swarm.swarm import Ended, Populations, Report, Swarm
from tests.harness.swarm.simulation import (
    NS,
    Line,
    Shop,
    SimulatedLoop,
    answer,
    delivery,
    kit_for,
    plan_for,
    refusal_of,
    setup_for,
    simulate,
)

C1, C2, S1 = "abc123-C1", "abc123-C2", "abc123-S1"
QUIET = CustomerHabits(read_share=0.0, receipt_share=0.0)


class Play:
    """A swarm in simulated time, and what it reported."""

    def __init__(
        self,
        loop: SimulatedLoop,
        shop: Shop | None = None,
        populations: Populations | None = None,
        **plan: Any,
    ) -> None:
        self.loop = loop
        self.shop = shop or Shop(loop)
        self.plan = plan_for(**({"customer": QUIET} | plan))
        self.epoch_ns = loop.now_ns()
        self.swarm = Swarm(
            setup_for(self.plan), kit_for(loop, self.shop), 0, self.epoch_ns, populations
        )
        self.reports: list[SwarmReport] = []
        self.ended: list[int] = []
        self._main = asyncio.ensure_future(self.swarm.main())

    async def gather(self, *numbers: int) -> None:
        for number in numbers:
            self.swarm.join(number)
        await asyncio.sleep(1.5)
        assert self.census().settled == len(numbers)

    async def run(self, seconds: float | None = None) -> int:
        """Start, run for ``seconds`` (or the plan's duration), stop; returns t0."""
        t0_ns = self.loop.now_ns() + NS // 10
        self.swarm.start(t0_ns, self.plan.customers)
        lasts = seconds if seconds is not None else self.plan.until_s
        await asyncio.sleep(0.1 + lasts)
        self.swarm.stop(t0_ns + int(lasts * NS))
        await asyncio.sleep(1.0)
        return t0_ns

    async def finish(self) -> None:
        self.swarm.finish()
        await self._main
        self.collect()

    def collect(self) -> None:
        while self.swarm.mail:
            match self.swarm.mail.popleft():
                case Report(data=data):
                    self.reports.append(decode_report(data))
                case Ended(number=number):
                    self.ended.append(number)
                case died:
                    raise AssertionError(died)

    def census(self) -> Any:
        self.swarm.report()
        # an order of this very thread is carried out at the loop's next turn: look at once
        self.swarm._obey()
        self.collect()
        return self.reports[-1].census

    @property
    def increments(self) -> list[Increment]:
        return [decode_increment(data) for report in self.reports for data in report.increments]

    def seen(self, kind: type) -> list[Any]:
        return [o for i in self.increments for o in i.observations if type(o) is kind]

    def total(self, word: str) -> int:
        return sum(report.counts.get(word, 0) for report in self.reports)

    def latencies(self, name: str) -> Any:
        return [
            second.latency[name]
            for report in self.reports
            for second in report.seconds.values()
            if name in second.latency
        ]

    @property
    def faults(self) -> list[str]:
        return [fault.message for report in self.reports for fault in report.faults]


def played(work: Callable[[SimulatedLoop], Any]) -> Any:
    return simulate(work)


def texts(line: Line) -> list[dict[str, Any]]:
    return [m for m in line.sent if m["type"] != "staff" and m["content"]]


def test_customers_send_what_the_schedule_asks_for_and_nothing_else() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop)
        await play.gather(0, 1)
        await play.run()
        await play.finish()
        return play

    play = played(run)
    sent = play.seen(Sent)
    assert play.total("scheduled_sent") == play.total("sent_in_time") == 20
    assert [s.outcome for s in sent] == [SendOutcome.ACKED] * 20
    assert all(0 <= s.sent_ns - s.due_ns < 2_000_000 for s in sent)
    for number in (0, 1):
        mine = [s.seq for s in sent if s.sender == number]
        assert mine == list(range(len(mine)))
    assert sorted(play.ended) == [0, 1]
    assert play.faults == []


def test_latencies_are_what_the_server_took() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Shop(loop, delay_s=0.02))
        await play.gather(0, 1)
        await play.run()
        await play.finish()
        return play

    play = played(run)
    took_ms = [(s.done_ns - s.sent_ns) / 1e6 for s in play.seen(Sent)]
    assert took_ms == pytest.approx([20.0] * 20, abs=0.01)
    measured = play.latencies("ack")
    assert sum(histogram.count for histogram in measured) == 20
    assert max(histogram.max_us for histogram in measured) <= 21_001


def test_a_customer_settles_with_a_receipt() -> None:
    async def run(loop: SimulatedLoop) -> list[dict[str, Any]]:
        play = Play(loop)
        await play.gather(0)
        return play.shop.lines[0].sent

    (receipt,) = played(run)
    assert (receipt["type"], receipt["content"], receipt["read"]) == ("text", "", True)


def test_a_message_due_while_disconnected_waits_and_its_latency_runs() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, customers=1, rate=1.0, duration_s=10.0)
        await play.gather(0)
        t0_ns = loop.now_ns() + NS // 10
        play.swarm.start(t0_ns, 1)
        await asyncio.sleep(2.5)
        play.shop.refusal = DialFailed(Unavailability.REFUSED)
        play.shop.lines[0].end(Closing(by_server=True, code=1001))
        await asyncio.sleep(3.0)
        play.shop.refusal = None
        await asyncio.sleep(5.0)
        play.swarm.stop(t0_ns + 10 * NS)
        await asyncio.sleep(1.0)
        await play.finish()
        return play

    play = played(run)
    late = [(s.sent_ns - s.due_ns) / NS for s in play.seen(Sent)]
    assert len(late) == 10
    assert max(late) > 2.0
    assert play.total("sent_in_time") < 10
    assert len(play.seen(Opened)) == 2
    counts = [report.connections for report in play.reports]
    assert sum(c.reconnects for c in counts) == sum(c.dropped_by_server for c in counts) == 1
    assert sum(c.failed for c in counts) > 0
    assert len(play.latencies("reconnect")) == 1
    assert {r.cause for report in play.reports for r in report.refusals} == {"refused"}


def test_a_send_without_an_answer_is_unknown_when_its_connection_ends() -> None:
    class Mute(Shop):
        def hear(self, line: Line, message: dict[str, Any]) -> None:
            if not message["content"]:
                super().hear(line, message)

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Mute(loop), customers=1)
        await play.gather(0)
        await play.run(0.35)
        await play.finish()
        return play

    play = played(run)
    assert [s.outcome for s in play.seen(Sent)] == [SendOutcome.UNKNOWN] * 4
    assert play.total("timeouts_ack") == 4
    assert [type(o) for o in play.seen(Closed)] == [Closed]


def test_concluding_gives_up_what_has_no_answer_while_the_connection_lives() -> None:
    class Mute(Shop):
        def hear(self, line: Line, message: dict[str, Any]) -> None:
            if not message["content"]:
                super().hear(line, message)

    async def run(loop: SimulatedLoop) -> tuple[int, list[Any]]:
        play = Play(loop, Mute(loop), customers=1)
        await play.gather(0)
        await play.run(0.35)
        play.swarm.conclude(quiet=True)
        await asyncio.sleep(0.1)
        return play.census().outstanding, play.seen(Sent)

    outstanding, sent = played(run)
    assert outstanding == 0
    assert {s.outcome for s in sent} == {SendOutcome.UNKNOWN}


def test_customers_end_an_untokened_message_with_a_token_when_stopped() -> None:
    async def run(loop: SimulatedLoop) -> list[Any]:
        habits = CustomerHabits(text=0.001, image=0.0, title=1.0, read_share=0, receipt_share=0)
        play = Play(loop, customers=1, rate=10.0, duration_s=0.35, customer=habits)
        play.swarm._kit = play.swarm._kit._replace(
            lexicon=play.swarm._kit.lexicon.__class__(
                texts=("hello",), answers=("yes",), products=("P-1001",)
            )
        )
        await play.gather(0)
        await play.run()
        await play.finish()
        return play.seen(Sent)

    sent = played(run)
    assert [bool(s.digest) for s in sent] == [False, True, False, True, False]


def test_the_closed_model_thinks_after_each_answer() -> None:
    async def run(loop: SimulatedLoop) -> list[Any]:
        habits = CustomerHabits(read_share=0.0, receipt_share=0.0, think_s=0.5)
        play = Play(
            loop,
            Shop(loop, delay_s=0.25),
            customers=1,
            model=Model.CLOSED,
            customer=habits,
            duration_s=3.0,
        )
        await play.gather(0)
        await play.run()
        await play.finish()
        return play.seen(Sent)

    sent = played(run)
    gaps = [(b.sent_ns - a.done_ns) / NS for a, b in itertools.pairwise(sent)]
    assert 3 <= len(sent) <= 5
    assert all(0.5 <= gap < 0.51 for gap in gaps)


class OneDesk(Shop):
    """Accepts every confirm and close, and delivers customers' texts to the staff as told."""

    def __init__(self, loop: SimulatedLoop, refuse: tuple[str, ...] = ()) -> None:
        super().__init__(loop)
        self.refuse = refuse

    def hear(self, line: Line, message: dict[str, Any]) -> None:
        if message["titletype"] == "confirm" and message["content"] in self.refuse:
            line.push(refusal_of("already assigned"))
        else:
            line.push(answer(line.sn, message))


def offer(play: Play, customer: str, content: str, unread: int = 1) -> None:
    message = {"type": "text", "content": content, "titletype": None}
    play.shop.line_of(S1).push(delivery(customer, message, unread))


def staffed(
    script: Callable[[Play], Any], refuse: tuple[str, ...] = (), **habits: float
) -> tuple[Play, list[dict[str, Any]]]:
    """What the staff member 2 says while ``script`` plays the shop."""

    async def run(loop: SimulatedLoop) -> tuple[Play, list[dict[str, Any]]]:
        service = StaffHabits(**({"reply_delay_s": 0.5, "close_share": 0.0} | habits))
        play = Play(loop, OneDesk(loop, refuse), service=service)
        await play.gather(2)
        line = play.shop.line_of(S1)
        play.swarm.start(loop.now_ns(), 2)
        await script(play)
        play.collect()
        play.census()
        return play, line.sent

    return played(run)


def words(sent: list[dict[str, Any]]) -> list[str]:
    return [m["titletype"] if m["type"] == "staff" else m["type"] for m in sent]


def test_staff_confirms_an_offer_greets_and_answers_after_the_delay() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "waiting")
        offer(play, C1, "still waiting", unread=2)
        await asyncio.sleep(0.2)
        offer(play, C1, "a question")
        await asyncio.sleep(1.0)

    play, sent = staffed(script)
    assert words(sent) == ["confirm", "text", "text"]
    assert sent[0]["content"] == C1
    assert all(m["read"] for m in sent)
    (bound,) = play.seen(Bound)
    assert bound.conversation == 0
    greeting, reply = [s for s in play.seen(Sent) if s.digest == 0]
    assert (reply.due_ns - greeting.due_ns) / NS == pytest.approx(0.7, abs=0.01)


def test_a_refused_confirm_is_no_error_and_the_next_offer_is_taken() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "hello")
        offer(play, C2, "hello")
        await asyncio.sleep(0.2)

    play, sent = staffed(script, refuse=(C1,))
    confirms = [m["content"] for m in sent if m["titletype"] == "confirm"]
    assert confirms == [C1, C2]
    assert play.total("refused_unexpectedly") == 0
    assert next(s.outcome for s in play.seen(Sent)) is SendOutcome.REFUSED


def test_a_silent_case_is_closed_with_a_token_before_the_close() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "hello")
        await asyncio.sleep(3.0)

    play, sent = staffed(script, patience_s=1.0)
    assert words(sent) == ["confirm", "text", "text", "assignment"]
    (unbound,) = play.seen(Unbound)
    assert unbound.conversation == 0


def test_an_offer_missed_while_serving_is_remembered() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "hello")
        offer(play, C2, "hello")
        await asyncio.sleep(6.0)

    _, sent = staffed(script, patience_s=1.0)
    assert [m["content"] for m in sent if m["titletype"] == "confirm"] == [C1, C2]


def test_staff_clears_what_waits_before_the_run() -> None:
    async def run(loop: SimulatedLoop) -> list[str]:
        play = Play(loop, OneDesk(loop))
        play.swarm.join(2)
        await asyncio.sleep(0.1)
        offer(play, "somebody-else", "left over")
        offer(play, C1, "left over")
        await asyncio.sleep(0.8)
        assert play.census().settled == 0
        await asyncio.sleep(0.6)
        assert play.census().settled == 1
        return words(play.shop.line_of(S1).sent)

    assert played(run) == ["confirm", "assignment", "confirm", "text", "assignment"]


def test_an_offer_that_comes_with_the_login_is_not_forgotten() -> None:
    class Eager(OneDesk):
        async def dial(self, address: Any, sink: Any) -> Line:
            line = await super().dial(address, sink)
            message = {"type": "text", "content": "waiting", "titletype": None}
            line.push(delivery(C1, message, 1), 0.0)
            return line

    async def run(loop: SimulatedLoop) -> tuple[list[str], list[str]]:
        play = Play(loop, Eager(loop))
        play.swarm.join(2)
        await asyncio.sleep(1.5)
        play.census()
        return words(play.shop.line_of(S1).sent), play.faults

    assert played(run) == (["confirm", "text", "assignment"], [])


def test_a_visit_closes_the_own_case_and_clears_what_is_owed() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "hello")
        await asyncio.sleep(0.2)
        play.swarm.stop(play.loop.now_ns())
        await asyncio.sleep(0.2)
        play.swarm.visit((1,))
        await asyncio.sleep(1.0)

    play, sent = staffed(script)
    said = words(sent)
    assert said == ["confirm", "text", "text", "assignment", "confirm", "text", "assignment"]
    assert sent[4]["content"] == C2
    assert play.reports[-1].census.visiting == 0


def test_a_fault_in_a_behaviour_is_recorded_and_ends_that_participant_alone() -> None:
    class Broken(Customer):
        async def behave(self) -> None:
            await self.settle()
            if self.number == 1:
                await self.sleep(2.0)
                raise ZeroDivisionError("a defect of the population")
            await super().behave()

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, populations=Populations(customer=Broken))
        await play.gather(0, 1)
        await play.run()
        play.collect()
        assert play.ended == [1]
        await play.finish()
        return play

    play = played(run)
    assert play.faults == ["ZeroDivisionError: a defect of the population"]
    assert {s.sender for s in play.seen(Sent)} == {0}


def test_a_population_is_ten_lines() -> None:
    class Greeter(Customer):
        async def behave(self) -> None:
            await self.settle()
            for _ in range(3):
                await self.sleep(0.1)
                await self.answered(self.say_text(self.number, self.stage.clock()))

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, populations=Populations(customer=Greeter))
        play.swarm.join(0)
        await asyncio.sleep(2.0)
        await play.finish()
        return play

    play = played(run)
    assert len(play.seen(Sent)) == 3
    assert play.ended == [0]
    assert play.faults == []


def test_a_server_that_never_logs_in_is_given_up_and_told() -> None:
    class Silent(Shop):
        async def dial(self, address: Any, sink: Any) -> Line:
            line = Line(self, address.url.rpartition("sn=")[2], sink)
            self.lines.append(line)
            return line

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Silent(loop))
        play.swarm.join(0)
        await asyncio.sleep(6.0)
        play.census()
        return play

    play = played(run)
    assert {r.cause for report in play.reports for r in report.refusals} == {"silent"}
    assert play.shop.lines[0].open is False


def test_a_count_that_promises_too_much_is_wrong_once_all_is_quiet() -> None:
    async def run(loop: SimulatedLoop) -> list[Any]:
        play = Play(loop)
        await play.gather(0)
        message = {"type": "text", "content": "welcome", "titletype": None}
        play.shop.line_of(C1).push(delivery("bot", message, 2))
        await asyncio.sleep(0.1)
        play.swarm.conclude(quiet=True)
        await asyncio.sleep(0.1)
        play.census()
        return [i.counts.get("unread_wrong", 0) for i in play.increments]

    assert sum(played(run)) == 0  # a stranger's message spoils the count: nothing is claimed


@pytest.mark.parametrize("told", [2, 1])
def test_a_promise_of_a_colleague_is_kept_or_wrong(told: int) -> None:
    async def run(loop: SimulatedLoop) -> int:
        play = Play(loop)
        await play.gather(0)
        stamped = play.swarm._stage.stamper.stamp(2, 0, 0, loop.now_ns(), " hello")
        message = {"type": "text", "content": stamped, "titletype": None}
        play.shop.line_of(C1).push(delivery(S1, message, told))
        await asyncio.sleep(0.1)
        play.swarm.conclude(quiet=True)
        await asyncio.sleep(0.1)
        play.census()
        return sum(i.counts.get("unread_wrong", 0) for i in play.increments)

    assert played(run) == told - 1
