"""One connection of one participant: frames in and out, judged, timed and told to the ledger.

Joins the session (what an answer means), the arrivals (what a delivery is), the books (what becomes
of what is said) and the outbox (what the master must know). Decides nothing about what to say next:
that is its owner's.
"""

import asyncio
from typing import Any, Protocol

from harness.errors import Unavailability
from harness.events import Answered, Delivered, Event, LoggedIn, LoginRefused, Pending, Skipped
from harness.ledger.observations import CloseCause, Closed, SendOutcome
from harness.session import Session
from harness.swarm.arrivals import UNREAD_CLAUSE, Arrivals, Heard
from harness.swarm.bookkeeping import Bookkeeper
from harness.swarm.link import Address, Closing, DialFailed, Link
from harness.swarm.meter import Series
from harness.swarm.own_pace import own_pace
from harness.swarm.spoken import Spoken
from harness.swarm.stage import Stage
from schemas.findings import Finding
from schemas.messages import InMsg
from schemas.modes import AckMode
from schemas.plain_frames import PlainReceive, PlainSend
from schemas.verdicts import Level
from schemas.words import MessageType

_STAFF, _ACKED = MessageType.STAFF.value, SendOutcome.ACKED


class Owner(Protocol):
    """Whoever lives on a connection."""

    def on_heard(self, heard: Heard) -> None:
        """A message of somebody else arrived."""

    def on_end(self, connection: "Connection", closing: Closing) -> None:
        """``connection`` has ended; nothing of it follows."""

    def on_writable(self) -> None:
        """There is room again for what is to be sent."""


class Connection:
    """A link's sink. ``ready_ns``: since when nothing but us holds back a message."""

    __slots__ = (
        "_asked_ns",
        "_books",
        "_exchanges",
        "_invalid",
        "_is_acked",
        "_link",
        "_login",
        "_number",
        "_opened_ns",
        "_owner",
        "_pace",
        "_plain",
        "_stage",
        "arrivals",
        "id",
        "open",
        "ready_ns",
        "session",
        "writable",
    )

    def __init__(self, stage: Stage, number: int, owner: Owner) -> None:
        self._stage, self._owner, self._number = stage, owner, number
        self._exchanges = stage.exchanges
        self._link: Link | None = None
        self._login: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._invalid = False
        self._asked_ns = stage.clock()
        self._opened_ns: int | None = None
        rules = stage.setup.rules_of(number)
        self._is_acked = rules.ack is not AckMode.NONE
        identity, judge = stage.setup.account(number).identity, stage.setup.judge
        self.session = Session(identity, self._on_finding, rules, judge)
        self.id = stage.connection_id()
        self.arrivals = Arrivals(stage, self.id, number, owner)
        self._plain = judge.plain
        self._books = Bookkeeper(stage, self.id, number)
        self._pace = own_pace(stage.setup.allowance, stage.beside)
        self.open = False
        self.writable = True
        self.ready_ns = 0

    @property
    def bound(self) -> str | None:
        """What staff is bound to: the ``sn`` of the conversation, as a staff word names it."""
        return self.arrivals.bound

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
        meter = self._stage.meter
        opened_ns = at_ns if self._opened_ns is None else self._opened_ns  # both came at once
        meter.latency(Series.CONNECT, self._asked_ns, self._asked_ns, opened_ns)
        if self._stage.setup.rules.login_frame:
            meter.latency(Series.LOGIN, opened_ns, opened_ns, at_ns)
        self.open = True
        self.ready_ns = at_ns
        self.arrivals.begin(self._asked_ns, at_ns)
        if not self._login.done():
            self._login.set_result(None)

    # Speaking

    def say(self, message: InMsg, spoken: Spoken) -> None:
        """Send ``message`` now. Only on an open connection."""
        assert self._link is not None
        stage = self._stage
        now_ns = stage.clock()
        if self._pace is not None:
            self._pace.sent(now_ns, scheduled=spoken.scheduled)
        if message.type == _STAFF:
            self.arrivals.saying_staff_word(message, now_ns)
        self._link.send(self.session.send(message, now_ns, spoken))
        self._books.sending(message, spoken, now_ns, self.ready_ns)
        if not self._is_acked:
            spoken.on_answer = None  # there will be none
            self._settle(Pending(message, now_ns, spoken), _ACKED, now_ns)

    def wait_s(self, *, scheduled: bool = False) -> float:
        """Seconds until the target bears one more message; 0 when it does now."""
        if self._pace is None:
            return 0.0
        return self._pace.wait_s(self._stage.clock(), scheduled=scheduled)

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

    # Hearing: the link's sink

    def on_message(self, data: bytes, at_ns: int) -> None:
        """One server message: what it means here goes to ledger, meter and owner."""
        stage, session = self._stage, self.session
        stage.last_frame_ns = at_ns
        stage.outbox.frames_received += 1
        entry = session.echoed(data)  # what there is most of, without looking further
        if entry is not None:
            self._settle(entry, _ACKED, at_ns, data)
            return
        plain = self._plain(data)
        if type(plain) is PlainSend:
            entry = session.accepted(plain, data)
            if entry is not None:
                self._settle(entry, _ACKED, at_ns, data)
                return
        elif type(plain) is PlainReceive:
            msg = session.delivered(plain, data)
            if msg is not None:
                heard = Heard(msg.send_sn, msg.type, msg.titletype, msg.content, at_ns)
                self.arrivals.deliver(heard, msg.send_sn, data)
                return
        self._take_any(data, at_ns)

    def _take_any(self, data: bytes, at_ns: int) -> None:
        """A message that must be looked at in full."""
        self._invalid = False
        for event in self.session.receive(data):
            self._take(event, data, at_ns)
        if self._invalid:
            self._stage.outbox.count("frames_invalid")
            self._stage.meter.count("invalid", at_ns)

    def on_broken(self, finding: Finding) -> None:
        """Framing broke a clause."""
        self._stage.outbox.broken(finding)
        self._stage.outbox.count("frames_invalid")
        self._stage.meter.count("invalid", self._stage.clock())

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
                self._stage.meter.count("dropped_by_server", at_ns)
            outbox.observe(Closed(self.id, at_ns, cause))
        if not self._login.done():
            self._login.set_exception(DialFailed(Unavailability.CLOSED, closing.in_words))
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
        promised = self.session.promised(self.arrivals.sn)
        self.arrivals.conclude(promised, quiet=quiet and self.open and not unanswered)

    # What happened

    def _take(self, event: Event, data: bytes, at_ns: int) -> None:
        match event:
            case Answered(pending, _, accepted):
                outcome = SendOutcome.ACKED if accepted else SendOutcome.REFUSED
                self._settle(pending, outcome, at_ns, data)
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

    def _settle(
        self, entry: Pending, outcome: SendOutcome, at_ns: int, answer: bytes = b""
    ) -> None:
        """A message of ours has its outcome."""
        spoken: Spoken = entry.tag
        message = entry.message
        assert message is not None
        if at_ns - spoken.due_ns > self._exchanges.floor_ns:
            self._exchanges.note((self._number, entry, answer), at_ns, outcome)
        self._books.settled(message, spoken, entry.sent_ns, at_ns, outcome)
        accepted = outcome is _ACKED
        if message.type == _STAFF and outcome is not SendOutcome.UNKNOWN:
            self.arrivals.settle_staff_word(message, at_ns, accepted=accepted)
        if spoken.on_answer is not None:
            spoken.on_answer(accepted)

    def _deliver(self, msg: dict[str, Any], data: bytes, at_ns: int) -> None:
        sn, content = _text(msg.get("SendSn")), _text(msg.get("content")) or ""
        kind, titletype = _text(msg.get("type")) or "", _text(msg.get("titletype"))
        self.arrivals.deliver(Heard(sn or "", kind, titletype, content, at_ns), sn, data)

    def _on_finding(self, finding: Finding) -> None:
        if finding.clause == UNREAD_CLAUSE:
            self.arrivals.doubt(finding)
            return
        self._stage.outbox.broken(finding)
        if finding.level is Level.MUST and finding.clause.startswith(("out-", "rfc-")):
            self._invalid = True


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
