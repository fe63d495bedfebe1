"""Programs under measurement: started on a core of their own, their CPU and memory read."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
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


def two_cores() -> tuple[int, int]:
    """A core for what is measured and one for what measures; the same when there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]
