"""Programs under measurement: started on a core of their own, their CPU and memory read."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class Program:
    """A running Python program that printed its URL first."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def cpu_us(self) -> float:
        """CPU of all its threads so far, from the scheduler's own books."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e3

    def rss_mib(self) -> float:
        """Resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextlib.contextmanager
def running(*arguments: str, core: int | None = None) -> Iterator[Program]:
    """``python`` with these arguments, kept to one core; ended by SIGTERM."""
    process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            sys.exit(f"{arguments} did not start")
        yield Program(process, url)
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def two_cores() -> tuple[int, int]:
    """A core for what is measured and one for what measures; the same when there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]


class Crowd:
    """A process and all that it started, counted together."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    @property
    def pids(self) -> list[int]:
        """Everybody alive, the first process first."""
        found, look = [], [self.process.pid]
        while look:
            pid = look.pop()
            found.append(pid)
            look += _children(pid)
        return found

    def cpu_us(self) -> dict[int, float]:
        """CPU of each process so far, all threads."""
        return {pid: cpu_of(pid) for pid in self.pids}


def cpu_of(pid: int) -> float:
    """CPU (µs) of all threads of a process, from the scheduler's own books; 0 when it is gone."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            spent += int(task.read_text().split()[0])
    return spent / 1e3


def rss_kib(pid: int) -> int:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@contextlib.contextmanager
def crowd(
    argv: Sequence[str], core: int, extra: Mapping[str, str] | None = None
) -> Iterator[Crowd]:
    """A command kept to one core with all that it starts; killed at the end, without a word."""
    process = subprocess.Popen(  # noqa: S603 - the benchmarks' own commands, no shell
        ["taskset", "-c", str(core), *argv],  # noqa: S607 - the system's own
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, **(extra or {})},
    )
    try:
        yield Crowd(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []
