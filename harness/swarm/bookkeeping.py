"""What becomes of a connection's own messages: told to the ledger, timed, counted.

Knows no frame and no session: a message goes out, and later it has an outcome.
"""

from harness.ledger.ack_rows import KINDS, ack_row
from harness.ledger.observations import Read, SendOutcome, Sent
from harness.swarm.departures import departure
from harness.swarm.meter import ACK_BY_KIND, Series
from harness.swarm.spoken import Spoken
from harness.swarm.stage import Stage
from schemas.messages import InMsg, is_receipt
from schemas.modes import ReadReceipt

_ACKED = SendOutcome.ACKED
_PLACES = {kind: place for place, kind in enumerate(KINDS)}
_NOBODYS = -1


class Bookkeeper:
    """The books of ``connection``, whose messages are those of ``participant``."""

    __slots__ = (
        "_connection",
        "_departed",
        "_is_plain",
        "_is_slow",
        "_is_staff",
        "_marks_read",
        "_note_ack",
        "_own",
        "_participant",
        "_series",
        "_stage",
        "_unsure",
    )

    def __init__(self, stage: Stage, connection: int, participant: int) -> None:
        self._stage = stage
        self._note_ack, self._departed = stage.acks.note, stage.departures.note
        self._connection, self._participant = connection, participant
        self._is_staff = stage.setup.is_staff(participant)
        self._is_slow = stage.setup.is_slow(participant)
        self._series = Series.STAFF_ACK if self._is_staff else Series.ACK
        self._is_plain = not self._is_staff and not self._is_slow
        self._own = participant if self._is_plain else _NOBODYS
        self._unsure = False
        mode = stage.setup.rules.read_receipt
        self._marks_read = mode is not ReadReceipt.NONE

    def sending(self, message: InMsg, spoken: Spoken, now_ns: int, ready_ns: int) -> None:
        """A message is sent now; since ``ready_ns`` nothing but us held it back."""
        stage = self._stage
        outbox = stage.outbox
        outbox.frames_sent += 1
        if not message.content and is_receipt(message):
            return
        outbox.pending += 1
        if not spoken.scheduled:
            return
        self._departed(departure(spoken.due_ns, now_ns, ready_ns))

    def skipped(self) -> None:
        """An answer passed over a message: which untokened one an answer means is unsure now."""
        self._unsure = True

    def settled(
        self, message: InMsg, spoken: Spoken, sent_ns: int, at_ns: int, outcome: SendOutcome
    ) -> None:
        """A message has its outcome."""
        stage, conversation, due_ns = self._stage, spoken.conversation, spoken.due_ns
        outbox, accepted = stage.outbox, outcome is _ACKED
        if message.content or not is_receipt(message):
            outbox.pending -= 1
            kind = message.type
            if (
                accepted
                and spoken.digest == 0
                and spoken.scheduled
                and conversation == self._own
                and kind in _PLACES
            ):
                self._unsure = False
                place, on = _PLACES[kind], self._connection
                self._note_ack(ack_row(place, on, conversation, spoken.seq, due_ns, sent_ns, at_ns))
            else:
                self._settle(message, spoken, sent_ns, at_ns, outcome)
        if message.read and accepted and self._marks_read and conversation is not None:
            outbox.observe(Read(self._connection, conversation, sent_ns, at_ns))

    def _settle(
        self, message: InMsg, spoken: Spoken, sent_ns: int, at_ns: int, outcome: SendOutcome
    ) -> None:
        """Of any message but a receipt."""
        kind, conversation, due_ns = message.type, spoken.conversation, spoken.due_ns
        seq, digest = spoken.seq, spoken.digest
        if conversation is not None:
            sender, on = self._participant, self._connection
            self._stage.outbox.observe(
                Sent(on, conversation, sender, seq, digest, due_ns, sent_ns, at_ns, outcome, kind)
            )
        if outcome is _ACKED:
            self._time(spoken, kind, sent_ns, at_ns)
        else:
            self._count(message, spoken, at_ns, outcome)

    def _count(self, message: InMsg, spoken: Spoken, at_ns: int, outcome: SendOutcome) -> None:
        """A message was not accepted."""
        stage = self._stage
        if outcome is SendOutcome.REFUSED:
            stage.meter.count("refused", at_ns)
            if message.titletype != stage.setup.rules.confirm_word:
                stage.outbox.count("refused_unexpectedly")
                stage.meter.count("refused_unexpectedly", at_ns)
            return
        stage.outbox.count(f"timeouts_{self._series}")
        stage.meter.count("unknown", at_ns)
        if spoken.scheduled:
            stage.outbox.count(f"timeouts_{self._series}.{message.type}")

    def _time(self, spoken: Spoken, kind: str, sent_ns: int, at_ns: int) -> None:
        """A message was accepted at ``at_ns``."""
        if spoken.digest == 0:
            self._unsure = False
        if self._unsure:
            return
        meter, scheduled = self._stage.meter, spoken.scheduled
        if scheduled and self._is_plain and kind in ACK_BY_KIND:
            meter.acked(kind, spoken.due_ns, sent_ns, at_ns)
            return
        if (scheduled or self._is_staff) and not self._is_slow:
            meter.latency(self._series, spoken.due_ns, sent_ns, at_ns)
        if scheduled:
            meter.count("acked", at_ns)
            if not self._is_slow and kind in ACK_BY_KIND:
                meter.total(ACK_BY_KIND[kind], spoken.due_ns, sent_ns, at_ns)
