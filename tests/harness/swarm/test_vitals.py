"""When a generator counts as saturated."""

import asyncio

import numpy as np
import pytest

from harness.swarm.saturation import SaturationLimits
from harness.swarm.vitals import Health, Room, Vitals, VitalsData
from schemas.histogram import Histogram, HistogramData
from tests.harness.swarm.simulation import SimulatedLoop, simulate

NS = 1_000_000_000


def lag(*values_us: int) -> HistogramData:
    histogram = Histogram()
    for value in values_us:
        histogram.record(value)
    return histogram.data()


def data(**changes) -> VitalsData:
    calm = {
        "loop_lag": lag(*[500] * 100),
        "schedule_lag": lag(*[900] * 100),
        "wall_ns": 10 * NS,
        "cpu_ns": NS,
        "wait_ns": NS // 10,
        "hottest": 0.2,
    }
    return VitalsData(**(calm | changes))


def health(*reports: VitalsData) -> Health:
    found = Health()
    for report in reports:
        found.add(report)
    return found


def test_a_calm_generator_is_not_saturated() -> None:
    found = health(data(), data())
    assert found.reasons(SaturationLimits()) == []
    assert found.cpu_share == pytest.approx(0.1)
    assert found.core_wait_share == pytest.approx(0.01)
    assert found.loop_lag_p99_us == 500


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"loop_lag": lag(*[500] * 90, *[30_000] * 10)}, "loop lag"),
        ({"schedule_lag": lag(*[500] * 90, *[30_000] * 10)}, "schedule lag"),
        ({"hottest": 0.95}, "processor share"),
        ({"wait_ns": 3 * NS}, "waited for a core"),
    ],
)
def test_each_limit_is_named(changes, word: str) -> None:
    (reason,) = health(data(**changes)).reasons(SaturationLimits())
    assert word in reason


def test_without_figures_nothing_is_claimed() -> None:
    found = Health()
    assert found.reasons(SaturationLimits()) == []
    assert found.cpu_share is None
    assert found.core_wait_share is None
    assert found.loop_lag_p99_us is None


def test_an_unknown_wait_stays_unknown() -> None:
    assert health(data(), data(wait_ns=None)).core_wait_share is None


LAGS = np.array([5_000_000])


def test_lag_is_sampled_only_while_measuring() -> None:
    async def watch(loop: SimulatedLoop) -> list[VitalsData]:
        vitals = Vitals(loop.now_ns)
        vitals.schedule_lags(LAGS)
        await asyncio.sleep(1)
        before = vitals.take()
        vitals.start()
        vitals.schedule_lags(LAGS)
        await asyncio.sleep(1)
        vitals.stop()
        vitals.schedule_lags(LAGS)
        await asyncio.sleep(1)
        return [before, vitals.take()]

    before, measured = simulate(watch)
    assert before.loop_lag.count == before.schedule_lag.count == 0
    assert measured.schedule_lag.count == 1
    assert 45 <= measured.loop_lag.count <= 50


@pytest.mark.parametrize(
    ("changes", "room", "advice"),
    [
        ({}, Room(1, 4), []),
        ({"hottest": 0.95}, Room(1, 4), ["add workers: --workers 2"]),
        ({"hottest": 0.95}, Room(3, 4), ["add workers: --workers 4"]),
        ({"hottest": 0.95}, Room(4, 4), ["add machines: --expect-workers"]),
        ({"wait_ns": 3 * NS}, Room(1, 4), ["add machines: --expect-workers"]),
        ({"open_fds": 900, "fd_limit": 1_000}, Room(), ["raise ulimit -Hn, or add workers"]),
        ({"ports_used": 900, "ports": 1_000}, Room(), ["add source addresses: --source-ips"]),
        ({"ports_used": 900, "ports": 1_000}, Room(addresses=2), []),
    ],
)
def test_advice_names_the_next_step(changes, room: Room, advice: list[str]) -> None:
    assert health(data(**changes)).advice(SaturationLimits(), room) == advice


def test_files_ports_and_pauses_are_summed_up() -> None:
    found = health(
        data(gc_pauses=2, gc_pause_max_us=900, open_fds=20, fd_limit=64, ports_used=30, ports=99),
        data(gc_pauses=1, gc_pause_max_us=500, open_fds=12, fd_limit=64, ports_used=40, ports=99),
    )
    assert (found.gc_pauses, found.gc_pause_max_us) == (3, 900)
    assert (found.usage.open_fds, found.usage.ports_used) == (20, 40)
    assert (found.fd_limit, found.ports) == (64, 99)
