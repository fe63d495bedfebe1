"""The hall against an independent model: whatever happens in whatever order, the promises hold.

The model is naive on purpose: per conversation a list of messages, per side the set of those read,
per connection the list of those it was sent. It knows no watermarks and no desk. Every message is
said at a millisecond of its own, by which it is recognised. The same play runs in every mode that
changes what may be expected.
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

from reference_server.choice import chosen
from reference_server.dialect import Dialect
from reference_server.hall import Hall
from reference_server.outgoing import Output
from reference_server.steps import Step
from reference_server.times import rfc3339
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, receipt, text
from schemas.modes import AckMode, ReadReceipt, ReplayCount
from schemas.words import MessageType, MsgStatus, Role

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

    dialect = Dialect()

    def __init__(self) -> None:
        super().__init__()
        self.hall = Hall(self.dialect)
        self.lines: dict[int, Line] = {}
        self.talks: dict[str, Talk] = {}
        self.serial = 0
        self.receipt: tuple[Role, str] | None = None
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

    @precondition(lambda self: self.lines and self.dialect.has_receipts)
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
        if not self.dialect.case_lifecycle:
            self._say(number, assignment(sn, read=read), None)
            return
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
        logins = [each for each in step.frames if each.output.status is MsgStatus.LOGIN]
        assert logins == (step.frames[:1] if self.dialect.login_frame else [])
        assert {each.connection for each in step.frames} <= {number}
        if identity.role is Role.CUSTOMER and not self.dialect.replay_unread:
            assert step.frames == logins
        self._observe(step)

    def _case_of(self, number: int) -> str | None:
        line = self.lines[number]
        return line.identity.sn if line.identity.role is Role.CUSTOMER else line.case

    def _say(self, number: int, message: InMsg, sn: str | None) -> None:
        """Say it; ``sn`` is the conversation that takes it, None when it must be refused."""
        self.serial += 1
        side = self.lines[number].identity.role
        marks = self.dialect.read_receipt is not ReadReceipt.NONE
        if sn is not None and message.read and marks:
            sent = self.lines[number].sent.get(sn, [])
            newest = max(sent, default=-1)
            self.talks[sn].read[side] |= set(range(newest + 1))
        if sn is not None and message.content and self._is_passed_on(message):
            self.lines[number].own.add((sn, len(self.talks[sn].said)))
            self.talks[sn].said.append((side, rfc3339(self.serial)))
        self.receipt = (side, rfc3339(self.serial)) if sn and not message.content else None
        step = self.hall.handle(number, message, self.serial)
        self._check_answer(number, step, accepted=sn is not None)
        if sn is None:
            assert step.records == []
            assert len(step.frames) + len(step.closings) <= 1
        self._observe(step)

    def _is_passed_on(self, message: InMsg) -> bool:
        return message.type != MessageType.STAFF or self.dialect.case_lifecycle

    def _check_answer(self, number: int, step: Step, *, accepted: bool) -> None:
        """Exactly one answer, first of all frames and nobody else's (D21)."""
        answers = [each for each in step.frames if each.output.status is MsgStatus.SEND]
        if self.dialect.ack is AckMode.NONE or step.closings:
            assert answers == []
            return
        assert [each.connection for each in answers] == [number]
        assert answers[0] is step.frames[0]
        assert answers[0].output.result is accepted
        shown = accepted and self.dialect.ack is AckMode.ECHO
        assert (answers[0].output.msg is not None) is shown

    def _observe(self, step: Step) -> None:
        for frame in step.frames:
            if frame.output.status is MsgStatus.RECEIVE and frame.connection in self.lines:
                self._receive(self.lines[frame.connection], frame.output)

    def _receive(self, line: Line, output: Output) -> None:
        msg = output.msg
        assert msg is not None
        role = line.identity.role
        from_customer = msg.send_type == Role.CUSTOMER
        sn = msg.send_sn if from_customer else line.identity.sn
        talk = self.talks[sn]
        if role is Role.STAFF:
            assert line.case in (None, sn), "a bound staff connection hears its customer alone"
            assert line.case or self.dialect.offers, "nothing is offered"
            assert from_customer
        else:
            assert sn == line.identity.sn
        sent = line.sent.setdefault(sn, [])
        said = (msg.send_type, msg.time)
        if not msg.content:
            assert self.dialect.read_receipt is ReadReceipt.DELIVERED
            assert said == self.receipt
            assert msg.send_type == role.other
            assert output.unread == len(talk.unread(role))
            return
        newer = range(max(sent, default=-1) + 1, len(talk.said))
        index = next((each for each in newer if talk.said[each] == said), None)
        assert index is not None, f"{said} came twice, out of order, or was never said"
        assert (sn, index) not in line.own, "nobody is sent its own words where it said them"
        assert self.dialect.multi_device or role != msg.send_type, "nobody hears his own account"
        self._check_count(role, talk, output)
        sent.append(index)

    def _check_count(self, role: Role, talk: Talk, output: Output) -> None:
        assert output.unread is not None
        if self.dialect.replay_count is ReplayCount.TOTAL:
            assert output.unread == len(talk.unread(role))
        else:
            assert output.unread <= len(talk.unread(role))

    @precondition(lambda self: self.dialect.replay_unread)
    @invariant()
    def every_customer_device_was_sent_what_is_unread(self) -> None:
        for line in self.lines.values():
            if line.identity.role is Role.CUSTOMER:
                sn = line.identity.sn
                assert set(self.talks[sn].unread(Role.CUSTOMER)) <= set(line.sent.get(sn, []))

    @precondition(lambda self: self.dialect.replay_unread)
    @invariant()
    def a_bound_staff_connection_was_sent_what_is_unread(self) -> None:
        for line in self.lines.values():
            if line.case is not None:
                unread = self.talks[line.case].unread(Role.STAFF)
                assert set(unread) <= set(line.sent.get(line.case, []))

    @precondition(lambda self: self.dialect.offers and self.dialect.replay_unread)
    @invariant()
    def what_nobody_attends_to_was_offered_in_full_to_some_idle_connection(self) -> None:
        idle = [self.lines[number] for number in self._staff(idle=True)]
        for sn, talk in self.talks.items():
            unread = set(talk.unread(Role.STAFF))
            if talk.staff is None and unread and idle:
                assert any(unread <= set(line.sent.get(sn, [])) for line in idle)


def play(dialect: Dialect, examples: int) -> type:
    machine = type("Machine", (HallMachine,), {"dialect": dialect})
    case: type = machine.TestCase  # type: ignore[attr-defined]
    case.settings = settings(  # type: ignore[attr-defined]
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case


TestHall = play(Dialect(), 150)
TestWithoutOffers = play(Dialect(offers=False), 30)
TestWithoutReplay = play(Dialect(replay_unread=False), 30)
TestWithoutMultiDevice = play(Dialect(multi_device=False), 30)
TestWithoutCases = play(Dialect(case_lifecycle=False), 30)
TestRunningReplay = play(Dialect(replay_count=ReplayCount.RUNNING), 30)
TestReadFlag = play(Dialect(read_receipt=ReadReceipt.FLAG), 30)
TestReadIgnored = play(Dialect(read_receipt=ReadReceipt.NONE), 30)
TestReceiptsDelivered = play(Dialect(read_receipt=ReadReceipt.DELIVERED), 30)
TestBareAck = play(Dialect(ack=AckMode.BARE, login_frame=False), 30)
TestNoAck = play(chosen({"ack": AckMode.NONE}), 30)
