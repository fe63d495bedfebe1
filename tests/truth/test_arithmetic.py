"""Figures whose truth is known by arithmetic: a swarm in simulated time against a scripted server.

Every answer takes a known time, so every quantile is known beforehand (measurement §8a). From the
pacer to the histogram everything is the load engine's own; only sockets and clock are not real.
"""

import asyncio
from random import Random

import pytest

from harness.swarm.collection import Collection
from schemas.histogram import HistogramData, quantile
from tests.harness.swarm.play import QUIET, Play, played
from tests.harness.swarm.simulation import NS, Line, Shop, SimulatedLoop, setup_for

RATE = 200.0
INTERVAL_S = 1 / RATE
BASE_S, LATE_S, STALL_S = 0.002, 0.020, 1.0
WITHIN = 0.01
CUSTOMERS = 50
APART_S = 1e-6  # timers of the same moment keep no order, frames of a connection do


class Pipe(Shop):
    """Answers after ``frame_s``; what is late on a connection holds up what follows it there."""

    def __init__(self, loop: SimulatedLoop, frame_s=lambda now_s: BASE_S) -> None:
        super().__init__(loop)
        self._frame_s = frame_s
        self._arrives: dict[Line, float] = {}
        self.from_s = 0.0

    def delay(self, line: Line, frame) -> float:
        now_s = self.loop.time()
        arrives = now_s + self._frame_s(now_s - self.from_s)
        before = self._arrives.get(line, 0.0)
        self._arrives[line] = arrives = max(arrives, before + APART_S)
        return arrives - now_s


def acks(frame_s, duration_s: float) -> HistogramData:
    """The series ``ack`` as the master sums it up. ``frame_s`` gets the seconds since t0."""

    async def work(loop: SimulatedLoop) -> HistogramData:
        shop = Pipe(loop)
        play = Play(
            loop,
            shop,
            customers=CUSTOMERS,
            staff=0,
            rate=RATE,
            duration_s=duration_s,
            customer=QUIET,
        )
        await play.gather(*range(CUSTOMERS))
        shop.from_s = loop.time() + 0.1
        shop._frame_s = frame_s
        await play.run()
        await asyncio.sleep(STALL_S)
        await play.finish()
        assert not play.faults
        collection = Collection(setup_for(play.plan), 1)
        collection.start(int(shop.from_s * NS))
        for report in play.reports:
            for _ in collection.take(report):
                pass
        return collection.timeline.latency("ack")

    return played(work)


def share_of(data: HistogramData, share: float) -> float:
    """A quantile in seconds."""
    value_us = quantile(data, share)
    assert value_us is not None
    return value_us / 1e6


def stalled_quantile(share: float, duration_s: float) -> float:
    """What a stall of :data:`STALL_S` makes of a quantile: the formula of measurement §8."""
    touched = STALL_S / duration_s
    assert 1 - share < touched
    return STALL_S * (1 - (1 - share) / touched)


def test_every_frame_late_is_every_quantile_late():
    data = acks(lambda _: LATE_S, 10)
    assert data.count == 10 * RATE
    for share in (0.5, 0.9, 0.99, 0.999):
        assert share_of(data, share) == pytest.approx(LATE_S, rel=WITHIN)


def test_a_twentieth_of_the_frames_late_moves_the_tail_alone():
    chance = Random(7)
    data = acks(lambda _: LATE_S if chance.random() < 0.05 else BASE_S, 60)
    assert share_of(data, 0.5) == pytest.approx(BASE_S, rel=WITHIN)
    assert share_of(data, 0.9) == pytest.approx(BASE_S, rel=WITHIN)
    assert share_of(data, 0.99) == pytest.approx(LATE_S, rel=WITHIN)
    assert share_of(data, 0.999) == pytest.approx(LATE_S, rel=WITHIN)


@pytest.mark.parametrize(
    ("duration_s", "p99_s", "p999_s"),
    [(10, 0.900, 0.990), (30, 0.700, 0.970), (60, 0.400, 0.940)],
)
def test_a_stall_reaches_everything_that_was_due_in_it(duration_s, p99_s, p999_s):
    begins_s = duration_s / 2

    def frame_s(since_s: float) -> float:
        left = begins_s + STALL_S - since_s
        return left if since_s >= begins_s and left > BASE_S else BASE_S

    data = acks(frame_s, duration_s)
    assert stalled_quantile(0.99, duration_s) == pytest.approx(p99_s)
    assert stalled_quantile(0.999, duration_s) == pytest.approx(p999_s)
    assert share_of(data, 0.5) == pytest.approx(BASE_S, rel=WITHIN)
    assert abs(share_of(data, 0.99) - p99_s) <= WITHIN * p99_s + INTERVAL_S
    assert abs(share_of(data, 0.999) - p999_s) <= WITHIN * p999_s + INTERVAL_S


def test_a_server_that_stands_still_at_first_delays_what_was_due_and_omits_nothing():
    """The classic mistake is to send less while the server stalls and to miss what was not sent."""
    data = acks(lambda since_s: max(STALL_S - since_s, BASE_S), 10)
    assert data.count == 10 * RATE
    assert abs(share_of(data, 0.95) - stalled_quantile(0.95, 10)) <= 0.005 + INTERVAL_S
