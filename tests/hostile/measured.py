"""Runs `chatsocket` as a process, and measures what it takes: seconds, and memory of all of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil

POLL_S = 0.03
START = "import sys; from harness.cli import main; sys.exit(main())"


class Took(msgspec.Struct, frozen=True):
    """How a command ended. ``peak_mib`` is the largest resident size that one process of it had."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mib: float

    @property
    def text(self) -> str:
        """All that it printed."""
        return self.out + self.err


def chatsocket(folder: Path, *arguments: object, limit_s: float) -> Took:
    """Run `chatsocket` with ``arguments``. TimeoutError when it takes longer than ``limit_s``."""
    out, err = folder / "stdout", folder / "stderr"
    began, peak = time.monotonic(), 0.0
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [sys.executable, "-c", START, *map(str, arguments)],
            stdout=to_out,
            stderr=to_err,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd=folder,
        )
        try:
            while process.poll() is None:
                peak = max(peak, _peak_mib(process.pid))
                if time.monotonic() - began > limit_s:
                    raise TimeoutError(f"still running after {limit_s:g} s: {err.read_text()}")
                time.sleep(POLL_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    seconds = time.monotonic() - began
    return Took(process.returncode, out.read_text(), err.read_text(), seconds, peak)


def _peak_mib(pid: int) -> float:
    """The high-water mark of the process and of its children, each by itself."""
    try:
        family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return 0.0
    return max((_high_water_mib(each) for each in family), default=0.0)


def _high_water_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024
