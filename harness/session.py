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
from harness.session_rules import SessionRules, fits_content, fits_titletype
from harness.unread import UnreadModel
from schemas.account_tokens import Identity
from schemas.clauses import clause
from schemas.findings import Finding, excerpt
from schemas.judge import FrameJudge
from schemas.messages import InMsg, encode
from schemas.modes import AckMode, ReadReceipt
from schemas.words import MessageType, MsgStatus, Role

_CONTENT_CLAUSE: Mapping[str, str] = {
    MessageType.TEXT: "content-text",
    MessageType.IMAGE: "content-image",
    MessageType.TITLE: "content-title",
}


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


class Session:
    """The state of one connection of ``identity``. ``report`` is called with every finding."""

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
        self._unread: dict[str, UnreadModel] = {}
        self._sender = _sender_of(identity, self.rules)
        self._data: bytes | str = b""
        self._answered: bytes | str = b""

    # Intents

    def send(self, message: InMsg, now_ns: int, tag: Any = None) -> bytes:
        """The bytes that say ``message``; from now on its answer is waited for."""
        reads = self._read_by(message)
        if reads is not None:
            reads.read_sent()
        if self.rules.ack is not AckMode.NONE:
            self._pending.append(Pending(message, now_ns, tag, reads))
        return encode(message)

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
        model = self._unread.get(conversation)
        return model.promised if model is not None else 0

    # Frames

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
        place = self._place(frame)
        if place is None:
            self._unasked(frame)
            return [Unsolicited(frame)]
        events: list[Event] = [self._skip() for _ in range(place)]
        entry = self._pending.pop(0)
        accepted = frame.get("Result") is True
        self._settle(entry, accepted)
        msg = frame.get("msg")
        if accepted and isinstance(msg, dict):
            self._check_sender(msg)
        self._answered = self._data
        events.append(Answered(entry, frame, accepted))
        return events

    def _place(self, frame: Frame) -> int | None:
        """Which pending message a ``Send`` answers: the oldest that it fits."""
        msg = frame.get("msg")
        pending = self._pending
        if not pending:
            return None
        if not isinstance(msg, dict):
            bare = frame.get("Result") is not True or self.rules.ack is AckMode.BARE
            return 0 if bare or pending[0].message is None else None
        first = pending[0].message
        if first is None or self._fits(first, msg):
            return 0
        for place, entry in enumerate(pending):
            if entry.message is None or self._fits(entry.message, msg):
                return place
        return None

    def _fits(self, message: InMsg, msg: Frame) -> bool:
        return (
            msg.get("type") == message.type
            and fits_titletype(message, msg)
            and fits_content(self.rules, message, msg.get("content"))
        )

    def _unasked(self, frame: Frame) -> None:
        """A ``Send`` that fits nothing: a changed echo of what waits, or an answer too many."""
        msg = frame.get("msg")
        if not self._pending or self._data == self._answered or self._is_anothers(msg):
            self._broken("ack-one-per-message", "one Send for each message", "one more")
            return
        message = self._pending[0].message
        if message is None or not isinstance(msg, dict):
            self._broken("ack-echo", "a Send with the message in msg", "msg is no object", "/msg")
            return
        if msg.get("type") != message.type:
            self._broken("ack-echo", _shown(message.type), _shown(msg.get("type")), "/msg/type")
            return
        if not fits_titletype(message, msg):
            expected, actual = _shown(message.titletype), _shown(msg.get("titletype"))
            self._broken("ack-echo", expected, actual, "/msg/titletype")
            return
        slug = _CONTENT_CLAUSE.get(message.type, "ack-echo")
        self._broken(slug, repr(message.content)[:200], _shown(msg.get("content")), "/msg/content")

    def _is_anothers(self, msg: object) -> bool:
        """Whether ``msg`` is a message that somebody else has sent."""
        sender = msg.get("SendSn") if isinstance(msg, dict) else None
        return isinstance(sender, str) and sender != self.identity.sn

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
        if message is None or not accepted or message.type != MessageType.STAFF:
            return
        if message.titletype == self.rules.confirm_word:
            self.bound = message.content
            self._model(message.content).rebound()
        elif message.titletype == self.rules.close_word:
            self.bound = None

    def _deliver(self, frame: Frame) -> Event:
        msg = frame.get("msg")
        if not isinstance(msg, dict):
            return Delivered(frame, {})
        count = frame.get("NoReadQty")
        if type(count) is int and self.rules.unread and msg.get("content") != "":
            self._count(msg, count)
        return Delivered(frame, msg)

    def _count(self, msg: Frame, count: int) -> None:
        sender = msg.get("SendSn")
        conversation = self.bound if self.identity.role is Role.CUSTOMER else sender
        if sender == self.identity.sn or not isinstance(conversation, str):
            return
        model = self._model(conversation)
        least = model.received(count)
        if conversation != self.bound:
            model.rebound()
        elif count < least and not self.rules.running_replay:
            self._broken("unread-count", f"at least {least}", str(count), "/NoReadQty")

    def _read_by(self, message: InMsg) -> UnreadModel | None:
        """The model of the conversation that ``message`` marks as read, if it marks any."""
        if not message.read or self.rules.read_receipt is ReadReceipt.NONE:
            return None
        staff_word = message.type == MessageType.STAFF
        conversation = message.content if staff_word else self.bound
        return self._model(conversation) if conversation is not None else None

    def _model(self, conversation: str) -> UnreadModel:
        return self._unread.setdefault(conversation, UnreadModel())

    def _check_sender(self, msg: Frame) -> None:
        for member, value, slug in self._sender:
            if msg.get(member) != value:
                actual = _shown(msg.get(member))
                self._broken(slug, repr(value), actual, f"/msg/{member}")

    def _broken(self, slug: str, expected: str, actual: str, pointer: str = "") -> None:
        if slug not in self.rules.off:
            self._report(
                clause(slug).broken(
                    expected=expected, actual=actual, pointer=pointer, frame=self._data
                )
            )


def _sender_of(mine: Identity, rules: SessionRules) -> tuple[tuple[str, str, str], ...]:
    """What an acknowledged ``msg`` says of its sender: member, value, clause."""
    word = rules.customer_word if mine.role is Role.CUSTOMER else rules.staff_word
    wanted = (
        ("SendSn", mine.sn, "sender-identity"),
        ("SendType", word, "send-type-word"),
        ("SendName", mine.name, "sender-identity"),
    )
    return tuple(entry for entry in wanted if entry[1])


def _shown(value: object) -> str:
    return repr(value[:200] if isinstance(value, str) else value)[:220]
