"""Who is there when, as planned from the seed alone."""

from collections import defaultdict
from itertools import pairwise

import pytest

from harness.attendance import BEFORE_NS, NEVER_NS, TURNAROUND_NS, Attendance, Stay
from harness.populations.habits import (
    Coming,
    CustomerHabits,
    Distribution,
    Reconnects,
    Sessions,
    Span,
)
from harness.schedule import Schedule

NS = 1_000_000_000
VISITS = CustomerHabits(
    coming=Coming.POISSON, sessions=Sessions(2.0, Span(4.0, Distribution.EXPONENTIAL))
)


def attendance(habits: CustomerHabits, customers: int = 10, seconds: float = 60.0) -> Attendance:
    return Attendance(3, customers, seconds, habits)


def by_customer(stays: list[Stay]) -> dict[int, list[Stay]]:
    found: dict[int, list[Stay]] = defaultdict(list)
    for stay in stays:
        found[stay.customer].append(stay)
    return found


def test_together_all_are_there_all_the_time() -> None:
    stays = list(attendance(CustomerHabits(), 3).stays())
    assert stays == [Stay(BEFORE_NS, NEVER_NS, number) for number in range(3)]


def test_a_ramp_brings_them_one_by_one() -> None:
    stays = list(attendance(CustomerHabits(coming=Coming.RAMP, ramp_s=2.0), 4).stays())
    assert [stay.on_ns / NS for stay in stays] == [0.0, 0.5, 1.0, 1.5]


def test_sessions_never_overlap_on_one_account_and_come_in_order() -> None:
    stays = list(attendance(VISITS).stays())
    assert all(one.on_ns <= other.on_ns for one, other in pairwise(stays))
    for own in by_customer(stays).values():
        assert all(b.on_ns - a.off_ns >= TURNAROUND_NS for a, b in pairwise(own))


def test_sessions_come_as_often_and_last_as_long_as_asked() -> None:
    stays = list(attendance(VISITS, 100, 2_000.0).stays())
    assert len(stays) == pytest.approx(4_000, rel=0.06)
    lengths = [(stay.off_ns - stay.on_ns) / NS for stay in stays]
    assert sum(lengths) / len(lengths) == pytest.approx(4.0, rel=0.08)


def test_with_the_accounts_that_are_needed_no_session_waits_and_with_one_less_one_does() -> None:
    needed = attendance(VISITS).accounts_needed()
    assert not any(stay.waited_ns for stay in attendance(VISITS, needed).stays())
    assert any(stay.waited_ns for stay in attendance(VISITS, needed - 1).stays())


def test_reconnects_come_every_so_often_within_their_time() -> None:
    habits = CustomerHabits(reconnects=Reconnects(10.0, share=0.5, within_s=2.0, away_s=0.5))
    stays = list(attendance(habits, 200).stays())
    drops = [stay.off_ns / NS for stay in stays if stay.off_ns != NEVER_NS]
    assert all(0 <= drop % 10 <= 2 for drop in drops)
    assert len(drops) == pytest.approx(5 * 100, rel=0.15)
    for own in by_customer(stays).values():
        assert all(b.on_ns - a.off_ns == NS // 2 for a, b in pairwise(own))
        assert (own[0].on_ns, own[-1].off_ns) == (BEFORE_NS, NEVER_NS)


def test_only_those_speak_who_are_there_and_do_more_than_listen() -> None:
    habits = CustomerHabits(
        coming=Coming.POISSON, sessions=Sessions(1.0, Span(5.0)), idle_share=0.25
    )
    plan = attendance(habits, 8)
    stays = by_customer(list(plan.stays()))
    entries = list(Schedule(3, 40.0, 60.0, 8, attendance=plan).entries())
    assert len(entries) > 1_000
    for entry in entries:
        own = stays[entry.participant]
        assert any(s.on_ns < entry.offset_ns < s.off_ns for s in own)
    speakers = {entry.participant for entry in entries}
    assert speakers == {number for number in range(8) if not habits.listens(number)}
    assert len(speakers) == 6


def test_nothing_is_due_while_nobody_is_there() -> None:
    habits = CustomerHabits(coming=Coming.POISSON, sessions=Sessions(0.05, Span(3.0)))
    schedule = Schedule(3, 20.0, 60.0, 2, attendance=attendance(habits, 2))
    assert 0 < len(list(schedule.entries())) < schedule.count


def test_the_union_of_the_workers_is_the_schedule_of_those_who_come_and_go() -> None:
    schedule = Schedule(3, 50.0, 60.0, 12, attendance=attendance(VISITS, 12))
    parts = [e for w in range(4) for e in schedule.entries(set(range(w, 12, 4)))]
    assert sorted(parts) == list(schedule.entries())
