"""The hall against an independent model: whatever happens in whatever order, the promises hold.

The model is naive on purpose: per conversation a list of messages, per side the set of those read,
per connection the list of those it was sent. It knows no watermarks and no desk. Every message is
said at a millisecond of its own, by which it is recognised.
"""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from reference_server.hall import Hall
from reference_server.outgoing import Output
from reference_server.steps import Step
from reference_server.times import rfc3339
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, receipt, text
from schemas.words import MsgStatus, Role

CUSTOMERS = ("C1", "C2", "C3")
STAFF = ("S1", "S2", "S3")
PICK = st.integers(0, 11)


@dataclass
class Talk:
    """A conversation as the model sees it: (side, time) in order; indexes read, per side."""

    said: list[tuple[Role, str]] = field(default_factory=list)
    read: dict[Role, set[int]] = field(default_factory=lambda: {role: set() for role in Role})
    staff: int | None = None

    def unread(self, reader: Role) -> list[int]:
        return [
            index
            for index, (side, _) in enumerate(self.said)
            if side is reader.other and index not in self.read[reader]
        ]


@dataclass
class Line:
    """A connection as the model sees it."""

    identity: Identity
    case: str | None = None
    sent: dict[str, list[int]] = field(default_factory=dict)
    own: set[tuple[str, int]] = field(default_factory=set)


class HallMachine(RuleBasedStateMachine):
    """Random logins, departures, words, receipts, confirms and closings."""

    def __init__(self) -> None:
        super().__init__()
        self.hall = Hall()
        self.lines: dict[int, Line] = {}
        self.talks: dict[str, Talk] = {}
        self.serial = 0
        self.logins = 0

    @initialize()
    def a_small_cast_is_there(self) -> None:
        for sn in CUSTOMERS[:2]:
            self.customer_logs_in(sn)
        for sn in STAFF[:2]:
            self.staff_logs_in(sn)

    @rule(sn=st.sampled_from(CUSTOMERS))
    def customer_logs_in(self, sn: str) -> None:
        self.talks.setdefault(sn, Talk())
        self._login(Identity(sn, Role.CUSTOMER, sn))

    @rule(sn=st.sampled_from(STAFF))
    def staff_logs_in(self, sn: str) -> None:
        self._login(Identity(sn, Role.STAFF, sn))

    @precondition(lambda self: self.lines)
    @rule(pick=PICK)
    def somebody_leaves(self, pick: int) -> None:
        number = self._pick(pick)
        line = self.lines.pop(number)
        if line.case is not None:
            self.talks[line.case].staff = None
        self._observe(self.hall.leave(number))

    @precondition(lambda self: self.lines)
    @rule(pick=PICK, read=st.booleans())
    def somebody_speaks(self, pick: int, read: bool) -> None:
        number = self._pick(pick)
        self._say(number, text("words", read=read), self._case_of(number))

    @precondition(lambda self: self._customers())
    @rule(pick=PICK, read=st.booleans())
    def a_customer_speaks(self, pick: int, read: bool) -> None:
        number = self._pick(pick, self._customers())
        self._say(number, text("words", read=read), self._case_of(number))

    @precondition(lambda self: self.lines)
    @rule(pick=PICK)
    def somebody_reads(self, pick: int) -> None:
        number = self._pick(pick)
        self._say(number, receipt(), self._case_of(number))

    @precondition(lambda self: self._staff(idle=True))
    @rule(pick=PICK, sn=st.sampled_from(CUSTOMERS), read=st.booleans())
    def idle_staff_confirms(self, pick: int, sn: str, read: bool) -> None:
        self._confirm(self._pick(pick, self._staff(idle=True)), sn, read=read)

    @precondition(lambda self: self._staff(idle=False))
    @rule(pick=PICK, sn=st.sampled_from(CUSTOMERS))
    def bound_staff_confirms(self, pick: int, sn: str) -> None:
        self._confirm(self._pick(pick, self._staff(idle=False)), sn, read=True)

    @precondition(lambda self: self._staff(idle=False))
    @rule(pick=PICK, read=st.booleans())
    def staff_closes_its_case(self, pick: int, read: bool) -> None:
        number = self._pick(pick, self._staff(idle=False))
        sn = self.lines[number].case
        assert sn is not None
        self.lines[number].case = None
        self.talks[sn].staff = None
        self._say(number, assignment(sn, read=read), sn)

    @precondition(lambda self: self._staff(idle=True))
    @rule(pick=PICK, sn=st.sampled_from(CUSTOMERS))
    def idle_staff_closes_another_s_case(self, pick: int, sn: str) -> None:
        self._say(self._pick(pick, self._staff(idle=True)), assignment(sn, read=True), None)

    def _confirm(self, number: int, sn: str, *, read: bool) -> None:
        line = self.lines[number]
        free = line.case is None and sn in self.talks and self.talks[sn].staff is None
        if free:
            line.case = sn
            self.talks[sn].staff = number
        self._say(number, confirm(sn, read=read), sn if free else None)

    def _pick(self, pick: int, among: list[int] | None = None) -> int:
        numbers = among or list(self.lines)
        return numbers[pick % len(numbers)]

    def _customers(self) -> list[int]:
        return [n for n, line in self.lines.items() if line.identity.role is Role.CUSTOMER]

    def _staff(self, *, idle: bool) -> list[int]:
        return [
            n
            for n, line in self.lines.items()
            if line.identity.role is Role.STAFF and (line.case is None) is idle
        ]

    def _login(self, identity: Identity) -> None:
        self.logins += 1
        number = self.logins
        self.lines[number] = Line(identity)
        step = self.hall.login(number, identity)
        assert step.frames[0].connection == number
        assert step.frames[0].output.status is MsgStatus.LOGIN
        self._observe(step)

    def _case_of(self, number: int) -> str | None:
        line = self.lines[number]
        return line.identity.sn if line.identity.role is Role.CUSTOMER else line.case

    def _say(self, number: int, message: InMsg, sn: str | None) -> None:
        """Say it; ``sn`` is the conversation that takes it, None when it must be refused."""
        self.serial += 1
        side = self.lines[number].identity.role
        if sn is not None and message.read:
            sent = self.lines[number].sent.get(sn, [])
            newest = max(sent, default=-1)
            self.talks[sn].read[side] |= set(range(newest + 1))
        if sn is not None and message.content:
            self.lines[number].own.add((sn, len(self.talks[sn].said)))
            self.talks[sn].said.append((side, rfc3339(self.serial)))
        step = self.hall.handle(number, message, self.serial)
        answers = [each for each in step.frames if each.output.status is MsgStatus.SEND]
        assert [each.connection for each in answers] == [number]
        assert answers[0].output.result is (sn is not None)
        if sn is None:
            assert (len(step.frames), step.records) == (1, [])
        self._observe(step)

    def _observe(self, step: Step) -> None:
        for frame in step.frames:
            if frame.output.status is MsgStatus.RECEIVE and frame.connection in self.lines:
                self._receive(self.lines[frame.connection], frame.output)

    def _receive(self, line: Line, output: Output) -> None:
        msg = output.msg
        assert msg is not None
        role = line.identity.role
        from_customer = msg.send_type is Role.CUSTOMER
        sn = msg.send_sn if from_customer else line.identity.sn
        talk = self.talks[sn]
        if role is Role.STAFF:
            assert line.case in (None, sn), "a bound staff connection hears its customer alone"
            assert from_customer
        else:
            assert sn == line.identity.sn
        sent = line.sent.setdefault(sn, [])
        said = (msg.send_type, msg.time)
        newer = range(max(sent, default=-1) + 1, len(talk.said))
        index = next((each for each in newer if talk.said[each] == said), None)
        assert index is not None, f"{said} came twice, out of order, or was never said"
        assert (sn, index) not in line.own, "nobody is sent its own words where it said them"
        assert output.unread == len(talk.unread(role))
        sent.append(index)

    @invariant()
    def every_customer_device_was_sent_what_is_unread(self) -> None:
        for line in self.lines.values():
            if line.identity.role is Role.CUSTOMER:
                sn = line.identity.sn
                assert set(self.talks[sn].unread(Role.CUSTOMER)) <= set(line.sent.get(sn, []))

    @invariant()
    def a_bound_staff_connection_was_sent_what_is_unread(self) -> None:
        for line in self.lines.values():
            if line.case is not None:
                unread = self.talks[line.case].unread(Role.STAFF)
                assert set(unread) <= set(line.sent.get(line.case, []))

    @invariant()
    def what_nobody_attends_to_was_offered_in_full_to_some_idle_connection(self) -> None:
        idle = [self.lines[number] for number in self._staff(idle=True)]
        for sn, talk in self.talks.items():
            unread = set(talk.unread(Role.STAFF))
            if talk.staff is None and unread and idle:
                assert any(unread <= set(line.sent.get(sn, [])) for line in idle)


TestHall = HallMachine.TestCase
TestHall.settings = settings(
    max_examples=150,
    stateful_step_count=50,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
