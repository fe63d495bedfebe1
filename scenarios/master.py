"""The master's side: it gives out identities, walks the course of the run, and writes its records.

A thin edge around the pure course and collection: it reads the clock, sends their orders and takes
the workers' reports. Has no participants. Everything is done by one greenlet, one report piece at a
time, so that heartbeats are answered in between.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import gevent  # type: ignore[import-untyped]
import msgspec
from gevent.event import Event  # type: ignore[import-untyped]
from locust.stats import RequestStats

from harness.clocks.hosts import Hosts
from harness.schedule import Pacer
from harness.swarm.collection import Collection
from harness.swarm.course import (
    Act,
    Close,
    Conclude,
    Course,
    Finish,
    Order,
    Start,
    Stop,
    View,
    Visit,
)
from harness.swarm.load_records import Ending, planned, totals
from harness.swarm.plan import LoadPlan, Model, encode_plan
from harness.swarm.reports import decode_report
from harness.swarm.setup import Setup
from scenarios.broker import Broker
from scenarios.hosts import cores, host_name
from scenarios.player import Orders
from scenarios.post import Post, Subject
from scenarios.progress import Progress, Speedometer
from scenarios.stats import show
from scenarios.timekeeper import Timekeeper
from schemas.records import OwnFault, PartEnded, Record

_TICK_S = 0.05
_ASK_S = 0.2
_PROGRESS_S = 1.0
_SEARCH_S = 1.0

Write = Callable[[Record], None]
Show = Callable[[Progress], None]


class Desk:
    """Where the master's outputs go: records of the run log, and progress about once a second."""

    def __init__(self, write: Write, show: Show, stats: RequestStats) -> None:
        self.write, self.show, self.stats = write, show, stats


class Run(NamedTuple):
    """What to do, where its outputs go, and how many participants are to settle before t0.

    ``travelling`` is the plan as workers are told it; None: as it is.
    """

    setup: Setup
    desk: Desk
    expected: Callable[[], int]
    travelling: LoadPlan | None = None


class Master:
    """One run from its start on. ``done`` is set when every record has been written.

    ``expected`` tells how many participants are to settle before t0.
    """

    def __init__(self, run: Run, post: Post, workers: int) -> None:
        setup, desk, plan = run.setup, run.desk, run.setup.plan
        self.plan: LoadPlan = plan
        self._travelling = run.travelling or plan
        self.done = Event()
        self.epoch_ns = time.monotonic_ns()
        self.course = Course(plan, self.epoch_ns)
        self.hosts = Hosts()
        self.collection = Collection(setup, workers, self.hosts)
        self._clocks = Timekeeper(post, self.hosts, lambda node: node in self.nodes)
        self._setup, self._post, self._desk = setup, post, desk
        self._broker = Broker(plan)
        self._workers: dict[str, int] = {}
        self._processes: dict[int, str] = {}
        self._worker_count, self._expected = workers, run.expected
        self._reports: deque[bytes] = deque()
        self._schedule: Pacer | None = None
        self._due = self._missing = 0
        self._stop_ns: int | None = None
        self._began: dict[str, int] = {}
        self._addresses: dict[int, int] = {}
        self._asked_at = self._shown_at = self._searched_at = 0.0
        self._speedometer = Speedometer(plan)
        desk.write(planned(setup, workers, self.epoch_ns))
        post.on(Subject.HELLO, self._on_hello)
        post.on(Subject.RESERVE, self._on_reserve)
        post.on(Subject.REPORT, lambda _, data: self._reports.append(data))
        post.on(Subject.FAILED, self._on_failed)
        gevent.spawn(self._conduct)

    def worker_gone(self, node: str, gone_ns: int | None = None) -> None:
        """The runner has lost a worker; by ``gone_ns`` its process had ended, if that is known."""
        if node in self._workers:
            self.collection.lose(self._workers[node], gone_ns)

    def all_gone(self) -> None:
        """No worker is left that could report."""
        for worker in range(self._worker_count):
            self.collection.lose(worker)

    def process_gone(self, pid: int) -> None:
        """A worker process of this host has ended."""
        node = self._processes.get(pid)
        if node is not None:
            self.worker_gone(node, time.monotonic_ns())

    # Messages

    def _on_hello(self, node: str, data: list[Any]) -> None:
        pid, host, addresses = data
        if host == host_name():
            self._processes[pid] = node
        worker = self._workers.setdefault(node, len(self._workers))
        self._addresses[worker] = addresses
        if worker >= self._worker_count:  # came after the start: the books do not know it
            return

        def instruct(base_ns: int) -> None:
            orders = Orders(encode_plan(self._travelling), worker, self.epoch_ns, base_ns)
            self._post.to_worker(node, Subject.PLAN, msgspec.msgpack.encode(orders))

        self._clocks.meet(node, worker, host, instruct)

    def _on_reserve(self, node: str, counts: list[int]) -> None:
        if self._workers.get(node, self._worker_count) < self._worker_count:
            grant = self._broker.reserve(*counts)
            self._post.to_worker(node, Subject.GRANT, msgspec.msgpack.encode(grant))

    def _on_failed(self, node: str, data: list[str]) -> None:
        message, trace = data
        fault = OwnFault(where="worker", message=message, traceback=trace)
        self._desk.write(fault)
        self.worker_gone(node)

    # The greenlet

    def _conduct(self) -> None:
        try:
            while self.course.act is not Act.DONE:
                self._take_reports()
                self._walk()
                self._clocks.tick()
                gevent.sleep(_TICK_S)
            self._take_reports()
        except Exception as error:
            self.course.fail(f"a fault in the master: {type(error).__name__}: {error}")
            raise
        finally:
            self._write_end()
            self.done.set()

    def _take_reports(self) -> None:
        while self._reports:
            for _ in self.collection.take(decode_report(self._reports.popleft())):
                gevent.sleep(0)

    def _walk(self) -> None:
        now_ns = time.monotonic_ns()
        for order in self.course.tick(now_ns, self._view()):
            self._carry_out(order)
        self._count_due(now_ns)
        self._ask_when_due()
        self._search_when_due()
        for second in self.collection.finished_seconds():
            self._desk.write(second)
        self._show_when_due(now_ns)

    def _view(self) -> View:
        collection = self.collection
        census, books = collection.census, collection.books
        return View(
            expected=self._expected(),
            workers=self._worker_count - len(collection.lost),
            known_ns=census.at_ns,
            census=census,
            opened=collection.connections["opened"],
            failed=collection.connections["failed"],
            granted=self._broker.customers,
            outstanding=books.outstanding,
            owing=tuple(books.owing()),
            finals=collection.finals,
            refusals=collection.refusals,
        )

    def _carry_out(self, order: Order) -> None:
        match order:
            case Start(t0_ns, customers):
                self.collection.start(t0_ns)
                census = self.collection.census
                self._missing = max(self._expected() - census.open - census.away, 0)
                self._schedule = self._made_schedule(t0_ns, customers)
                for node in self.nodes:
                    began_ns = self._there(node, t0_ns)
                    self._began[node] = began_ns
                    self._post.to_worker(node, Subject.START, [began_ns, customers])
            case Stop(at_ns):
                self._stop_ns = at_ns
                for node in self.nodes:
                    self._post.to_worker(node, Subject.STOP, self._stop_there(node, at_ns))
            case Visit(conversations):
                nodes = list(self.nodes)
                for place, node in enumerate(nodes):
                    share = list(conversations[place :: len(nodes)])
                    self._post.to_worker(node, Subject.VISIT, share)
            case Conclude(quiet):
                self._clocks.look_now()
                self._tell_all(Subject.CONCLUDE, quiet)
            case Close(at_ns, complete):
                self.collection.close(at_ns, complete=complete)
                self._search()
            case Finish():
                self._tell_all(Subject.FINISH)

    def _there(self, node: str, at_ns: int) -> int:
        """``at_ns`` on the clock of the worker at ``node``."""
        clock = self.hosts.clock_of(self._workers[node])
        return at_ns if clock is None else clock.reading.there_ns(at_ns)

    def _stop_there(self, node: str, at_ns: int) -> int:
        """The same entries of the schedule everywhere, however a clock has drifted since t0."""
        began_ns, t0_ns = self._began.get(node), self.course.t0_ns
        if began_ns is None or t0_ns is None:
            return self._there(node, at_ns)
        return began_ns + at_ns - t0_ns

    def _made_schedule(self, t0_ns: int, customers: int) -> Pacer | None:
        """The whole schedule, only to count what is due: workers keep their own parts."""
        plan = self.plan
        if plan.model is Model.CLOSED:
            return None
        pacer = Pacer(plan.schedule(customers).entries())
        pacer.start(t0_ns)
        return pacer

    def _count_due(self, now_ns: int) -> None:
        if self._schedule is not None:
            until_ns = now_ns if self._stop_ns is None else min(now_ns, self._stop_ns)
            self._due += len(self._schedule.due(until_ns))

    def _ask_when_due(self) -> None:
        """Outside the loaded part reports are wanted more often than workers send them."""
        now = time.monotonic()
        if self.course.act is Act.RUNNING or now < self._asked_at + _ASK_S:
            return
        self._asked_at = now
        self._tell_all(Subject.ASK)

    def _search_when_due(self) -> None:
        now = time.monotonic()
        if now >= self._searched_at + _SEARCH_S:
            self._searched_at = now
            self._search()

    def _search(self) -> None:
        """Ask the workers for frames while they still have them."""
        wanted = self.collection.wanted_frames()
        if wanted:
            self._tell_all(Subject.SHOW, wanted)

    def _show_when_due(self, now_ns: int) -> None:
        now = time.monotonic()
        if now >= self._shown_at + _PROGRESS_S:
            self._shown_at = now
            due = self._due
            self._desk.show(self._speedometer.read(now_ns, self.course, self.collection, due))
            for name, histogram in self.collection.joined_latencies():
                show(self._desk.stats, name, histogram)

    def _tell_all(self, subject: Subject, data: object = None) -> None:
        for node in self.nodes:
            self._post.to_worker(node, subject, data)

    @property
    def nodes(self) -> list[str]:
        """The workers that take part and are not lost."""
        lost = self.collection.lost
        return [
            node
            for node, worker in self._workers.items()
            if worker < self._worker_count and worker not in lost
        ]

    # The end

    def _write_end(self) -> None:
        collection, course = self.collection, self.course
        now_ns = time.monotonic_ns()
        collection.close(now_ns, complete=False)
        for second in collection.finished_seconds(now_ns):
            self._desk.write(second)
        self._count_due(now_ns)
        due = max(
            self._due, collection.counts["scheduled_sent"]
        )  # the closed model has no schedule
        origin_ns = self.epoch_ns if course.t0_ns is None else course.t0_ns
        saturation = self.plan.saturation
        ending = Ending(due, self._missing, origin_ns, cores(), self._addresses, saturation)
        for record in totals(self._setup, collection, ending):
            self._desk.write(record)
        self._desk.write(
            PartEnded(
                name="load",
                duration_s=round(course.elapsed_s, 3),
                complete=course.complete,
                reason=course.reason,
            )
        )
