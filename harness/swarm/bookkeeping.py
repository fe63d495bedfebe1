"""What becomes of a connection's own messages: told to the ledger, timed, counted.

Knows no frame and no session: a message goes out, and later it has an outcome.
"""

import asyncio

import msgspec

from harness.ledger.digests import digest_of
from harness.ledger.observations import Read, SendOutcome, Sent
from harness.swarm.meter import ACK_BY_KIND, Series
from harness.swarm.stage import Stage
from schemas.messages import InMsg, is_receipt
from schemas.modes import ReadReceipt

_IN_TIME_NS = 1_000_000_000


class Spoken(msgspec.Struct, eq=False):
    """A message of ours on its way. ``conversation`` is None outside this run's conversations.

    ``scheduled`` ones are customers' messages that the schedule asked for. ``answer`` is told
    whether the message was accepted, when that is known.
    """

    conversation: int | None
    seq: int
    digest: int
    due_ns: int
    scheduled: bool = False
    answer: "asyncio.Future[bool] | None" = None


def spoken_digest(message: InMsg, *, tokened: bool) -> int:
    """0 for tokened content, else what tells the message from its untokened neighbours."""
    if tokened:
        return 0
    return digest_of(message.type, message.titletype, message.content)


class Bookkeeper:
    """The books of ``connection``, whose messages are those of ``participant``."""

    def __init__(self, stage: Stage, connection: int, participant: int) -> None:
        self._stage = stage
        self._connection, self._participant = connection, participant
        self._is_staff = stage.setup.is_staff(participant)
        self._is_slow = stage.setup.is_slow(participant)
        self._series = Series.STAFF_ACK if self._is_staff else Series.ACK
        self._unsure = False
        mode = stage.setup.rules.read_receipt
        self._marks_read = mode is not ReadReceipt.NONE

    def sending(self, message: InMsg, spoken: Spoken, now_ns: int, ready_ns: int) -> None:
        """A message is sent now; since ``ready_ns`` nothing but us held it back."""
        stage = self._stage
        stage.outbox.count("frames_sent")
        if is_receipt(message):
            return
        stage.outbox.pending += 1
        if not spoken.scheduled:
            return
        late_ns = now_ns - spoken.due_ns
        stage.meter.count("sent", now_ns)
        stage.outbox.count("scheduled_sent")
        if late_ns <= _IN_TIME_NS:
            stage.outbox.count("sent_in_time")
        if ready_ns <= spoken.due_ns:
            stage.vitals.schedule_lag(late_ns)

    def skipped(self) -> None:
        """An answer passed over a message: which untokened one an answer means is unsure now."""
        self._unsure = True

    def settled(
        self, message: InMsg, spoken: Spoken, sent_ns: int, at_ns: int, outcome: SendOutcome
    ) -> None:
        """A message has its outcome."""
        outbox = self._stage.outbox
        if not is_receipt(message):
            outbox.pending -= 1
            self._tell(spoken, message.type, sent_ns, at_ns, outcome)
            self._count(message, spoken, sent_ns, at_ns, outcome)
        accepted = outcome is SendOutcome.ACKED
        if accepted and message.read and self._marks_read and spoken.conversation is not None:
            outbox.observe(Read(self._connection, spoken.conversation, sent_ns, at_ns))

    def _tell(
        self, spoken: Spoken, kind: str, sent_ns: int, at_ns: int, outcome: SendOutcome
    ) -> None:
        if spoken.conversation is None:
            return
        self._stage.outbox.observe(
            Sent(
                self._connection,
                spoken.conversation,
                self._participant,
                spoken.seq,
                spoken.digest,
                spoken.due_ns,
                sent_ns,
                at_ns,
                outcome,
                kind,
            )
        )

    def _count(
        self, message: InMsg, spoken: Spoken, sent_ns: int, at_ns: int, outcome: SendOutcome
    ) -> None:
        stage = self._stage
        match outcome:
            case SendOutcome.ACKED:
                self._time(spoken, message.type, sent_ns, at_ns)
            case SendOutcome.REFUSED:
                stage.meter.count("refused", at_ns)
                if message.titletype != stage.setup.rules.confirm_word:
                    stage.outbox.count("refused_unexpectedly")
            case _:
                stage.outbox.count(f"timeouts_{self._series}")
                if spoken.scheduled:
                    stage.outbox.count(f"timeouts_{self._series}.{message.type}")

    def _time(self, spoken: Spoken, kind: str, sent_ns: int, at_ns: int) -> None:
        if spoken.digest == 0:
            self._unsure = False
        if self._unsure:
            return
        meter = self._stage.meter
        if (spoken.scheduled or self._is_staff) and not self._is_slow:
            meter.latency(self._series, spoken.due_ns, sent_ns, at_ns)
        if spoken.scheduled:
            meter.count("acked", at_ns)
            if not self._is_slow:
                meter.total(ACK_BY_KIND[kind], spoken.due_ns, sent_ns, at_ns)
