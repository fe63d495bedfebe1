"""The course of a load run, seen from the master: gather, run, drain, visit, close, finish.

A pure state machine: what is known goes in at each tick, orders for the workers come out. Reads no
clock, sends nothing. Source: measurement §1 (t0) and §3 (drain).

    GATHERING → RUNNING → DRAINING → VISITING → CLOSING → FINISHING → DONE
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from harness.swarm.orders import Close, Conclude, Finish, Order, Start, Stop, Visit
from harness.swarm.plan import LoadPlan
from harness.swarm.reports import Census, Refusal

_NS = 1_000_000_000
_LEAD_NS = 300_000_000  # from the order to t0: for the order to travel
_STOP_LEAD_NS = 200_000_000  # from an early stop's order to its time: for the order to travel
_NEWS_NS = 200_000_000  # what is known must be so much later than an order to show its effect
_VISITABLE_NS = 500_000_000
_FINAL_S = 6.0
_IN_VAIN_S = 5.0  # frames came for so long, and nothing that anybody waits for was among them
_HURRY_S = 3.0  # what still has to be done in a drain that was cut short
_HOPELESS_AFTER = 3  # failed connects, when none ever succeeded
_HOPELESS_S = 0.8
_VISIT_ROUNDS = 2


class Act(StrEnum):
    """Where the run stands."""

    GATHERING = "gathering"
    RUNNING = "running"
    DRAINING = "draining"
    VISITING = "visiting"
    CLOSING = "closing"
    FINISHING = "finishing"
    DONE = "done"


class View(msgspec.Struct, frozen=True):
    """What the master knows at a tick, over all live workers.

    ``expected`` participants are to settle before t0.
    ``known_ns``: the least recent census is of this time. ``granted`` customers take part.
    ``outstanding`` is what the books wait for, ``owing`` the conversations that owe something to
    their staff side. ``finals`` counts workers that have reported a last time.
    """

    expected: int
    workers: int
    known_ns: int
    census: Census
    opened: int
    failed: int
    granted: int
    outstanding: int
    owing: Sequence[int]
    finals: int
    refusals: Sequence[Refusal] = ()


class Course:
    """``complete`` and ``reason`` say afterwards whether all of it happened, and why not."""

    def __init__(self, plan: LoadPlan, now_ns: int) -> None:
        self.act = Act.GATHERING
        self.t0_ns: int | None = None
        self.stop_ns: int | None = None
        self.complete = True
        self.reason = ""
        self.hopeless: Refusal | None = None
        self._plan = plan
        self._began_ns = self._entered_ns = self._connected_ns = now_ns
        self._interrupted = ""
        self._asked_to_end = False
        self._hurried = False
        self._cut_short = False
        self._missing: tuple[int, ...] = ()
        self._progress_ns = now_ns
        self._rounds = 0

    def interrupt(self, reason: str) -> None:
        """Somebody wants the run to end early: it is drained and kept. A second time: at once."""
        if self._interrupted:
            self._hurried = True
        self._interrupted = self._interrupted or reason

    def end(self) -> None:
        """The run was to last until now: it is drained and complete."""
        self._asked_to_end = True

    def fail(self, reason: str) -> None:
        """The master itself cannot go on."""
        self._fall_short(reason)
        self.act = Act.DONE

    @property
    def elapsed_s(self) -> float:
        """The length of the loaded part, once it has been stopped."""
        if self.t0_ns is None or self.stop_ns is None:
            return 0.0
        return max(self.stop_ns - self.t0_ns, 0) / _NS

    def tick(self, now_ns: int, view: View) -> list[Order]:
        """What is to be ordered now."""
        self._note_progress(now_ns, view)
        match self.act:
            case Act.GATHERING:
                return self._gather(now_ns, view)
            case Act.RUNNING:
                return self._run(now_ns, view)
            case Act.DRAINING:
                return self._drain(now_ns, view)
            case Act.VISITING:
                return self._visit(now_ns, view)
            case Act.CLOSING:
                return self._close(now_ns, view)
            case Act.FINISHING:
                self._await_finals(now_ns, view)
        return []

    def _gather(self, now_ns: int, view: View) -> list[Order]:
        waited_s = (now_ns - self._began_ns) / _NS
        if view.census.settled >= max(view.expected, 1):
            return self._start(now_ns, view)
        early = self._interrupted or ("stopped before it began" if self._asked_to_end else "")
        if early or not view.workers:
            return self._abandon(now_ns, early or "every worker was lost")
        hopeless = view.failed >= min(_HOPELESS_AFTER, view.expected)
        if not view.opened and hopeless and waited_s >= _HOPELESS_S and view.refusals:
            self.hopeless = max(view.refusals, key=lambda refusal: refusal.count)
            return self._abandon(now_ns, "nobody could log in")
        if waited_s < self._plan.limits.connect_deadline_s:
            return []
        if not view.census.open:
            return self._abandon(now_ns, "nobody logged in before the deadline")
        return self._start(now_ns, view)

    def _start(self, now_ns: int, view: View) -> list[Order]:
        self._enter(Act.RUNNING, now_ns)
        self.t0_ns = self._connected_ns = now_ns + _LEAD_NS
        return [Start(self.t0_ns, max(view.granted, 1))]

    def _run(self, now_ns: int, view: View) -> list[Order]:
        assert self.t0_ns is not None
        end_ns = self.t0_ns + int(self._plan.until_s * _NS)
        if view.census.open or view.census.joined == view.census.away > 0:
            self._connected_ns = now_ns
        soon_ns = min(now_ns + _STOP_LEAD_NS, end_ns)
        if now_ns >= end_ns or self._asked_to_end:
            return self._stop(soon_ns, now_ns)
        early = self._interrupted
        if not view.workers:
            early = "every worker was lost"
        elif (now_ns - self._connected_ns) / _NS > self._plan.limits.give_up_s:
            early = "the target was lost: no connection is open any more"
        if not early:
            return []
        self._fall_short(early)
        return self._stop(soon_ns, now_ns)

    def _stop(self, at_ns: int, now_ns: int) -> list[Order]:
        self.stop_ns = at_ns
        self._enter(Act.DRAINING, max(at_ns, now_ns))
        return [Stop(at_ns)]

    def _drain(self, now_ns: int, view: View) -> list[Order]:
        if view.known_ns < self._entered_ns + _NEWS_NS and not self._late(now_ns, view):
            return []
        if not view.census.open:  # nobody is left who could visit, or get anything
            return self._conclude(now_ns)
        over = not view.outstanding or self._quiet(now_ns, view) or self._late(now_ns, view)
        return self._send_visitors(now_ns, view) if over or self._only_owed(now_ns, view) else []

    def _only_owed(self, now_ns: int, view: View) -> bool:
        """Nothing is under way any more, but conversations wait for a visit: no use in waiting."""
        still = self._silent_ns(now_ns, view) >= _VISITABLE_NS
        return still and bool(view.owing) and not view.census.outstanding

    def _send_visitors(self, now_ns: int, view: View) -> list[Order]:
        self._enter(Act.VISITING, now_ns)
        self._rounds += 1
        return [Visit(tuple(sorted(view.owing)))]

    def _visit(self, now_ns: int, view: View) -> list[Order]:
        late = self._late(now_ns, view)
        fresh = view.known_ns >= self._entered_ns + _NEWS_NS
        busy = view.census.visiting > 0
        if not late and (not fresh or (busy and not self._quiet(now_ns, view))):
            return []
        if not late and view.outstanding and not self._quiet(now_ns, view):
            return []
        if not late and view.owing and self._rounds < _VISIT_ROUNDS:
            return self._send_visitors(now_ns, view)
        return self._conclude(now_ns)

    def _conclude(self, now_ns: int) -> list[Order]:
        """Give up what has no answer yet; in a hurry it only ends with its connection, for an
        answer that is under way would count as one that nobody asked for.
        """
        if self._hurried:
            self._enter(Act.FINISHING, now_ns)
            return [Close(now_ns, complete=False), Finish()]
        self._enter(Act.CLOSING, now_ns)
        return [Conclude(not self._cut_short)]

    def _close(self, now_ns: int, view: View) -> list[Order]:
        if view.known_ns < self._entered_ns + _NEWS_NS and not self._late(now_ns, view):
            return []
        self._enter(Act.FINISHING, now_ns)
        return [Close(now_ns, not self._cut_short), Finish()]

    def _await_finals(self, now_ns: int, view: View) -> None:
        waited_s = (now_ns - self._entered_ns) / _NS
        if view.finals >= view.workers:
            self.act = Act.DONE
        elif waited_s > _FINAL_S or self._hurried:
            self._fall_short("a worker did not report a last time")
            self.act = Act.DONE

    def _abandon(self, now_ns: int, reason: str) -> list[Order]:
        self._fall_short(reason)
        self._cut_short = True
        self._enter(Act.FINISHING, now_ns)
        return [Close(now_ns, complete=False), Finish()]

    def _quiet(self, now_ns: int, view: View) -> bool:
        """No frame anywhere for max(2 s, three times the largest latency)."""
        longest_ns = max(int(self._plan.limits.quiet_s * _NS), 3 * view.census.largest_us * 1000)
        return self._silent_ns(now_ns, view) >= longest_ns

    def _silent_ns(self, now_ns: int, view: View) -> int:
        """For how long no frame has come in this act, as far as is known."""
        return min(now_ns, view.known_ns) - max(view.census.last_frame_ns, self._entered_ns)

    def _note_progress(self, now_ns: int, view: View) -> None:
        """Remember since when nothing has come that anybody waits for."""
        census = view.census
        missing = (view.outstanding, len(view.owing), census.outstanding, census.visiting)
        if missing != self._missing:
            self._missing, self._progress_ns = missing, now_ns

    def _in_vain(self, view: View) -> bool:
        """Frames come without end, and only such as nobody waits for."""
        longest_ns = max(int(_IN_VAIN_S * _NS), 3 * view.census.largest_us * 1000)
        since_ns = max(self._progress_ns, self._entered_ns)
        return view.census.last_frame_ns - since_ns >= longest_ns

    def _late(self, now_ns: int, view: View) -> bool:
        """Whether this act must end now, whatever is missing."""
        waited_s = (now_ns - self._entered_ns) / _NS
        limit_s = self._plan.limits.drain_s
        if self._cut_short:
            limit_s = min(limit_s, _HURRY_S)
        late = waited_s >= limit_s or self._hurried or self._in_vain(view) or not view.workers
        if late and (view.outstanding or self._hurried):
            self._cut_short = True
            self._fall_short("the drain was cut short")
        return late

    def _fall_short(self, reason: str) -> None:
        self.complete = False
        self.reason = self.reason or reason

    def _enter(self, act: Act, now_ns: int) -> None:
        self.act = act
        self._entered_ns = now_ns
