"""One connection of one participant: frames in and out, judged, timed and told to the ledger.

Joins the session (what an answer means), the stream (what a delivery is) and the outbox (what the
master must know). Decides nothing about what to say next: that is its owner's.
"""

import asyncio
from typing import Any, Protocol

import msgspec

from harness.errors import Unavailability
from harness.events import Answered, Delivered, Event, LoggedIn, LoginRefused, Pending, Skipped
from harness.ledger.observations import (
    Bound,
    CloseCause,
    Closed,
    Opened,
    Received,
    SendOutcome,
    Unbound,
)
from harness.ledger.stream import ConnectionStream, Irregularity
from harness.pace import Pace
from harness.session import Session
from harness.swarm.bookkeeping import Bookkeeper, Spoken
from harness.swarm.link import Address, Closing, DialFailed, Link
from harness.swarm.meter import Series
from harness.swarm.stage import SECOND_S, Stage
from harness.swarm.unread_doubts import UnreadDoubts
from schemas.clauses import clause
from schemas.findings import Finding, excerpt
from schemas.messages import InMsg
from schemas.modes import AckMode
from schemas.verdicts import Level
from schemas.words import MessageType

UNREAD_CLAUSE = "unread-count"
_NS = 1_000_000_000
_ANY_PACE = Pace(0)  # one for all: each would keep a queue of its own


class Heard(msgspec.Struct, frozen=True):
    """A message of somebody else, as far as behaviours care. ``sn`` is its sender's."""

    sn: str
    kind: str
    titletype: str | None
    content: str
    at_ns: int


class Owner(Protocol):
    """Whoever lives on a connection."""

    def on_heard(self, heard: Heard) -> None:
        """A message of somebody else arrived."""

    def on_end(self, connection: "Connection", closing: Closing) -> None:
        """``connection`` has ended; nothing of it follows."""

    def on_writable(self) -> None:
        """There is room again for what is to be sent."""


class Connection:
    """A link's sink. ``bound`` is the ``sn`` of the conversation that staff is bound to."""

    def __init__(self, stage: Stage, number: int, owner: Owner) -> None:
        self._stage, self._owner = stage, owner
        self._participant = number
        self._is_staff = stage.setup.is_staff(number)
        self._identity = stage.setup.account(number).identity
        self._link: Link | None = None
        self._stream: ConnectionStream | None = None
        self._login: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._invalid = False
        self._doubts = UnreadDoubts()
        self._asked_ns = stage.clock()
        self._opened_ns: int | None = None
        self._conversation: int | None = None if self._is_staff else number
        rules = stage.setup.rules_of(number)
        self.session = Session(self._identity, self._on_finding, rules, stage.setup.judge)
        self.id = stage.connection_id()
        self._books = Bookkeeper(stage, self.id, number)
        allowance = stage.setup.allowance
        self._paced = allowance.connection > 0 or allowance.beside > 0
        self._pace = Pace(allowance.connection, SECOND_S) if allowance.connection else _ANY_PACE
        self.open = False
        self.writable = True
        self.ready_ns = 0  # since when nothing but us holds back a message
        self.bound: str | None = None

    # Opening

    async def log_in(self, address: Address) -> None:
        """Dial and wait for the accepted ``Login``. Raises :class:`DialFailed`."""
        stage = self._stage
        self._link = await stage.dialer.dial(address, self)
        self._opened_ns = stage.clock()
        if not stage.setup.rules.login_frame:
            self._enter(self._opened_ns)
        try:
            async with asyncio.timeout(stage.setup.profile.limits.answer_s):
                await self._login
        except TimeoutError:
            self._link.abort()
            raise DialFailed(Unavailability.SILENT) from None

    def _enter(self, at_ns: int) -> None:
        stage, setup = self._stage, self._stage.setup
        is_slow = setup.is_slow(self._participant)
        opened = Opened(self.id, self._participant, self._is_staff, self._asked_ns, at_ns, is_slow)
        stage.outbox.observe(opened)
        self._stream = ConnectionStream(
            opened,
            stage.reader,
            setup.roster,
            self._record,
            receipts_delivered=stage.receipts_delivered,
        )
        meter = stage.meter
        opened_ns = at_ns if self._opened_ns is None else self._opened_ns  # both came at once
        meter.latency(Series.CONNECT, self._asked_ns, self._asked_ns, opened_ns)
        if setup.rules.login_frame:
            meter.latency(Series.LOGIN, opened_ns, opened_ns, at_ns)
        self.open = True
        self.ready_ns = at_ns
        if self._is_staff and setup.url_binds:
            self._bind(setup.customer_sn(setup.assigned(self._participant)), at_ns)
        if not self._login.done():
            self._login.set_result(None)

    # Speaking

    def say(self, message: InMsg, spoken: Spoken) -> None:
        """Send ``message`` now. Only on an open connection."""
        assert self._link is not None
        stage = self._stage
        now_ns = stage.clock()
        if self._paced:
            for pace in self._paces(scheduled=spoken.scheduled):
                pace.sent(now_ns / _NS)
        self._books.sending(message, spoken, now_ns, self.ready_ns)
        if message.type == MessageType.STAFF:
            self._say_staff_word(message, now_ns)
        self._link.send(self.session.send(message, now_ns, spoken))
        if stage.setup.rules.ack is AckMode.NONE:
            self._settle(Pending(message, now_ns, spoken), SendOutcome.ACKED, now_ns)

    def wait_s(self, *, scheduled: bool = False) -> float:
        """Seconds until the target bears one more message; 0 when it does now."""
        if not self._paced:
            return 0.0
        now_s = self._stage.clock() / _NS
        return max(pace.wait_s(now_s) for pace in self._paces(scheduled=scheduled))

    def _paces(self, *, scheduled: bool) -> tuple[Pace, ...]:
        """What is kept to: the schedule itself was held against the limit of all connections."""
        return (self._pace,) if scheduled else (self._pace, self._stage.beside)

    @property
    def can_speak(self) -> bool:
        """Whether something can be said: a replay may come before the dialer gives out the link."""
        return self.open and self._link is not None

    def hold(self, *, on: bool) -> None:
        """Read nothing for now (``on``), or read on."""
        if self._link is not None and self.open:
            self._link.hold(on=on)

    def close(self) -> None:
        """End it politely."""
        if self._link is not None:
            self._link.close()

    def abort(self) -> None:
        """Drop it."""
        if self._link is not None:
            self._link.abort()

    def _say_staff_word(self, message: InMsg, now_ns: int) -> None:
        if self._stream is not None:
            self._stream.asking()
        closes = message.titletype == self._stage.setup.rules.close_word
        if closes and self._conversation is not None:
            self._stage.outbox.observe(Unbound(self.id, self._conversation, now_ns))

    # Hearing: the link's sink

    def on_message(self, data: bytes, at_ns: int) -> None:
        """One server message: what it means here goes to ledger, meter and owner."""
        stage = self._stage
        stage.last_frame_ns = at_ns
        self._invalid = False
        for event in self.session.receive(data):
            if type(event) is Answered:  # what there is most of, without looking further
                outcome = SendOutcome.ACKED if event.accepted else SendOutcome.REFUSED
                self._settle(event.pending, outcome, at_ns)
            else:
                self._take(event, data, at_ns)
        stage.outbox.count("frames_received")
        if self._invalid:
            stage.outbox.count("frames_invalid")
            stage.meter.count("invalid", at_ns)

    def on_broken(self, finding: Finding) -> None:
        """Framing broke a clause."""
        self._stage.outbox.broken(finding)
        self._stage.outbox.count("frames_invalid")

    def on_fault(self, error: Exception) -> None:
        """A fault of ours while a frame was handled."""
        self._stage.outbox.fault("connection", error)

    def on_writable(self, writable: bool) -> None:
        """The link's buffer filled up, or has room again."""
        self.writable = writable
        if writable:
            self.ready_ns = self._stage.clock()
            self._owner.on_writable()

    def on_closed(self, closing: Closing, at_ns: int) -> None:
        """The link has ended: what has no answer is unknown."""
        outbox, was_open = self._stage.outbox, self.open
        self.open = False
        for entry in self.session.pending:
            self._settle(entry, SendOutcome.UNKNOWN, at_ns)
        outbox.closed(closing)
        if was_open:
            dropped = closing.by_server or closing.broken
            cause = CloseCause.SERVER if dropped else CloseCause.OURS
            if dropped:
                outbox.connection("dropped_by_server")
            outbox.observe(Closed(self.id, at_ns, cause))
        if not self._login.done():
            self._login.set_exception(DialFailed(Unavailability.CLOSED, _ended(closing)))
            self._login.exception()  # taken here: nobody may be waiting any more
        self._owner.on_end(self, closing)

    def conclude(self, *, quiet: bool) -> None:
        """The drain is over: what has no answer is unknown.

        ``quiet``: nothing was under way, so what a count promised must have come (D11).
        """
        now_ns, unanswered = self._stage.clock(), self.session.pending
        for entry in unanswered:
            self.session.give_up(entry)
            self._settle(entry, SendOutcome.UNKNOWN, now_ns)
        self._tell_wrong_counts()
        promised = self.session.promised(self._identity.sn)
        if not quiet or not self.open or self._is_staff or unanswered or not promised:
            return
        if not self._doubts.spoilt:
            expected = f"a count lower by {promised}: nothing more came"
            finding = clause(UNREAD_CLAUSE).broken(expected=expected, actual="the last count told")
            detail = f"at {self._identity.sn}: the last count told of {promised} more than came"
            self._stage.outbox.promise_unkept(finding, detail)

    # What happened

    def _take(self, event: Event, data: bytes, at_ns: int) -> None:
        match event:
            case Delivered(_, msg):
                self._deliver(msg, data, at_ns)
            case Skipped(pending):
                self._books.skipped()
                self._settle(pending, SendOutcome.UNKNOWN, at_ns)
            case LoggedIn():
                self._enter(at_ns)
            case LoginRefused(frame, error):
                told = error if frame.get("Result") is False else "Result is not true"
                if not self._login.done():
                    self._login.set_exception(DialFailed(Unavailability.CREDENTIALS, told))
            case _:
                pass  # an unreadable or unsolicited frame is a finding already

    def _settle(self, entry: Pending, outcome: SendOutcome, at_ns: int) -> None:
        """A message of ours has its outcome."""
        spoken, message = entry.tag, entry.message
        assert isinstance(spoken, Spoken)
        assert message is not None
        accepted = outcome is SendOutcome.ACKED
        self._books.settled(message, spoken, entry.sent_ns, at_ns, outcome)
        if message.type == MessageType.STAFF and outcome is not SendOutcome.UNKNOWN:
            self._settle_staff_word(message, accepted, at_ns)
        if spoken.answer is not None and not spoken.answer.done():
            spoken.answer.set_result(accepted)

    def _settle_staff_word(self, message: InMsg, accepted: bool, at_ns: int) -> None:
        rules = self._stage.setup.rules
        if not accepted or message.titletype not in (rules.confirm_word, rules.close_word):
            self._bind(self.bound, at_ns)
        elif message.titletype == rules.confirm_word:
            self._bind(message.content, at_ns)
        else:
            self._bind(None, at_ns)

    def _bind(self, case: str | None, at_ns: int) -> None:
        """From here on this staff connection is bound to ``case`` (what a staff word names)."""
        self.bound = case
        roster = self._stage.setup.roster
        before, self._conversation = self._conversation, None
        if case is not None:
            self._conversation = roster.cases.get(case)
        if self._conversation != before:
            self._tell_wrong_counts()
            self._doubts.restart()
        if self._stream is not None:
            self._stream.bind(self._conversation)
        if self._conversation is not None:
            self._stage.outbox.observe(Bound(self.id, self._conversation, at_ns))

    def _deliver(self, msg: dict[str, Any], data: bytes, at_ns: int) -> None:
        sn, content = _text(msg.get("SendSn")), _text(msg.get("content")) or ""
        kind, titletype = _text(msg.get("type")) or "", _text(msg.get("titletype"))
        self._stage.meter.count("received", at_ns)
        if self._stream is None:
            return
        odd = self._stream.receive(at_ns, sn, kind, titletype, content)
        if odd is Irregularity.FOREIGN:
            self._doubts.spoil()
            self._stage.outbox.foreseen(odd.value)
        elif odd is not None:
            self._doubts.spoil()
            detail = f"at {self._identity.sn}, from {sn}"
            self._stage.outbox.judged(odd.value, detail, at_ns, excerpt(data))
        self._tell_wrong_counts()
        if sn is not None and sn != self._identity.sn:
            self._owner.on_heard(Heard(sn, kind, titletype, content, at_ns))

    def _record(self, received: Received) -> None:
        if received.sender != self._participant:
            self._doubts.arrived(received)
        self._stage.outbox.observe(received)

    def _on_finding(self, finding: Finding) -> None:
        if finding.clause == UNREAD_CLAUSE:
            self._doubts.hold(finding)
            return
        self._stage.outbox.broken(finding)
        if finding.level is Level.MUST and finding.clause.startswith(("out-", "rfc-")):
            self._invalid = True

    def _tell_wrong_counts(self) -> None:
        for finding in self._doubts.certain():
            outbox = self._stage.outbox
            outbox.broken(finding)
            detail = f"at {self._identity.sn}: expected {finding.expected}, got {finding.actual}"
            outbox.judged("unread_wrong", detail, self._stage.clock(), finding.frame)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _ended(closing: Closing) -> str:
    code = f"close code {closing.code}" if closing.code is not None else "no close frame"
    return f"{code} {closing.reason}".strip()
