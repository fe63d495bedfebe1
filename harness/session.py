"""One participant's side of one connection, without I/O: what was asked, and what the answers mean.

Messages go in as bytes with their time, intents go in as values; events, bytes to send and findings
come out. The session knows no socket, reads no clock and never waits; deadlines belong to the
driver, who asks :meth:`Session.overdue`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from harness.events import (
    Answered,
    Delivered,
    Event,
    Frame,
    LoggedIn,
    LoginRefused,
    Pending,
    Skipped,
    Unreadable,
    Unsolicited,
)
from harness.session_counts import SessionCounts
from harness.session_echoes import answered_place, changed_echo, is_anothers, wrong_sender
from harness.session_mould import Mould, mould_of
from harness.session_rules import SessionRules
from schemas.account_tokens import Identity
from schemas.clauses import clause
from schemas.findings import Finding, excerpt
from schemas.judge import FrameJudge
from schemas.messages import InMsg, encode
from schemas.modes import AckMode
from schemas.plain_frames import PlainMsg, PlainReceive, PlainSend
from schemas.words import MessageType, MsgStatus, Role


class State(StrEnum):
    """Where a connection stands between its opening and its end."""

    OPENING = "opening"
    READY = "ready"
    REFUSED = "refused"


# What a frame of each status is in each state: a handler's name, or the clause that it breaks.
_TABLE: Mapping[tuple[State, str], str] = {
    (State.OPENING, MsgStatus.LOGIN): "_login",
    (State.OPENING, MsgStatus.SEND): "login-first",
    (State.OPENING, MsgStatus.RECEIVE): "login-first",
    (State.READY, MsgStatus.LOGIN): "login-once",
    (State.READY, MsgStatus.SEND): "_answer",
    (State.READY, MsgStatus.RECEIVE): "_deliver",
    (State.REFUSED, MsgStatus.LOGIN): "login-once",
    (State.REFUSED, MsgStatus.SEND): "login-rejected",
    (State.REFUSED, MsgStatus.RECEIVE): "isolation",
}

_STAFF = MessageType.STAFF.value
_MOST_MOULDS = 3  # where answers differ in more than content and time, none is of use


class Session:
    """The state of one connection of ``identity``. ``report`` is called with every finding."""

    __slots__ = (
        "_answered",
        "_counts",
        "_data",
        "_judge",
        "_mould",
        "_moulds_left",
        "_pending",
        "_report",
        "_sender_words",
        "bound",
        "identity",
        "rules",
        "state",
    )

    def __init__(
        self,
        identity: Identity,
        report: Callable[[Finding], None],
        rules: SessionRules | None = None,
        judge: FrameJudge | None = None,
    ) -> None:
        self.identity = identity
        self.rules = rules or SessionRules()
        self.state = State.OPENING if self.rules.login_frame else State.READY
        self.bound: str | None = identity.sn if identity.role is Role.CUSTOMER else None
        self._judge = judge or FrameJudge()
        self._report = report
        self._pending: list[Pending] = []  # a deque would take half a KiB, and few ever wait
        self._counts = SessionCounts(identity, self.rules)
        word = self.rules.customer_word if identity.role is Role.CUSTOMER else self.rules.staff_word
        self._sender_words = identity.sn, word, identity.name
        self._data: bytes | str = b""
        self._answered: bytes | str = b""
        self._mould: Mould | None = None
        self._moulds_left = _MOST_MOULDS

    # Intents

    def send(self, message: InMsg, now_ns: int, tag: Any = None) -> bytes:
        """The bytes that say ``message``; from now on its answer is waited for."""
        reads = self._counts.marked_by(message, self.bound) if message.read else None
        if reads is not None:
            reads.read_sent()
        data = encode(message)
        if self.rules.ack is not AckMode.NONE:
            self._pending.append(Pending(message, now_ns, tag, reads, data))
        return data

    def expect_answer(self, now_ns: int, tag: Any = None) -> None:
        """Raw bytes were sent outside the session; any one ``Send`` answers them."""
        self._pending.append(Pending(None, now_ns, tag))

    # Questions

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What waits for its answer, oldest first."""
        return tuple(self._pending)

    @property
    def outstanding(self) -> int:
        """How many messages wait for their answer."""
        return len(self._pending)

    def overdue(self, now_ns: int, limit_ns: int) -> tuple[Pending, ...]:
        """What has waited longer than ``limit_ns`` (D25), oldest first. Nothing is consumed."""
        return tuple(entry for entry in self._pending if now_ns - entry.sent_ns > limit_ns)

    def give_up(self, entry: Pending) -> None:
        """``entry`` is no longer waited for: an answer that still comes fits nothing."""
        self._pending.remove(entry)

    def promised(self, conversation: str) -> int:
        """Messages of ``conversation`` that a count included and that have not come."""
        return self._counts.promised(conversation)

    # Frames

    def accepted(self, frame: PlainSend, data: bytes) -> Pending | None:
        """The oldest message that waits, if ``frame``, a valid one, says the very same (D21, D22).

        None: nothing was consumed, and the frame is one for :meth:`receive`.
        """
        pending, msg = self._pending, frame.msg
        entry = pending[0] if pending else None
        message = entry.message if entry is not None else None
        sn, word, name = self._sender_words
        if (
            entry is None
            or message is None
            or msg.content != message.content
            or msg.type != message.type
            or msg.titletype != message.titletype
            or msg.send_sn != sn
            or msg.send_type != word
            or (name and msg.send_name != name)
        ):
            return None
        del pending[0]
        if entry.reads is not None or message.type == _STAFF:
            self._settle(entry, accepted=True)
        self._answered = data
        if self._moulds_left:
            self._moulds_left -= 1
            self._mould = mould_of(data, entry, msg.time) or self._mould
        return entry

    def echoed(self, data: bytes) -> Pending | None:
        """As :meth:`accepted`, for a frame like an earlier one that was accepted here.

        None: nothing was consumed, and the frame is one to be judged.
        """
        mould, pending = self._mould, self._pending
        if mould is None or not pending or not mould.fits(data, pending[0]):
            return None
        entry = pending.pop(0)
        if entry.reads is not None:
            self._settle(entry, accepted=True)
        self._answered = data
        return entry

    def delivered(self, frame: PlainReceive, data: bytes) -> PlainMsg | None:
        """The message that ``frame`` delivers; its count is judged.

        None: nothing can be delivered now, and the frame is one for :meth:`receive`.
        """
        if self.state is not State.READY:
            return None
        msg = frame.msg
        if self.rules.unread and msg.content:
            self._data = data
            self._count(msg.send_sn, frame.unread)
        return msg

    def receive(self, data: bytes | str) -> list[Event]:
        """What one whole server message means here; findings go to ``report``."""
        judged = self._judge.judge(data)
        for finding in judged.findings:
            self._report(finding)
        frame = judged.value
        step = None
        if frame is not None:
            status = frame.get("MsgStatus")
            step = _TABLE.get((self.state, status)) if isinstance(status, str) else None
        if frame is None or step is None:
            return [Unreadable(frame)]
        self._data = data
        match step:
            case "_answer":
                return self._answer(frame)
            case "_deliver":
                return [self._deliver(frame)]
            case "_login":
                return [self._login(frame)]
            case slug:
                self._broken(slug, f"no {frame['MsgStatus']} while {self.state}", "this frame")
                return [Unsolicited(frame)]

    def _login(self, frame: Frame) -> Event:
        if frame.get("Result") is True:
            self.state = State.READY
            return LoggedIn(frame)
        self.state = State.REFUSED
        return LoginRefused(frame, excerpt(str(frame.get("Error")), 200))

    def _answer(self, frame: Frame) -> list[Event]:
        place = answered_place(self.rules, self._pending, frame)
        if place is None:
            self._unasked(frame)
            return [Unsolicited(frame)]
        events: list[Event] = [self._skip() for _ in range(place)]
        entry = self._pending.pop(0)
        accepted = frame.get("Result") is True
        self._settle(entry, accepted)
        msg = frame.get("msg")
        if accepted and isinstance(msg, dict):
            for mismatch in wrong_sender(self._sender_words, msg):
                self._broken(*mismatch)
        self._answered = self._data
        events.append(Answered(entry, frame, accepted))
        return events

    def _unasked(self, frame: Frame) -> None:
        """A ``Send`` that fits nothing: a changed echo of what waits, or an answer too many."""
        msg = frame.get("msg")
        if not self._pending or self._data == self._answered or is_anothers(msg, self.identity.sn):
            self._broken("ack-one-per-message", "one Send for each message", "one more")
            return
        self._broken(*changed_echo(self._pending[0].message, msg))

    def _skip(self) -> Event:
        entry = self._pending.pop(0)
        self._settle(entry, accepted=False)
        self._broken("ack-one-per-message", "a Send for the earlier message", "none before this")
        return Skipped(entry)

    def _settle(self, entry: Pending, accepted: bool) -> None:
        """What an answer changes: the read mark, and for staff the binding."""
        if entry.reads is not None:
            entry.reads.read_answered(accepted=accepted)
        message = entry.message
        if message is None or not accepted or message.type != _STAFF:
            return
        if message.titletype == self.rules.confirm_word:
            self.bound = message.content
            self._counts.rebound(message.content)
        elif message.titletype == self.rules.close_word:
            self.bound = None

    def _deliver(self, frame: Frame) -> Event:
        msg = frame.get("msg")
        if not isinstance(msg, dict):
            return Delivered(frame, {})
        count = frame.get("NoReadQty")
        if type(count) is int and self.rules.unread and msg.get("content") != "":
            self._count(msg.get("SendSn"), count)
        return Delivered(frame, msg)

    def _count(self, sender: object, count: int) -> None:
        least = self._counts.told(sender, count, self.bound)
        if least is not None:
            self._broken("unread-count", f"at least {least}", str(count), "/NoReadQty")

    def _broken(self, slug: str, expected: str, actual: str, pointer: str = "") -> None:
        if slug not in self.rules.off:
            self._report(
                clause(slug).broken(
                    expected=expected, actual=actual, pointer=pointer, frame=self._data
                )
            )
