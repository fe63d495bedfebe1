"""One logged-in participant as cases use it: says things, and expects what must come of them.

An expectation that is not met raises :class:`~harness.conformance.stops.Broken` with its clause,
or :class:`~harness.conformance.stops.Blocked` when something else that was found explains it.
"""

import json
from collections.abc import Sequence
from typing import Any

from harness.blocking.channel import Channel
from harness.blocking.deadline import Deadline
from harness.blocking.inbox import Start
from harness.blocking.participant import Participant, Sent
from harness.blocking.wire import Cause, Shape
from harness.conformance.bench import Bench
from harness.conformance.deliveries import Matched, fits, judge, match, repeated
from harness.conformance.evidence import Evidence
from harness.conformance.stops import Blocked, broken
from harness.events import Answered, Delivered, Event, Skipped, Unreadable, Unsolicited
from harness.session_rules import SessionRules
from harness.target import Account
from harness.wire_frames import Opcode, encode_frame
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.messages import InMsg, encode, is_receipt, receipt
from schemas.modes import AckMode, BadInput, ReadReceipt
from schemas.words import MessageType

Msg = dict[str, Any]

NO_SUCH_TYPE = "chatsocket-no-such-type"
LEAVING_S = 2.0
TOO_BIG = 1009
LOSS = "delivery-stored"
RECEIPT_MODES = (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)

_ACCEPTING = {MessageType.TITLE: "in-titletype-word"}


class Chatter:
    """``participant`` with expectations. ``said`` is what it said and had accepted, in order.

    ``missed`` is what the other side said while the account was away.
    """

    def __init__(self, participant: Participant, bench: Bench, evidence: Evidence) -> None:
        self.participant = participant
        self.bench = bench
        self.evidence = evidence
        self.said: list[InMsg] = []
        self.missed: Sequence[InMsg] = ()

    @property
    def account(self) -> Account:
        """Who this is."""
        return self.participant.account

    @property
    def sn(self) -> str:
        """The account's ``SendSn``."""
        return self.account.sn

    @property
    def channel(self) -> Channel:
        """The WebSocket."""
        return self.participant.channel

    @property
    def rules(self) -> SessionRules:
        """What the target may do with messages."""
        return self.participant.terms.rules

    @property
    def now(self) -> int:
        """A mark: what comes after it comes after now."""
        return len(self.participant.events)

    def patience(self) -> Deadline:
        """When an answer to what is said now is missing (D25)."""
        return self.bench.patience()

    # Saying

    def say(self, message: InMsg, spelled: bytes = b"") -> Sent:
        """Send a message, or another text of it; its answer is looked at later."""
        return self.participant.say(message, spelled)

    def say_bytes(self, text: bytes, shape: Shape = Shape.ONE_WRITE) -> Sent:
        """Send any bytes as one text message that one ``Send`` must answer."""
        return self.participant.say_frames([encode_frame(Opcode.TEXT, text)], shape)

    def tell(self, message: InMsg) -> Msg:
        """Send a message that must be accepted; the ``msg`` of its ``Send``."""
        return self.accepted(self.say(message))

    # What must come of it

    def accepted(self, sent: Sent, breaks: str = "", missing: str = "ack-one-per-message") -> Msg:
        """The ``msg`` of the ``Send`` that accepts ``sent``; {} where ``Send`` has none (D21).

        A refusal breaks ``breaks``, by default the clause that such messages are taken; silence
        breaks ``missing``.
        """
        if self.bench.profile.dialect.ack is AckMode.NONE:
            self._took(sent)
            return {}
        answer = self.answer(sent, missing)
        if not answer.accepted:
            kind = sent.message.type if sent.message is not None else MessageType.TEXT
            slug = breaks or _ACCEPTING.get(MessageType(kind), "in-type-word")
            error = str(answer.frame.get("Error"))[:200]
            raise broken(slug, f"this {kind} accepted", f"refused: {error}", frame=shown(answer))
        self._took(sent)
        msg = answer.frame.get("msg")
        return msg if isinstance(msg, dict) else {}

    def _took(self, sent: Sent) -> None:
        if sent.message is not None and not is_receipt(sent.message):
            self.said.append(sent.message)

    def refused(self, sent: Sent, breaks: str) -> str:
        """The ``Error`` of the ``Send`` that refuses ``sent``; acceptance breaks ``breaks``."""
        answer = self.answer(sent, missing="refusal-one-send")
        if answer.accepted:
            raise broken(
                breaks, "a refusal: Send with Result false", "accepted", frame=shown(answer)
            )
        return str(answer.frame.get("Error") or "")

    def answer(self, sent: Sent, missing: str = "ack-one-per-message") -> Answered:
        """The ``Send`` for ``sent``, whatever it says; its absence breaks ``missing``."""
        mark = len(self.evidence.findings)

        def ends(event: Event) -> bool:
            ours = isinstance(event, Answered | Skipped) and event.pending.tag is sent
            return ours or isinstance(event, Unsolicited | Unreadable)

        event = self.participant.wait_for(ends, self.bench.patience(missing), sent.at)
        if isinstance(event, Answered):
            return event
        self._explain(event, mark)
        if self.channel.ended is not None and self.channel.ended.code == TOO_BIG:
            raise broken("limit-below-accepted", "the message taken", "close 1009")
        raise broken(missing, "one Send", self._silence())

    def _explain(self, event: Event | None, mark: int) -> None:
        """Blocked, when ``event`` or the end of the connection broke something else."""
        odd = isinstance(event, Unsolicited | Unreadable)
        ended = self.channel.ended is not None and self.channel.ended.cause is Cause.VIOLATION
        found = self.evidence.latest(0 if ended else mark) if odd or ended else None
        if found is not None:
            raise Blocked(f"could not go on: {found}", found)

    def _silence(self) -> str:
        if self.channel.ended is not None:
            return f"the connection was ended by {self.channel.ended}"
        return f"nothing in {self.bench.answer_s:g} s"

    # Receiving

    def received(self, sender: "Chatter", since: int = 0) -> list[Delivered]:
        """Every ``Receive`` of ``sender``'s messages so far."""
        events = self.participant.deliveries(since)
        return [event for event in events if event.msg.get("SendSn") == sender.sn]

    def receives(self, sender: "Chatter", *expected: InMsg, since: int = 0) -> list[Delivered]:
        """The first deliveries of ``expected``, which are all that ``sender`` has said since.

        What is wrong breaks delivery-stored, -once, -order or the clause of the content.
        """
        matched, arrived = self._await(sender, expected, since)
        found = [
            *self._misattributed(sender, matched, expected, since),
            *judge(matched, expected, [event.msg for event in arrived], self.missed),
        ]
        for finding in (*found, *self._repeated(sender)):
            self.evidence.report(finding)
        if not matched.complete:
            raise Blocked(f"could not go on: {found[0]}", found[0])
        return [arrived[places[0]] for places in matched.expected]

    def receives_one(self, sender: "Chatter", message: InMsg, since: int = 0) -> Delivered:
        """The one delivery of ``message``."""
        return self.receives(sender, message, since=since)[0]

    def receives_content(self, message: InMsg) -> Delivered | None:
        """The first delivery that fits ``message``, whoever it claims to be from."""
        patience = self.bench.patience(LOSS)
        came = self.participant.delivery(lambda msg: fits(self.rules, message, msg), patience)
        if came is None:
            self.misses()
        return came

    def misses(self) -> None:
        """What must come has not: Blocked where the run has shown that messages get lost.

        It proves nothing else then, but in a case that looks for losses itself.
        """
        if LOSS in self.bench.reported and LOSS not in self.evidence.spec.clauses:
            raise Blocked(f"could not go on: a message is missing, as others were ({LOSS})")

    def has_received(self, sender: "Chatter", message: InMsg, since: int = 0) -> bool:
        """Whether ``message`` has arrived so far."""
        return any(fits(self.rules, message, event.msg) for event in self.received(sender, since))

    def _await(
        self, sender: "Chatter", expected: Sequence[InMsg], since: int
    ) -> tuple[Matched, list[Delivered]]:
        """Read until all that is expected has come, something else has, or patience ends.

        What comes after a gap shows that the gap is no slowness: then patience is short.
        """
        patience = self._patience_for(expected)
        others = [message for message in sender.said if message not in expected]
        while True:
            arrived = self.received(sender, since)
            matched = match(self.rules, expected, [event.msg for event in arrived], others)
            if matched.has_gap:
                patience = patience.sooner(self.bench.short_s)
            changed = [arrived[place].msg.get("content") for place in matched.strangers]
            if changed and not any(self.bench.is_ours(content) for content in changed):
                patience = patience.sooner(self.bench.moment_s)  # the server may speak for itself
                changed = []
            if matched.complete or changed or not self.participant.hear(patience):
                return matched, arrived

    def _patience_for(self, expected: Sequence[InMsg]) -> Deadline:
        missed = any(message in self.missed for message in expected)
        return self.bench.patience("replay-unread" if missed else LOSS)

    def _misattributed(
        self, sender: "Chatter", matched: Matched, expected: Sequence[InMsg], since: int
    ) -> list[Finding]:
        """What of ``expected`` has come under another name than ``sender``'s."""
        strangers = [
            event
            for event in self.participant.deliveries(since)
            if event.msg.get("SendSn") != sender.sn
        ]
        return [
            clause("sender-identity").broken(
                expected=repr(sender.sn),
                actual=repr(event.msg.get("SendSn"))[:200],
                pointer="/msg/SendSn",
                frame=shown(event),
            )
            for message, places in zip(expected, matched.expected, strict=True)
            if not places
            for event in strangers
            if message.content and fits(self.rules, message, event.msg)
        ]

    def _repeated(self, sender: "Chatter") -> list[Finding]:
        return repeated(self.rules, sender.said, [event.msg for event in self.received(sender)])

    def order_of(self, sender: "Chatter", *expected: InMsg) -> list[int]:
        """The numbers of ``expected``, from 1, in the order in which they have come.

        Reads until all have, or patience ends; that some came twice is another clause's matter.
        """
        patience = self._patience_for(expected)
        while True:
            arrived = [event.msg for event in self.received(sender)]
            matched = match(self.rules, expected, arrived)
            if matched.complete or not self.participant.hear(patience):
                break
        if not matched.complete:
            self.misses()
        return matched.order

    # Earlier times

    def begin_anew(self) -> None:
        """What has been sent here until now is of earlier cases, where accounts are used again."""
        if not self.bench.owns_the_pool:
            self.participant.inbox.begin_anew(self._start)

    @property
    def _start(self) -> Start:
        profile = self.bench.profile
        if profile.dialect.read_receipt in RECEIPT_MODES:
            return Start.NOTHING
        return Start.TOLD if profile.capabilities.replay_unread else Start.NEXT

    # Silence

    def catch_up(self, *, reading: bool = True) -> None:
        """Read everything that the server had decided to send here until now.

        A sentinel in the same stream, answered by one ``Send``: a pure receipt, or with ``reading``
        false (or where the target knows no receipts) an unknown type, which changes nothing. A ping
        where neither is answered.
        """
        dialect = self.bench.profile.dialect
        knows_receipts = dialect.read_receipt in RECEIPT_MODES
        if dialect.ack is AckMode.NONE:
            if reading and knows_receipts:
                self.participant.say(receipt())
            self._ping_pong()
        elif reading and knows_receipts:
            self.accepted(self.participant.say(receipt()), "receipt-acknowledged")
        elif dialect.on_bad_input is BadInput.CLOSE:
            self._ping_pong()
        else:
            self.answer(self.say_bytes(encode(InMsg(NO_SUCH_TYPE, "sentinel"))))

    def hear_out(self) -> None:
        """Read what has been sent here, and say nothing that an answer could be mistaken for."""
        self._ping_pong()

    def _ping_pong(self) -> None:
        self.channel.ping(b"sentinel", self.patience())
        patience = self.patience()
        while self.channel.ended is None and self.participant.hear(patience):
            if self.participant.pongs and self.participant.pongs[-1] == b"sentinel":
                return

    # Leaving

    def leave(self) -> None:
        """Close, and do not wait long for the answer."""
        self.channel.close(Deadline.after(min(LEAVING_S, self.bench.answer_s)))


def shown(event: Answered | Delivered) -> str:
    """A frame as JSON, for findings."""
    return json.dumps(event.frame, ensure_ascii=False)
