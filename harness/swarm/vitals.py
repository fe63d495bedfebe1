"""How the generator itself fares: lag of its loop and schedule, processor share, wait for a core.

Samples the thread that it runs on (measurement §5). Linux tells the wait for a core in
``/proc/self/task/TID/schedstat``; elsewhere that figure is missing.
"""

import asyncio
import threading
import time
from collections import deque
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from harness.preflight.machine import this_machine
from harness.swarm.link import Clock
from harness.swarm.meter import histogram_of
from harness.swarm.process_usage import GcPauses, Usage, usage
from harness.swarm.saturation import SaturationLimits
from schemas.histogram import Histogram, HistogramData, judging_quantile

_NS = 1_000_000_000
SAMPLE_S = 0.02
HOT_WINDOW_S = 5
_NEARLY = 0.8


class VitalsData(msgspec.Struct, frozen=True, array_like=True):
    """Additions since the previous report. ``hottest`` is the largest processor share over
    :data:`HOT_WINDOW_S` whole seconds so far; ``wait_ns`` None where the system does not tell.
    ``open_fds`` and ``ports_used`` are the most so far (the latter with the host's ports that wait
    to be free again), of ``fd_limit`` and of ``ports`` for each source address.
    """

    loop_lag: HistogramData
    schedule_lag: HistogramData
    wall_ns: int
    cpu_ns: int
    wait_ns: int | None
    hottest: float
    gc_pauses: int = 0
    gc_pause_max_us: int = 0
    open_fds: int | None = None
    fd_limit: int | None = None
    ports_used: int | None = None
    ports: int | None = None


class Vitals:
    """Made on the thread that it watches, within its running loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._schedstat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._measuring = False
        self._reset()
        self._shares: deque[float] = deque(maxlen=HOT_WINDOW_S)
        self._hottest = 0.0
        self._second = self._usage()
        self._due_ns = 0
        self._timer: asyncio.TimerHandle | None = None
        self._pauses = GcPauses()
        self._machine = this_machine()
        self._usage_peak = Usage()

    def start(self) -> None:
        """Begin to sample; what was seen before is forgotten."""
        self._measuring = True
        self._reset()
        self._shares.clear()
        self._hottest = 0.0
        self._second = self._usage()
        self._pauses.listen()
        self._arm()

    def stop(self) -> None:
        """The measured window is over: nothing is added any more."""
        self._measuring = False
        self._pauses.deafen()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def schedule_lags(self, lags_ns: npt.NDArray[np.int64]) -> None:
        """So long after it was due was each sent, though nothing but us held it back."""
        if self._measuring:
            self._schedule_lag.merge(histogram_of(np.maximum(lags_ns, 0) // 1000))

    def take(self) -> VitalsData:
        """What was added since the last call."""
        now = self._usage()
        wall, cpu, wait = self._since
        waited = now[2] - wait if now[2] is not None and wait is not None else None
        live = self._measuring
        data = VitalsData(
            self._loop_lag.data(),
            self._schedule_lag.data(),
            now[0] - wall if live else 0,
            now[1] - cpu if live else 0,
            waited if live else 0,
            self._hottest,
            *self._pauses.take(),
            self._usage_peak.open_fds,
            self._machine.files,
            self._usage_peak.ports_used,
            self._machine.ports,
        )
        self._reset()
        return data

    def _reset(self) -> None:
        self._loop_lag = Histogram()
        self._schedule_lag = Histogram()
        self._since = self._usage()

    def _usage(self) -> tuple[int, int, int | None]:
        """Wall, processor and waiting time in ns, each from an origin of its own."""
        cpu_ns = time.clock_gettime_ns(time.CLOCK_THREAD_CPUTIME_ID)
        return self._clock(), cpu_ns, self._waited()

    def _waited(self) -> int | None:
        try:
            return int(self._schedstat.read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return None

    def _arm(self) -> None:
        self._due_ns = self._clock() + int(SAMPLE_S * _NS)
        self._timer = asyncio.get_running_loop().call_later(SAMPLE_S, self._sample)

    def _sample(self) -> None:
        if not self._measuring:
            return
        now_ns = self._clock()
        self._loop_lag.record(max(now_ns - self._due_ns, 0) // 1000)  # timers fire early, too
        if now_ns - self._second[0] >= _NS:
            self._close_second()
        self._arm()

    def _close_second(self) -> None:
        now = self._usage()
        self._shares.append((now[1] - self._second[1]) / (now[0] - self._second[0]))
        self._second = now
        self._usage_peak = self._usage_peak.joined(usage())
        if len(self._shares) == HOT_WINDOW_S:
            self._hottest = max(self._hottest, min(self._shares))


class Health:
    """The sum of one worker's :class:`VitalsData`, and what it says about the run."""

    def __init__(self) -> None:
        self._loop_lag = Histogram()
        self._schedule_lag = Histogram()
        self._wall_ns = self._cpu_ns = 0
        self._wait_ns: int | None = 0
        self._hottest = 0.0
        self.gc_pauses = self.gc_pause_max_us = 0
        self.usage = Usage()
        self.fd_limit: int | None = None
        self.ports: int | None = None

    def add(self, data: VitalsData) -> None:
        """Take one report in."""
        self._loop_lag.merge(data.loop_lag)
        self._schedule_lag.merge(data.schedule_lag)
        self._wall_ns += data.wall_ns
        self._cpu_ns += data.cpu_ns
        known = self._wait_ns is not None and data.wait_ns is not None
        self._wait_ns = (self._wait_ns or 0) + (data.wait_ns or 0) if known else None
        self._hottest = max(self._hottest, data.hottest)
        self.gc_pauses += data.gc_pauses
        self.gc_pause_max_us = max(self.gc_pause_max_us, data.gc_pause_max_us)
        self.usage = self.usage.joined(Usage(data.open_fds, data.ports_used))
        self.fd_limit, self.ports = data.fd_limit, data.ports

    @property
    def loop_lag_p99_us(self) -> int | None:
        """p99 of how late a timer of the loop was."""
        return judging_quantile(self._loop_lag.data(), 0.99, 0).value_us

    @property
    def schedule_lag_p99_us(self) -> int | None:
        """p99 of how long after its due time a message was sent."""
        return judging_quantile(self._schedule_lag.data(), 0.99, 0).value_us

    @property
    def cpu_share(self) -> float | None:
        """The processor share of the swarm's thread."""
        return self._cpu_ns / self._wall_ns if self._wall_ns else None

    @property
    def core_wait_share(self) -> float | None:
        """The share of time in which it was ready and had no core."""
        waited = self._wait_ns
        return waited / self._wall_ns if self._wall_ns and waited is not None else None

    def reasons(self, limits: SaturationLimits) -> list[str]:
        """Why this generator counts as saturated; empty when it does not."""
        lags = (("loop", self.loop_lag_p99_us), ("schedule", self.schedule_lag_p99_us))
        found = [
            f"{name} lag p99 {lag / 1000:.1f} ms, over {limits.lag_us / 1000:g} ms"
            for name, lag in lags
            if lag is not None and lag > limits.lag_us
        ]
        if self._hottest >= limits.cpu_share:
            found.append(f"processor share {self._hottest:.2f} for {HOT_WINDOW_S} s")
        if (self.core_wait_share or 0.0) > limits.core_wait_share:
            found.append(f"waited for a core {self.core_wait_share:.0%} of the time")
        return found

    def advice(self, limits: SaturationLimits, room: "Room") -> list[str]:
        """What would help where it is saturated, or near the end of files or ports."""
        found = []
        if self.reasons(limits):
            full = (self.core_wait_share or 0.0) > limits.core_wait_share
            more = min(2 * room.workers, room.cores)
            found.append(
                f"add workers: --workers {more}"
                if more > room.workers and not full
                else "add machines: --expect-workers"
            )
        if _nearly(self.usage.open_fds, self.fd_limit):
            found.append("raise ulimit -Hn, or add workers")
        if self.ports and _nearly(self.usage.ports_used, self.ports * room.addresses):
            found.append("add source addresses: --source-ips")
        return found


class Room(msgspec.Struct, frozen=True):
    """What a load has to grow into: ``cores`` where its ``workers`` run, source ``addresses``."""

    workers: int = 1
    cores: int = 1
    addresses: int = 1


def _nearly(used: int | None, limit: int | None) -> bool:
    return bool(used and limit) and (used or 0) >= _NEARLY * (limit or 0)
