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
from harness.swarm.collection import Collection
from harness.swarm.course import Act, Course, View
from harness.swarm.load_records import Ending, planned, totals
from harness.swarm.orders import Close, Conclude, Finish, Order, Start, Stop, Visit
from harness.swarm.plan import LoadPlan, encode_plan
from harness.swarm.reports import decode_report
from harness.swarm.setup import Setup
from scenarios.broker import Broker
from scenarios.crew import Crew
from scenarios.dispatch import Dispatch
from scenarios.due_count import DueCount
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


class _Lost(NamedTuple):
    """Nothing more will come of ``worker``: counts after what had come of it before."""

    worker: int
    gone_ns: int | None


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
        self._crew = Crew(workers, self.collection.lost)
        self._expected = run.expected
        self._mail: deque[bytes | _Lost] = deque()
        self._due = DueCount(plan)
        self._missing = 0
        self._dispatch = Dispatch(post, self._crew, self.hosts)
        self._asked_at = self._shown_at = self._searched_at = 0.0
        self._speedometer = Speedometer(plan)
        desk.write(planned(setup, workers, self.epoch_ns))
        post.on(Subject.HELLO, self._on_hello)
        post.on(Subject.RESERVE, self._on_reserve)
        post.on(Subject.REPORT, lambda _, data: self._mail.append(data))
        post.on(Subject.FAILED, self._on_failed)
        gevent.spawn(self._conduct)

    def worker_gone(self, node: str, gone_ns: int | None = None) -> None:
        """The runner has lost a worker; by ``gone_ns`` its process had ended, if that is known."""
        worker = self._crew.number(node)
        if worker is not None:
            self._mail.append(_Lost(worker, gone_ns))

    def all_gone(self) -> None:
        """No worker is left that could report."""
        self._mail.extend(_Lost(worker, None) for worker in range(self._crew.size))

    def process_gone(self, pid: int) -> None:
        """A worker process of this host has ended."""
        node = self._crew.node_of(pid)
        if node is not None:
            self.worker_gone(node, time.monotonic_ns())

    # Messages

    def _on_hello(self, node: str, data: list[Any]) -> None:
        pid, host, addresses = data
        if host == host_name():
            self._crew.is_process(node, pid)
        worker = self._crew.enlist(node, addresses)
        if worker is None:
            return

        def instruct(base_ns: int) -> None:
            orders = Orders(encode_plan(self._travelling), worker, self.epoch_ns, base_ns)
            self._post.to_worker(node, Subject.PLAN, msgspec.msgpack.encode(orders))

        self._clocks.meet(node, worker, host, instruct)

    def _on_reserve(self, node: str, counts: list[int]) -> None:
        if self._crew.number(node) is not None:
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
                self._take_mail()
                self._walk()
                self._clocks.tick()
                gevent.sleep(_TICK_S)
            self._take_mail()
        except Exception as error:
            self.course.fail(f"a fault in the master: {type(error).__name__}: {error}")
            raise
        finally:
            self._write_end()
            self.done.set()

    def _take_mail(self) -> None:
        while self._mail:
            mail = self._mail.popleft()
            if isinstance(mail, _Lost):
                self.collection.lose(mail.worker, mail.gone_ns)
                continue
            for _ in self.collection.take(decode_report(mail)):
                gevent.sleep(0)

    def _walk(self) -> None:
        now_ns = time.monotonic_ns()
        for order in self.course.tick(now_ns, self._view()):
            self._carry_out(order)
        self._due.count(now_ns)
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
            workers=self._crew.size - len(collection.lost),
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
                self._due.start(t0_ns, customers)
                self._dispatch.start(t0_ns, customers)
            case Stop(at_ns):
                self._due.stop(at_ns)
                self._dispatch.stop(at_ns)
            case Visit(conversations):
                self._dispatch.visit(conversations)
            case Conclude(quiet):
                self._clocks.look_now()
                self._dispatch.tell_all(Subject.CONCLUDE, quiet)
            case Close(at_ns, complete):
                self.collection.close(at_ns, complete=complete)
                self._search()
            case Finish():
                self._dispatch.tell_all(Subject.FINISH)

    def _ask_when_due(self) -> None:
        """Outside the loaded part reports are wanted more often than workers send them."""
        now = time.monotonic()
        if self.course.act is Act.RUNNING or now < self._asked_at + _ASK_S:
            return
        self._asked_at = now
        self._dispatch.tell_all(Subject.ASK)

    def _search_when_due(self) -> None:
        now = time.monotonic()
        if now >= self._searched_at + _SEARCH_S:
            self._searched_at = now
            self._search()

    def _search(self) -> None:
        """Ask the workers for frames while they still have them."""
        wanted = self.collection.wanted_frames()
        if wanted:
            self._dispatch.tell_all(Subject.SHOW, wanted)

    def _show_when_due(self, now_ns: int) -> None:
        now = time.monotonic()
        if now >= self._shown_at + _PROGRESS_S:
            self._shown_at = now
            due = self._due.total
            self._desk.show(self._speedometer.read(now_ns, self.course, self.collection, due))
            for name, histogram in self.collection.joined_latencies():
                show(self._desk.stats, name, histogram)

    @property
    def nodes(self) -> list[str]:
        """The workers that take part and are not lost."""
        return self._crew.nodes

    # The end

    def _write_end(self) -> None:
        collection, course = self.collection, self.course
        now_ns = time.monotonic_ns()
        collection.close(now_ns, complete=False)
        for second in collection.finished_seconds(now_ns):
            self._desk.write(second)
        self._due.count(now_ns)
        due = max(
            self._due.total, collection.counts["scheduled_sent"]
        )  # the closed model has no schedule
        origin_ns = self.epoch_ns if course.t0_ns is None else course.t0_ns
        saturation = self.plan.saturation
        ending = Ending(due, self._missing, origin_ns, cores(), self._crew.addresses, saturation)
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
