"""Staff in simulated time against a scripted shop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from harness.ledger.observations import Bound, SendOutcome, Sent, Unbound
from harness.populations.habits import Distribution, Span, StaffHabits
from tests.harness.swarm.play import C1, C2, S1, Play, played, words
from tests.harness.swarm.simulation import (
    NS,
    Line,
    Shop,
    SimulatedLoop,
    answer,
    delivery,
    refusal_of,
)


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
        service = StaffHabits(**({"reply": Span(0.5), "close_share": 0.0} | habits))
        play = Play(loop, OneDesk(loop, refuse), service=service)
        await play.gather(2)
        line = play.shop.line_of(S1)
        play.swarm.start(loop.now_ns(), 2)
        await script(play)
        play.collect()
        play.census()
        return play, line.sent

    return played(run)


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


def test_an_answer_is_not_late_because_the_one_before_it_took_long() -> None:
    async def script(play: Play) -> None:
        offer(play, C1, "waiting")
        await asyncio.sleep(0.2)
        for number in range(12):
            offer(play, C1, f"question {number}", unread=number + 1)
        await asyncio.sleep(12.0)

    play, _ = staffed(script, reply=Span(0.5, Distribution.EXPONENTIAL), patience_s=60.0)
    answers = [each for each in play.seen(Sent) if each.digest == 0]
    assert len(answers) == 13
    assert max(each.sent_ns - each.due_ns for each in answers) < 0.005 * NS


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
