"""One captured connection's messages, judged in order by the session that live runs use too."""

from collections import deque

import msgspec
from msgspec.structs import replace

from harness.captures import reach
from harness.captures.book import Book
from harness.captures.clues import Owner
from harness.captures.ending import Doubt
from harness.captures.steps import Message
from harness.captures.terms import Terms
from harness.events import Answered, Delivered, Event, Skipped
from harness.session import Session
from schemas.case_records import TranscriptLine
from schemas.clauses import clause
from schemas.findings import Finding, excerpt
from schemas.json_texts import Expectation
from schemas.judge import Judged
from schemas.messages import InMsg, is_receipt
from schemas.modes import AckMode
from schemas.treatment import Treatment, treatment
from schemas.words import MessageType, Role

CONTEXT_LINES = 8
MAX_WAITING = 500
"""More unanswered messages than this are a capture without answers, not a conversation."""

_TYPES = frozenset(MessageType)
_UNREAD = "unread-count"
_UNKNOWN = Treatment(Expectation.EITHER)


class Sent(msgspec.Struct, frozen=True):
    """A client's message that waits for its answer. ``message`` is None where it is not right."""

    at_ns: int | None
    treatment: Treatment
    message: InMsg | None


class Talk:
    """Judges the messages of one connection of ``owner``; ``ours`` when the client was ours.

    ``doubt`` is the first finding about unread counts (``doubtful`` is their number): they count
    only if the account had no other connection meanwhile.
    """

    def __init__(self, name: str, owner: Owner, terms: Terms, book: Book, *, ours: bool) -> None:
        self.name = name
        self.identity = owner.identity
        self.doubt: Doubt | None = None
        self.doubtful = 0
        self.counted = 0
        self.has_other_device = False
        self._terms = terms
        self._book = book
        self._excused = ours or terms.claims.server_only
        rules = replace(terms.rules, unread=terms.rules.unread and owner.sure)
        self._session: Session | None = Session(owner.identity, self._found, rules, terms.server)
        self._context: deque[Message] = deque(maxlen=CONTEXT_LINES)
        self._waiting: deque[Sent] = deque()
        self._overdue = 0

    @property
    def waiting(self) -> int:
        """How many messages have no answer yet."""
        return len(self._waiting)

    def take(self, message: Message) -> str:
        """Judge one message; why the conversation cannot be followed further, or ""."""
        self._context.append(message)
        return self._said(message) if message.sent else self._heard(message)

    def lose(self) -> None:
        """Messages are missing: from now on frames are judged by themselves alone."""
        self._session = None
        self._waiting.clear()

    # What the client said

    def _said(self, message: Message) -> str:
        if not message.text:
            if self._terms.takes_binary:
                self._expect(Sent(message.at_ns, _UNKNOWN, None))
            return ""
        if not message.whole:
            self._expect(Sent(message.at_ns, _UNKNOWN, None))
            return ""
        judged = self._terms.client.judge(message.data)
        for finding in judged.findings:
            self._book.broken(finding, self._lines, excused=self._excused)
        if judged.value is not None:
            self._book.at_stake(reach.of_client_frame(judged.value))
        due = treatment(message.data, judged)
        self._expect(Sent(message.at_ns, due, _well_formed(judged, due)))
        return "too many messages wait for an answer" if self.waiting > MAX_WAITING else ""

    def _expect(self, sent: Sent) -> None:
        session, due = self._session, sent.treatment.expectation
        closes = due is Expectation.REFUSE and self._terms.closes_on_bad_input
        if session is None or closes or due is Expectation.CLOSE:
            return
        answered = session.rules.ack is not AckMode.NONE
        if sent.message is not None:
            session.send(sent.message, sent.at_ns or 0, sent)
        elif answered:
            session.expect_answer(sent.at_ns or 0, sent)
        if answered:
            self._waiting.append(sent)

    # What the server said

    def _heard(self, message: Message) -> str:
        if not message.text:
            expected, actual = "a text message", "a binary message"
            self._break("out-text-message", expected, actual, message)
            return ""
        if not message.whole:
            return "a message is not in it as it travelled"
        if self._session is None:
            judged = self._terms.server.judge(message.data)
            for finding in judged.findings:
                self._found(finding)
            if judged.value is not None:
                self._book.at_stake(reach.of_server_frame(judged.value))
            return ""
        self._look_for_overdue(message)
        for event in self._session.receive(message.data):
            self._happened(event, message)
        return ""

    def _happened(self, event: Event, message: Message) -> None:
        if not isinstance(event, Skipped) and event.frame is not None:
            self._book.at_stake(reach.of_server_frame(event.frame))
        self._book.at_stake(reach.of_event(event))
        match event:
            case Skipped():
                self._next_waiting()
            case Answered(pending=pending, accepted=accepted):
                self._next_waiting()
                self._answered(pending.tag, accepted, message)
            case Delivered(msg=msg, frame=frame):
                self._delivered(msg.get("SendSn"), msg.get("SendType"), frame.get("NoReadQty"))

    def _next_waiting(self) -> None:
        self._waiting.popleft()
        self._overdue = max(self._overdue - 1, 0)

    def _answered(self, sent: Sent, accepted: bool, message: Message) -> None:
        due = sent.treatment
        if due.clause:
            self._book.at_stake((due.clause,))
        if accepted and due.expectation is Expectation.REFUSE:
            self._accepted_wrongly(due.clause, message)
        if sent.message is not None:
            self._check_side(sent.message, accepted, message)
        if sent.at_ns is not None and message.at_ns is not None:
            self._book.at_stake(("answer-in-time",))

    def _check_side(self, said: InMsg, accepted: bool, message: Message) -> None:
        """What this side may not say, or not now (D17). Answers come in the order of handling."""
        if self._session is None:
            return
        word = said.type == MessageType.STAFF
        if self.identity.role is Role.CUSTOMER:
            slug = "refuse-customer-staff-word" if word else ""
        else:
            follows = not (self._terms.binds_by_url or self._terms.claims.midway)
            idle = self._session.bound is None and not word and not is_receipt(said)
            slug = "staff-unbound-refused" if idle and follows else ""
        if slug:
            self._book.at_stake((slug,))
            if accepted:
                self._accepted_wrongly(slug, message)

    def _accepted_wrongly(self, slug: str, message: Message) -> None:
        if slug not in self._terms.rules.off:
            self._break(slug, "a refusal: Send with Result false", "accepted", message)

    def _delivered(self, sn: object, word: object, count: object) -> None:
        rules, role = self._terms.rules, self.identity.role
        own_word = rules.customer_word if role is Role.CUSTOMER else rules.staff_word
        own = sn == self.identity.sn if self.identity.sn else word == own_word
        self.has_other_device |= own
        judged = self._session is not None and self._session.rules.unread
        self.counted += judged and type(count) is int and not own

    def _look_for_overdue(self, message: Message) -> None:
        """A message is overdue when frames come so late and its answer has not (D25)."""
        if message.at_ns is None or "answer-in-time" in self._terms.rules.off:
            return
        while self._overdue < len(self._waiting):
            sent = self._waiting[self._overdue]
            if sent.at_ns is None or message.at_ns - sent.at_ns <= self._terms.answer_ns:
                return
            self._overdue += 1
            limit_s = self._terms.answer_ns / 1e9
            waited_s = (message.at_ns - sent.at_ns) / 1e9
            actual = f"none before {waited_s:.1f} s"
            self._break("answer-in-time", f"a Send within {limit_s:g} s", actual, message)

    # Findings

    def _break(self, slug: str, expected: str, actual: str, message: Message) -> None:
        self._found(clause(slug).broken(expected=expected, actual=actual, frame=message.data))

    def _found(self, finding: Finding) -> None:
        if finding.clause != _UNREAD:
            self._book.broken(finding, self._lines)
            return
        self.doubtful += 1
        self.doubt = self.doubt or Doubt(finding, self._lines())

    def _lines(self) -> list[TranscriptLine]:
        """The latest messages as a reader sees them."""
        start_ns = next((m.at_ns for m in self._context if m.at_ns is not None), 0)
        return [_line(message, start_ns) for message in self._context]


def _well_formed(judged: Judged, due: Treatment) -> InMsg | None:
    """The message that a right frame is; None for one that a session cannot follow."""
    value = judged.value
    if (
        value is None
        or due.expectation is not Expectation.ACCEPT
        or value.get("type") not in _TYPES
    ):
        return None
    return InMsg(
        type=str(value["type"]),
        content=str(value.get("content") or ""),
        read=value.get("read") is True,
        titletype=value.get("titletype"),
    )


def _line(message: Message, start_ns: int) -> TranscriptLine:
    t_ms = round(((message.at_ns or start_ns) - start_ns) / 1e6, 3)
    return TranscriptLine(
        t_ms,
        message.connection,
        message.sent,
        "text" if message.text else "binary",
        excerpt(message.data),
        len(message.data),
    )
