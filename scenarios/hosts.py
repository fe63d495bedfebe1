"""The host of this process, and its clock.

Processes share ``CLOCK_MONOTONIC`` when they share a kernel's boot and a time namespace. For tests
alone, ``CHATSOCKET_TEST_CLOCK=OFFSET_NS[,DRIFT_PPM]`` makes a worker one of another host, whose
clock is so far ahead and gains so much.
"""

import os
import platform
import time
from pathlib import Path

from harness.swarm.link import Clock

FAKE_CLOCK = "CHATSOCKET_TEST_CLOCK"

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_TIME_NAMESPACE = Path("/proc/self/ns/time")


def host_name() -> str:
    """The same for two processes only if they share a clock. Says nothing else of the host."""
    try:
        boot, namespace = _BOOT.read_text().strip(), str(_TIME_NAMESPACE.readlink())
    except OSError:
        boot, namespace = platform.node(), ""
    return f"{boot}/{namespace}/{os.environ.get(FAKE_CLOCK, '')}"


def host_clock() -> Clock:
    """The clock of this host, in ns."""
    fake = os.environ.get(FAKE_CLOCK)
    if not fake:
        return time.monotonic_ns
    offset, _, ppm = fake.partition(",")
    offset_ns, drift, since_ns = int(offset), float(ppm or 0) / 1e6, time.monotonic_ns()

    def ahead() -> int:
        now_ns = time.monotonic_ns()
        return now_ns + offset_ns + int((now_ns - since_ns) * drift)

    return ahead


def cores() -> int:
    """How many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
