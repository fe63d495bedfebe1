"""One logged-in participant as cases use it: says things, and expects what must come of them.

An expectation that is not met raises :class:`~harness.conformance.stops.Broken` with its clause,
or :class:`~harness.conformance.stops.Blocked` when something else that was found explains it.
"""

from typing import Any

from harness.blocking.channel import Channel
from harness.blocking.deadline import Deadline
from harness.blocking.inbox import Start
from harness.blocking.participant import Sent
from harness.blocking.wire import Cause, Shape
from harness.conformance.listener import Listener, shown
from harness.conformance.stops import Blocked, Broken, NotApplicable, broken
from harness.events import Answered, Event, Skipped, Unreadable, Unsolicited
from harness.target import Profile
from harness.wire_frames import Opcode, encode_frame
from schemas.messages import InMsg, encode, is_receipt, receipt
from schemas.modes import AckMode, BadInput, ReadReceipt
from schemas.words import MessageType

Msg = dict[str, Any]

NO_SUCH_TYPE = "chatsocket-no-such-type"
LEAVING_S = 2.0
LOGIN_ALONE = 1
BETWEEN_FRAMES_S = 0.005
MOST_BACKLOG_S = 60.0
TOO_BIG, POLICY_VIOLATION = 1009, 1008
RECEIPT_MODES = (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)

_ACCEPTING = {MessageType.TITLE: "in-titletype-word"}


def start_of(profile: Profile) -> Start:
    """Where counting begins for whoever has had earlier times."""
    if profile.dialect.read_receipt in RECEIPT_MODES:
        return Start.NOTHING
    return Start.TOLD if profile.capabilities.replay_unread else Start.NEXT


class Chatter(Listener):
    """A listener that speaks, and expects to be answered."""

    @property
    def channel(self) -> Channel:
        """The WebSocket."""
        return self.participant.channel

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
        kind = sent.message.type if sent.message is not None else MessageType.TEXT
        slug = breaks or _ACCEPTING.get(MessageType(kind), "in-type-word")
        try:
            answer = self.answer(sent, missing)
        except Broken:
            if self._refused_by_close:
                why = f"refused by {self.channel.ended}"
                raise broken(slug, f"this {kind} accepted", why) from None
            raise
        if not answer.accepted:
            error = str(answer.frame.get("Error"))[:200]
            raise broken(slug, f"this {kind} accepted", f"refused: {error}", frame=shown(answer))
        self._took(sent)
        msg = answer.frame.get("msg")
        return msg if isinstance(msg, dict) else {}

    def _took(self, sent: Sent) -> None:
        if sent.message is not None and not is_receipt(sent.message):
            self.said.append(sent.message)

    def refused(self, sent: Sent, breaks: str) -> str:
        """The ``Error`` of the ``Send`` that refuses ``sent``; acceptance breaks ``breaks``.

        NotApplicable where bad input closes, and this has closed too: what of all that is refused
        counts as bad input is the target's choice (D17).
        """
        try:
            answer = self.answer(sent, missing="refusal-one-send")
        except Broken:
            if self._refused_by_close:
                raise NotApplicable("the target refuses this by a Close as well") from None
            raise
        if answer.accepted:
            raise broken(
                breaks, "a refusal: Send with Result false", "accepted", frame=shown(answer)
            )
        return str(answer.frame.get("Error") or "")

    @property
    def _refused_by_close(self) -> bool:
        end = self.channel.ended
        closes = self.bench.profile.dialect.on_bad_input is BadInput.CLOSE
        return closes and end is not None and end.code == POLICY_VIOLATION

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

    # Earlier times

    def begin_anew(self) -> None:
        """What has been sent here until now is of earlier cases, where accounts are used again."""
        if not self.bench.owns_the_pool:
            self.participant.inbox.begin_anew(start_of(self.bench.profile))

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

    def hear_backlog(self) -> None:
        """Where nothing is ever read: take in what has piled up, as long as it keeps coming.

        It is no slowness of the server that its next answer stands behind all that. Pings pile up
        nothing, and :data:`MOST_BACKLOG_S` is enough of anything.
        """
        self.channel.ping(b"backlog", self.patience())
        ends, patience, seen = Deadline.after(MOST_BACKLOG_S), self.patience(), self.now
        while b"backlog" not in self.participant.pongs:
            if ends.passed or not self.participant.hear(patience):
                return
            if self.now > seen:
                patience, seen = self.patience(), self.now
        if self.now > LOGIN_ALONE:
            while not ends.passed and self.participant.hear(Deadline.after(BETWEEN_FRAMES_S)):
                pass

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
