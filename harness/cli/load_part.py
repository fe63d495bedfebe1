"""The load part of a run: a master process carries out the plan; its records go into the log."""

import os
import selectors
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from harness.cli.beside import Beside
from harness.cli.children import Child, Children
from harness.cli.live_line import Ended, Live, read_line
from harness.cli.spread_options import Spread
from harness.cli.watch import Watch
from harness.errors import OwnFault, UsageError
from harness.preflight.listener import demand_listener
from harness.run_log import RunLog
from harness.swarm.plan import LoadPlan, encode_plan
from harness.swarm.setup import profile_of
from harness.thresholds import Threshold
from reports.progress import LoadSnapshot, Progress
from schemas.load_records import Aborted
from schemas.records import PartEnded, Record, decode
from schemas.run_log import LOAD_LOG
from schemas.verdicts import ExitCode

NAME = "load"
SILENCE_S = 60.0
EARLY = "The load ended early: "
ABORTING = "the load is ended early; what is under way is drained and kept"
DRAINING = "stopping: what is under way is drained and kept; once more to stop at once"

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MOST_INTERRUPTS = 2


class LoadPart:
    """Carries out ``plan``. ``web_port`` opens Locust's web UI on loopback; 0: none.

    ``spread`` says on which machines. ``beside`` goes on while the load does, and what it finds
    comes into the log too. When one of ``watched`` is missed, the load is drained early.
    """

    def __init__(
        self,
        plan: LoadPlan,
        progress: Progress,
        web_port: int = 0,
        beside: Beside | None = None,
        spread: Spread | None = None,
        watched: Sequence[Threshold] = (),
    ) -> None:
        self._spread = spread or Spread()
        self._plan, self._progress, self._web_port = plan, progress, web_port
        self._beside = beside or Beside()
        self._folder = Path(plan.out)
        self._watch = Watch(watched, plan, self._folder / LOAD_LOG)
        self._aborted: Aborted | None = None
        self._interrupts = 0
        self._ended: Ended | None = None

    def run(self, log: RunLog) -> None:
        """Put every record of the load into ``log``, however it ends.

        KeyboardInterrupt after an interruption, UsageError when the plan cannot be carried out,
        TargetUnavailable when nothing listens there,
        OwnFault with the reason when it was not carried out to its end.
        """
        if self._spread.expect is None:
            demand_listener(profile_of(self._plan))
        # The plan may hold a URL with a key in it: not for the run folder.
        with tempfile.TemporaryDirectory() as private, Children() as children:
            file = Path(private) / "plan.json"
            file.write_bytes(encode_plan(self._plan))
            argv = ["-m", "scenarios", "master", "--plan", str(file), *self._spread.argv()]
            if self._web_port:
                argv += ["--web-port", str(self._web_port)]
            master = children.start("load", argv, self._folder / "load.log")
            try:
                with self._interruptible(master), self._beside:
                    self._follow(master, log)
                    code = master.process.wait(SILENCE_S)
            finally:
                self._watch.close()
                self._merge(log)
                self._put(log, self._beside.last_records())
                self._put(log, [self._aborted] if self._aborted else [])
        self._judge_end(code, master)

    def _judge_end(self, code: int, master: Child) -> None:
        if self._interrupts:
            raise KeyboardInterrupt
        if code not in tuple(ExitCode):
            raise OwnFault(f"the load process failed (exit code {code}); see {master.log}")
        sentence = master.tail().removeprefix(EARLY).removesuffix(".")
        if code == ExitCode.USAGE:
            raise UsageError(sentence)
        if code != ExitCode.PASSED or self._ended is None or not self._ended.complete:
            raise OwnFault(sentence or f"the load ended with exit code {code}")

    def _put(self, log: RunLog, records: Iterable[Record]) -> None:
        for record in records:
            log.append(record)

    def _follow(self, master: Child, log: RunLog) -> None:
        """Show what the master prints until it closes its stdout."""
        rest, told = b"", False
        while chunk := self._read(master):
            *lines, rest = (rest + chunk).split(b"\n")
            if self._interrupts and not told:
                self._progress.say(DRAINING)
                told = True
            for line in lines:
                self._show(line, master)
            self._put(log, self._beside.records())

    def _read(self, master: Child) -> bytes:
        with selectors.DefaultSelector() as selector:
            selector.register(master.stdout, selectors.EVENT_READ)
            if selector.select(SILENCE_S):
                return os.read(master.stdout.fileno(), 1 << 16)
        raise OwnFault(f"the load said nothing for {SILENCE_S:g} s")

    @contextmanager
    def _interruptible(self, master: Child) -> Iterator[None]:
        """Pass interruptions on to the master wherever they meet us: an exception in the middle of
        drawing a line would end the load without its drain.
        """

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            self._interrupts += 1
            if self._interrupts > _MOST_INTERRUPTS:
                raise KeyboardInterrupt
            master.process.send_signal(signal.SIGTERM)

        before = {number: signal.signal(number, interrupt) for number in _INTERRUPTS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _show(self, line: bytes, master: Child) -> None:
        event = read_line(line)
        if isinstance(event, Live):
            self._beside.see(event)
            self._progress.load(self._snapshot(event))
            self._end_when_missed(event, master)
        elif isinstance(event, Ended):
            self._ended = event

    def _end_when_missed(self, live: Live, master: Child) -> None:
        """SIGUSR1 ends the load as if it had been planned so: drained, and complete."""
        if self._aborted is None:
            self._aborted = self._watch.missed(live)
            if self._aborted is not None:
                self._progress.say(f"{self._aborted.text} is missed: {ABORTING}")
                master.process.send_signal(signal.SIGUSR1)

    def _snapshot(self, live: Live) -> LoadSnapshot:
        whole_s = live.duration_s or live.elapsed_s
        return LoadSnapshot(
            elapsed_s=min(live.elapsed_s, whole_s),
            duration_s=whole_s,
            rate=live.rate,
            sent=live.sent,
            acked=live.acked,
            delivered=live.delivered,
            errors=live.anomalies + live.invalid + live.failed_connects + live.errors,
            connections=live.logged_in,
            phase=live.act,
        )

    def _merge(self, log: RunLog) -> None:
        """Move the master's records into the run's log; a line cut off by its death is left out."""
        file = self._folder / LOAD_LOG
        if not file.exists():
            return
        with file.open("rb") as lines:
            for line in lines:
                try:
                    record = decode(line)
                except msgspec.DecodeError:
                    continue
                if not isinstance(record, PartEnded):
                    log.append(record)
        file.unlink()
