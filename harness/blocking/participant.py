"""One participant on one connection, blocking: the sans-I/O session driven over a channel.

Everything that happens is kept in order in ``events``; waiting means reading until something fits
or the deadline passes. Judges nothing itself.
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from harness.blocking.channel import Channel, Message
from harness.blocking.deadline import Deadline
from harness.blocking.inbox import Inbox, Sort, Start, all_ours
from harness.blocking.turns import at_once
from harness.blocking.wire import Cause, Diary, Ended, Shape
from harness.events import Answered, Delivered, Event, LoggedIn, LoginRefused, Skipped
from harness.session import Session, State
from harness.session_rules import SessionRules
from harness.target import Account
from harness.wire_frames import Opcode
from schemas.findings import Finding
from schemas.judge import FrameJudge
from schemas.messages import InMsg
from schemas.modes import AckMode, ReadReceipt
from schemas.words import Role

MAX_EVENTS = 20_000


class Terms(msgspec.Struct, frozen=True):
    """What holds for every participant of one target.

    ``turn`` returns when one may speak; ``sort`` tells what is sent here from what is not.
    """

    rules: SessionRules
    judge: FrameJudge
    answer_s: float
    turn: Callable[[], None] = at_once
    sort: Sort = all_ours


class Sent(msgspec.Struct, eq=False):
    """Something that was sent and may be answered. ``message`` is None for raw bytes.

    ``at`` is how many events there were when it left: what it causes comes after them.
    """

    message: InMsg | None
    at: int


class Participant:
    """``account`` on ``channel``. ``events`` only grows; ``len(events)`` marks a moment in it.

    ``pongs`` are the payloads of the pongs that came.
    """

    def __init__(self, account: Account, channel: Channel, terms: Terms) -> None:
        self.account = account
        self.channel = channel
        self.terms = terms
        self.events: list[Event] = []
        self.pongs: list[bytes] = []
        self.inbox = Inbox(terms.sort, by_sender=account.role is Role.STAFF)
        self.session = Session(account.identity, self._report, terms.rules, terms.judge)

    @property
    def diary(self) -> Diary:
        """Who hears of this connection."""
        return self.channel.wire.diary

    def _report(self, finding: Finding) -> None:
        self.diary.report(finding)

    def patience(self) -> Deadline:
        """The moment by which an answer to what is sent now must have come (D25)."""
        return Deadline.after(self.terms.answer_s)

    @property
    def is_at_rest(self) -> bool:
        """Whether it can go on as if it had just logged in: nothing is awaited or half said, and
        staff attends to nobody."""
        session = self.session
        free = self.account.role is Role.CUSTOMER or session.bound is None
        ready = session.state is State.READY and not session.pending
        return self.channel.ended is None and self.channel.wire.at_rest and ready and free

    def begin_anew(self, diary: Diary, terms: Terms, start: Start) -> None:
        """For another case: what has come is of earlier times, and is told to ``diary`` no more.

        The ``terms`` have the same rules.
        """
        self.channel.wire.diary = diary
        self.terms = terms
        self.events.clear()
        self.pongs.clear()
        self.inbox.resume(terms.sort, start)

    # Speaking

    def say(self, message: InMsg, spelled: bytes = b"") -> Sent:
        """Send ``message``, as soon as the target bears it; ``spelled`` is another text of it."""
        self.terms.turn()
        sent = Sent(message, len(self.events))
        data = self.session.send(message, time.monotonic_ns(), sent)
        self.channel.send_text(spelled or data, self.patience())
        if self.terms.rules.ack is AckMode.NONE:
            self._has_read(message)
        return sent

    def say_frames(
        self, frames: list[bytes], shape: Shape = Shape.ONE_WRITE, *, answered: bool = True
    ) -> Sent:
        """Send bytes of our own making; ``answered`` when one ``Send`` is due for them."""
        self.terms.turn()
        sent = Sent(None, len(self.events))
        if answered:
            self.session.expect_answer(time.monotonic_ns(), sent)
        self.channel.send_frames(frames, self.patience(), shape)
        return sent

    # Listening

    def hear(self, deadline: Deadline) -> bool:
        """Take in what comes next; whether anything came."""
        incoming = self.channel.receive(deadline)
        if incoming is None or isinstance(incoming, Ended):
            return False
        if isinstance(incoming, Message):
            for event in self.session.receive(incoming.data):
                self._take(event)
        elif incoming.opcode == Opcode.PONG:
            self.pongs.append(incoming.payload)
        if len(self.events) + len(self.pongs) > MAX_EVENTS:
            self.channel.give_up(Cause.FLOOD)
        return True

    def _take(self, event: Event) -> None:
        if isinstance(event, Delivered):
            self.inbox.take(len(self.events), event)
        elif isinstance(event, Answered) and event.accepted:
            self._has_read(event.pending.message)
        self.events.append(event)

    def _has_read(self, message: InMsg | None) -> None:
        """``message`` was accepted, and with it what had been sent here, if it says so (D10)."""
        marks = self.terms.rules.read_receipt is not ReadReceipt.NONE
        if message is not None and message.read and marks:
            self.inbox.read()

    def wait_for(
        self, fits: Callable[[Event], bool], deadline: Deadline, since: int = 0
    ) -> Event | None:
        """The first event from number ``since`` on that fits; None at the deadline or the end."""
        at = since
        while True:
            for event in self.events[at:]:
                if fits(event):
                    return event
            at = len(self.events)
            if not self.hear(deadline):
                return None

    def login(self, deadline: Deadline) -> LoggedIn | LoginRefused | None:
        """The server's ``Login``; None when none comes."""
        event = self.wait_for(lambda event: isinstance(event, LoggedIn | LoginRefused), deadline)
        return event if isinstance(event, LoggedIn | LoginRefused) else None

    def answer_to(self, sent: Sent, deadline: Deadline) -> Answered | None:
        """The ``Send`` for ``sent``; None when it was passed over or does not come."""

        def ours(event: Event) -> bool:
            return isinstance(event, Answered | Skipped) and event.pending.tag is sent

        event = self.wait_for(ours, deadline, sent.at)
        return event if isinstance(event, Answered) else None

    def delivery(
        self, fits: Callable[[dict[str, Any]], bool], deadline: Deadline, since: int = 0
    ) -> Delivered | None:
        """The first ``Receive`` from number ``since`` on whose ``msg`` fits."""
        while True:
            found = next((each for each in self.deliveries(since) if fits(each.msg)), None)
            if found is not None or not self.hear(deadline):
                return found

    def deliveries(self, since: int = 0) -> list[Delivered]:
        """Every ``Receive`` from number ``since`` on that is not of earlier times."""
        return self.inbox.since(since)
