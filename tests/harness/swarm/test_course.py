"""The course of a run as a state machine, with no clock but the test's."""

from typing import Any

import msgspec

from harness.swarm.course import Act, Course, View
from harness.swarm.orders import Close, Conclude, Finish, Start, Stop, Visit
from harness.swarm.plan import Limits
from harness.swarm.reports import Census, Refusal
from tests.harness.swarm.simulation import plan_for

NS = 1_000_000_000
T0 = 100 * NS


class Walk:
    """A course with the master's knowledge at hand; ``at`` is seconds since it began."""

    def __init__(self, **plan: Any) -> None:
        self.course = Course(plan_for(**plan), T0)
        self.view = View(
            expected=3,
            workers=1,
            known_ns=T0,
            census=Census(),
            opened=0,
            failed=0,
            granted=2,
            outstanding=0,
            owing=(),
            finals=0,
        )

    def tick(self, at_s: float, *, known_s: float | None = None, **changes: Any) -> list[Any]:
        census_names = set(Census.__struct_fields__) - {"outstanding"}
        census = {name: changes.pop(name) for name in list(changes) if name in census_names}
        known_ns = T0 + int((at_s if known_s is None else known_s) * NS)
        counts = msgspec.structs.replace(self.view.census, at_ns=known_ns, **census)
        self.view = msgspec.structs.replace(self.view, known_ns=known_ns, census=counts, **changes)
        return self.course.tick(T0 + int(at_s * NS), self.view)

    def running(self) -> "Walk":
        self.tick(1.0, opened=3, open=3, settled=3)
        assert self.course.act is Act.RUNNING
        return self

    def stopped(self) -> "Walk":
        self.running().tick(3.4)
        assert self.course.act is Act.DRAINING
        return self


def test_t0_is_set_once_everybody_has_settled() -> None:
    walk = Walk()
    assert walk.tick(0.5, opened=3, open=3, settled=2) == []
    (start,) = walk.tick(1.0, settled=3)
    assert start == Start(T0 + int(1.3 * NS), 2)


def test_at_the_deadline_the_run_starts_with_those_who_came() -> None:
    walk = Walk(limits=Limits(connect_deadline_s=5.0))
    assert walk.tick(4.9, opened=2, open=2, settled=2) == []
    assert isinstance(walk.tick(5.0)[0], Start)


def test_nobody_at_the_deadline_ends_the_run() -> None:
    walk = Walk(limits=Limits(connect_deadline_s=5.0))
    orders = walk.tick(5.0)
    assert orders == [Close(T0 + 5 * NS, complete=False), Finish()]
    assert "nobody" in walk.course.reason


def test_a_target_that_refuses_everybody_ends_the_run_soon_with_its_cause() -> None:
    walk = Walk()
    refusal = Refusal("refused", "", 4)
    assert walk.tick(0.5, failed=4, refusals=(refusal,)) == []
    assert Finish() in walk.tick(1.0)
    assert walk.course.hopeless == refusal
    assert not walk.course.complete


def test_one_login_keeps_hope_alive() -> None:
    walk = Walk()
    assert walk.tick(2.0, opened=1, open=0, failed=9, refusals=(Refusal("refused", "", 9),)) == []


def test_the_run_stops_at_its_duration_and_not_a_tick_later() -> None:
    walk = Walk().running()
    assert walk.tick(3.2) == []
    assert walk.tick(3.4) == [Stop(T0 + int(3.3 * NS))]
    assert walk.course.elapsed_s == 2.0


def test_an_interrupt_stops_now_and_makes_it_incomplete() -> None:
    walk = Walk().running()
    walk.course.interrupt("interrupted")
    assert walk.tick(2.3) == [Stop(T0 + int(2.5 * NS))]
    assert (walk.course.complete, walk.course.reason) == (False, "interrupted")
    assert walk.course.elapsed_s == 1.2


def test_being_asked_to_end_is_no_interruption() -> None:
    walk = Walk(duration_s=None).running()
    walk.course.end()
    assert walk.tick(2.3) == [Stop(T0 + int(2.5 * NS))]
    assert walk.course.complete


def test_a_target_without_a_connection_for_long_ends_the_run() -> None:
    walk = Walk(duration_s=60.0, limits=Limits(give_up_s=5.0)).running()
    assert walk.tick(2.0, open=0) == []
    assert walk.tick(6.0) == []
    assert isinstance(walk.tick(6.5)[0], Stop)
    assert "target was lost" in walk.course.reason


def test_a_short_absence_of_all_connections_is_survived() -> None:
    walk = Walk(duration_s=60.0, limits=Limits(give_up_s=5.0)).running()
    walk.tick(2.0, open=0)
    walk.tick(5.0, open=3)
    assert walk.tick(9.0, open=0) == []


def test_the_drain_waits_for_what_is_outstanding() -> None:
    walk = Walk().stopped()
    frame_ns = T0 + int(4.0 * NS)
    assert walk.tick(4.0, outstanding=2, last_frame_ns=frame_ns) == []
    assert walk.tick(4.5, outstanding=0) == [Visit(())]


def test_the_drain_trusts_only_news_from_after_the_stop() -> None:
    walk = Walk().stopped()
    assert walk.tick(3.7, known_s=3.5) == []
    assert walk.tick(3.8, known_s=3.7) == [Visit(())]


def test_the_drain_ends_when_nothing_came_for_two_seconds() -> None:
    walk = Walk().stopped()
    frame_ns = T0 + int(3.5 * NS)
    assert walk.tick(5.4, outstanding=2, last_frame_ns=frame_ns) == []
    assert walk.tick(5.6) == [Visit(())]
    assert walk.course.complete


def test_the_drain_does_not_wait_for_what_only_a_visit_can_bring() -> None:
    walk = Walk().stopped()
    frame_ns = T0 + int(3.6 * NS)
    assert walk.tick(4.0, outstanding=2, last_frame_ns=frame_ns, owing=(1,)) == []
    assert walk.tick(4.2) == [Visit((1,))]


def test_quiet_is_three_times_the_largest_latency() -> None:
    walk = Walk().stopped()
    seen = {"outstanding": 1, "last_frame_ns": T0 + int(3.5 * NS), "largest_us": 3_000_000}
    assert walk.tick(12.0, **seen) == []
    assert isinstance(walk.tick(12.6)[0], Visit)


def test_a_drain_without_end_is_cut_short_and_proves_nothing() -> None:
    walk = Walk(limits=Limits(drain_s=10.0)).stopped()
    assert walk.tick(13.0, outstanding=1, last_frame_ns=T0 + 13 * NS) == []
    assert isinstance(walk.tick(13.5, last_frame_ns=T0 + 13 * NS)[0], Visit)
    assert walk.tick(23.6, last_frame_ns=T0 + 23 * NS) == [Conclude(quiet=False)]
    assert walk.tick(24.0)[0] == Close(T0 + 24 * NS, complete=False)
    assert walk.course.reason == "the drain was cut short"


def test_a_flood_of_what_nobody_waits_for_ends_the_drain_soon() -> None:
    walk = Walk().stopped()
    assert walk.tick(8.0, outstanding=3, last_frame_ns=T0 + 8 * NS) == []
    assert walk.tick(12.9, last_frame_ns=T0 + int(12.9 * NS)) == []
    assert walk.tick(13.0, last_frame_ns=T0 + 13 * NS) == [Visit(())]
    assert walk.course.reason == "the drain was cut short"
    assert walk.tick(15.9, visiting=1, last_frame_ns=T0 + int(15.9 * NS)) == []
    assert walk.tick(16.0, last_frame_ns=T0 + 16 * NS) == [Conclude(False)]


def test_what_still_comes_in_is_waited_for_however_much_else_does() -> None:
    walk = Walk().stopped()
    for second in range(4, 30):
        assert walk.tick(second, outstanding=40 - second, last_frame_ns=T0 + second * NS) == []


def test_after_the_visits_the_books_are_closed_and_everybody_leaves() -> None:
    walk = Walk().stopped()
    walk.tick(4.0)
    assert walk.tick(4.1, visiting=1) == []
    assert walk.tick(4.5, visiting=0) == [Conclude(quiet=True)]
    assert walk.tick(4.6, known_s=4.6) == []
    assert walk.tick(4.8) == [Close(T0 + int(4.8 * NS), complete=True), Finish()]
    assert walk.tick(5.0, finals=1) == []
    assert walk.course.act is Act.DONE
    assert walk.course.complete


def test_what_still_owes_after_a_visit_is_visited_once_more() -> None:
    walk = Walk().stopped()
    walk.tick(4.0, owing=(1,))
    assert walk.tick(4.5) == [Visit((1,))]
    assert walk.tick(5.0) == [Conclude(quiet=True)]


def test_without_a_connection_nobody_is_visited() -> None:
    walk = Walk().stopped()
    assert walk.tick(4.0, open=0, owing=(1,), outstanding=4) == [Conclude(quiet=True)]


def test_a_second_interrupt_ends_every_wait() -> None:
    walk = Walk().stopped()
    walk.course.interrupt("interrupted")
    walk.course.interrupt("interrupted")
    seen = {"outstanding": 5, "last_frame_ns": T0 + int(3.5 * NS)}
    orders = [order for tenth in range(36, 40) for order in walk.tick(tenth / 10, **seen)]
    assert walk.course.act is Act.DONE
    assert not walk.course.complete
    # an answer under way must find its message still waiting
    assert not any(isinstance(order, Conclude) for order in orders)
    assert orders[-1] == Finish()


def test_a_worker_that_never_reports_last_does_not_hold_up_the_end() -> None:
    walk = Walk().stopped()
    for second in (4.0, 4.5, 5.0, 11.1):
        walk.tick(second)
    assert walk.course.act is Act.DONE
    assert "last time" in walk.course.reason


def test_losing_every_worker_ends_the_run() -> None:
    walk = Walk(duration_s=60.0).running()
    assert isinstance(walk.tick(2.0, workers=0)[0], Stop)
    assert "worker" in walk.course.reason
