"""Runs under plain ``locust -f``: made from options, judged at their end, kept where asked.

Locust owns the process; this sets its exit code. Without ``--out`` the log lives in a temporary
folder until it is judged.
"""

import signal
import sys
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import gevent  # type: ignore[import-untyped]
import msgspec
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from harness.errors import HarnessError, OutputUnusable
from harness.gate import GateRules, default_thresholds, judge
from harness.preflight.machine import raise_open_files
from harness.run_log import RunLog, header
from harness.swarm.plan import LoadPlan
from harness.swarm.setup import Setup
from scenarios.conductor import Conductor
from scenarios.equipment import check_machine
from scenarios.master import Desk, Master, Run
from scenarios.options import plan_of, settle_counts
from scenarios.progress import Progress
from scenarios.slots import PLAYERS, CustomerUser, StaffUser
from schemas.records import Target
from schemas.run_log import read_run
from schemas.verdict_file import write_verdict


def conduct(environment: Environment) -> None:
    """Attach ourselves to a process of Locust; call it when Locust's ``init`` event fires."""
    sys.setswitchinterval(0.0002)
    raise_open_files()
    options = environment.parsed_options
    if options is not None:
        settle_counts(options)
    if options is not None and options.customers:
        options.num_users = options.num_users or options.customers + options.staff
        options.spawn_rate = options.spawn_rate or options.num_users
    if isinstance(environment.runner, WorkerRunner):
        _leave_interrupts_to_the_master(environment)
    Plain(environment)


class Plain:
    """The runs of one Locust process."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._log: RunLog | None = None
        self._temporary: TemporaryDirectory[str] | None = None
        self._conductor = Conductor(environment, self._make_run, self)
        self._kept: set[Path] = set()

    def over(self, master: Master) -> None:
        """Judge the run and set Locust's exit code."""
        log = self._log
        assert log is not None
        log.partial = not master.course.complete
        log.__exit__(None, None, None)
        run = read_run(log.folder)
        verdict = judge(run, GateRules(default_thresholds(run)))
        write_verdict(log.folder, verdict)
        print(f"chat load: {verdict.verdict}", *verdict.reasons, sep="\n  ", file=sys.stderr)
        self._environment.process_exit_code = int(verdict.exit_code)
        if self._temporary is not None:
            self._temporary.cleanup()

    def refused(self, error: HarnessError) -> None:
        """Say why there is no run. A process without a web UI ends; with one, the page says it."""
        print(error, file=sys.stderr)
        self._environment.process_exit_code = int(error.exit_code)
        runner, options = self._environment.runner, self._environment.parsed_options
        if runner is None or options is None:
            return
        if options.headless:
            gevent.spawn(runner.quit)
        else:
            runner.log_exception("chat load", str(error), "")
            gevent.spawn(runner.stop)

    def _make_run(self, environment: Environment) -> Run:
        self._fix_counts()
        plan = plan_of(environment)
        setup = Setup(plan)
        self._check_machine(plan)
        folder = self._folder(plan.out)
        profile = setup.profile
        target = Target(
            url=profile.shown_url, profile_name=profile.shown_name, profile=profile.redacted()
        )
        self._log = RunLog(
            folder,
            header(
                run_id=plan.run_id,
                command=["locust", *sys.argv[1:]],
                seed=plan.seed,
                parts=["load"],
                target=target,
            ),
        )
        desk = Desk(self._log.append, _show_nothing, environment.stats)
        return Run(setup, desk, self._expected)

    def _fix_counts(self) -> None:
        """How many users of each kind there are, where that was asked for: the web UI may ask
        otherwise for every run.
        """
        options = self._environment.parsed_options
        if options is not None:
            CustomerUser.fixed_count = options.customers
            StaffUser.fixed_count = options.staff if options.customers else 0

    def _check_machine(self, plan: LoadPlan) -> None:
        """UsageError where the plan does not fit here; of machines elsewhere nothing is known."""
        runner, options = self._environment.runner, self._environment.parsed_options
        processes = options.processes if options is not None else None
        if isinstance(runner, MasterRunner) and not processes:
            return
        if options is not None and not options.customers:  # as many as users, of both kinds
            plan = msgspec.structs.replace(plan, staff=0)
        workers = runner.worker_count if isinstance(runner, MasterRunner) else 1
        check_machine(plan, max(workers, 1), ())

    def _expected(self) -> int:
        runner = self._environment.runner
        wanted = runner.target_user_count if runner is not None else 0
        fixed = sum(each.fixed_count for each in self._environment.user_classes)
        return min(wanted, fixed) if fixed else wanted

    def _folder(self, out: str) -> Path:
        if not out:
            self._temporary = TemporaryDirectory(prefix="chatsocket-")
            return Path(self._temporary.name)
        folder = self._fresh(Path(out))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputUnusable(folder, error.strerror or str(error)) from None
        return folder

    def _fresh(self, folder: Path) -> Path:
        """``folder``, or the next of its name where a run from the web UI is kept there already."""
        numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
        fresh = next(each for each in chain([folder], numbered) if each not in self._kept)
        self._kept.add(fresh)
        return fresh


def _show_nothing(_: Progress) -> None:
    """Locust prints its own tables."""


def _leave_interrupts_to_the_master(environment: Environment) -> None:
    """A terminal's Ctrl-C reaches every process; a worker goes on until its master is done."""

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        player = PLAYERS.get(environment)
        if player is None or player.finished.is_set():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_interrupt)
