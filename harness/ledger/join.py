"""Both ends of every message brought together, event by event, in the order of time.

One method for each kind of observation. Knows no report and no worker's horizon: what is told here
is complete up to its time.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from harness.ledger.ack_rows import CONNECTION, CUSTOMER, Rows, sents_of
from harness.ledger.ack_runs import by_customer, owe
from harness.ledger.deliveries import Arrivals, Deliveries
from harness.ledger.evidence import NO_SHADOW, cloud, prove
from harness.ledger.intake import WorkerGone
from harness.ledger.lanes import Connection, Conversation, Lane, Receipt
from harness.ledger.observations import (
    Bound,
    Closed,
    Intruded,
    Opened,
    Read,
    Received,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.presence import Presence, end_all
from harness.ledger.settlement import close_lane, overtaken, settle_early, write_off
from harness.ledger.strays import Strays
from harness.ledger.tally import MessageKey

_ACKED = SendOutcome.ACKED
_MOST_EARLY = 200_000  # receipts that nobody has said to have sent
_MOST_OVERTAKEN = 100  # that are told of while it is not certain


class Join:
    """The run as far as it is known. State follows conversations, what is open, and anomalies.

    ``overtaken`` are the first messages that seem lost, while it is not certain.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        presence: Presence,
        *,
        patience_ns: int,
        linger_ns: int,
        replays: bool,
    ) -> None:
        """``replays``: a connection gets what its side has not read (D12), so absence is proof.

        ``linger_ns``: so long may the server handle what was sent on a connection that has ended.
        """
        self._deliveries = deliveries
        self._tally = deliveries.tally
        self._strays = Strays(deliveries, patience_ns)
        self._patience_ns, self._linger_ns = patience_ns, linger_ns
        self._replays = replays
        self._presence = presence
        self._connections = presence.connections
        self._leaving: deque[tuple[int, Connection]] = deque()
        self._senders = deliveries.senders
        self._early = 0
        self.overtaken: list[MessageKey] = []
        self._shadow = NO_SHADOW  # of the workers that are gone
        self.handlers: Mapping[type, Any] = {
            Opened: self._opened,
            Closed: self._closed,
            Bound: self._presence.bound,
            Unbound: self._presence.unbound,
            Sent: self.sent,
            Received: self._received,
            Read: self._was_read,
            Intruded: self._intruded,
            WorkerGone: self._gone,
        }

    def advance(self, now_ns: int) -> int:
        """Everything up to ``now_ns`` is told: settle what has waited long enough.

        Returns when something will have, at the earliest.
        """
        next_ns = self._strays.advance(now_ns)
        latest_ns = now_ns - self._patience_ns
        while self._leaving and self._leaving[0][0] <= latest_ns:
            at_ns, connection = self._leaving.popleft()
            write_off(self._deliveries, connection, at_ns, complete=False)
        if self._leaving:
            next_ns = min(next_ns, self._leaving[0][0] + self._patience_ns)
        return next_ns

    def finish(self, at_ns: int, *, complete: bool) -> None:
        """Nothing more will be told: every expectation ends, lost or in flight.

        ``complete``: every connection that is still open stayed so through the whole drain.
        """
        if complete and self._replays:
            for connection in self._connections.values():
                for conversation in connection.entitled:
                    self._prove(conversation, connection, at_ns)
        self._strays.finish()
        while self._leaving:
            write_off(self._deliveries, self._leaving.popleft()[1], at_ns, complete=False)
        for connection in self._connections.values():
            write_off(self._deliveries, connection, at_ns, complete=complete)
        for lane in self._presence.lanes():
            close_lane(self._deliveries, lane, at_ns)

    def owing(self, *, to_staff: bool) -> set[int]:
        """The conversations in which a side as a whole still has to get something."""
        return {c.number for c in self._presence.conversations.values() if c.owing[to_staff]}

    def size(self) -> int:
        """How many entries the whole state has: what a bound on memory can be measured by."""
        inlets = sum(
            inlet.size for conn in self._connections.values() for inlet in conn.inlets.values()
        )
        lanes = sum(lane.size for lane in self._presence.lanes())
        return len(self._connections) + len(self._strays) + len(self._leaving) + inlets + lanes

    # Connections

    def _opened(self, seen: Opened) -> None:
        connection = self._presence.opened(seen)
        self._senders.plays(seen.participant, connection.worker)

    def _closed(self, seen: Closed) -> None:
        connection = self._connections.pop(seen.connection, None)
        if connection is not None:
            self._leave(connection, seen.at_ns)

    def _leave(self, connection: Connection, at_ns: int) -> None:
        """A connection ends. What it missed without proof passes to its side as a whole.

        Where a later message had come, it is lost, once every stray has had its time.
        """
        end_all(connection)
        side = connection.is_staff
        for conversation, read_ns in connection.reads.items():
            cloud(conversation, connection, read_ns)
        if not connection.gone:
            for inlet in connection.inlets.values():
                if inlet.lane.from_staff != side:
                    for seq in [seq for seq in inlet.owed if seq > inlet.latest]:
                        self._deliveries.release(inlet, seq)
        self._leaving.append((at_ns, connection))

    def _intruded(self, seen: Intruded) -> None:
        self._presence.conversation(seen.conversation).intruded = True

    def _gone(self, seen: WorkerGone) -> None:
        self._deliveries.abandon(seen.worker, seen.unaccounted)
        self._shadow = self._shadow.joined(seen.at_ns, seen.gone_ns)
        for connection in self._presence.of_worker(seen.worker):
            connection.gone = True
            if connection.held is not None and connection.fence_ns < connection.released_ns:
                connection.reads[connection.held] = seen.gone_ns
            del self._connections[connection.number]
            self._leave(connection, seen.at_ns)
        for lane in self._presence.lanes():
            if self._senders.vanished(lane.sender):
                self._early -= settle_early(self._deliveries, lane)

    # Messages

    def acked(self, rows: Rows) -> None:
        """As :meth:`sent` for each of ``rows``: what is each conversation's own, all at once."""
        few, many = by_customer(rows)
        for sent in few:
            self.sent(sent)
        for own in many:
            self._said_in_a_row(own)

    def _said_in_a_row(self, rows: Rows) -> None:
        conversation = self._presence.conversation(int(rows[0, CUSTOMER]))
        connection = self._connections.get(int(rows[0, CONNECTION]))
        if conversation.opening:  # the first of a case is more than the commonest
            self.sent(*sents_of(rows[:1]))
            rows = rows[1:]
        if connection is None or not owe(conversation, connection, rows, self._tally):
            for sent in sents_of(rows):
                self.sent(sent)

    def sent(self, seen: Sent) -> None:
        """One message has its outcome."""
        conversation = self._presence.conversations.get(seen.conversation)
        if conversation is None:
            conversation = self._presence.conversation(seen.conversation)
        lane, seq = conversation.lanes.get(seen.sender) or conversation.lane(seen.sender), seen.seq
        if not lane.sent.add(seq):
            return
        tally, outcome = self._tally, seen.outcome
        tally.sent += 1
        if seen.digest:
            lane.remember(seen)
        if outcome is _ACKED:
            tally.acked += 1
            self._answered(seen, conversation)
            self._deliveries.expect(lane, seen, self._arrivals(lane, seq) if lane.early else {})
            if seen.digest:
                self._strays.told(lane, seq)
            return
        if outcome is SendOutcome.UNKNOWN:
            tally.unknown += 1
            lane.unknown.add(seq)
            self._may_have_read(seen, conversation)
        else:
            tally.refused += 1
            self._answered(seen, conversation)
            lane.refused.add(seq)
        for receipt in self._arrivals(lane, seq).values():
            self._deliveries.surplus(receipt, seq)

    def _answered(self, seen: Sent, conversation: Conversation) -> None:
        """An answer came: what its connection gets from now on was written after the send.

        And what its side had been owed before the send should have come by now.
        """
        connection, sent_ns = self._connections.get(seen.connection), seen.sent_ns
        if connection is None:
            return
        connection.fence_ns = max(connection.fence_ns, sent_ns)
        if (
            conversation.owing[connection.is_staff]
            and self._replays
            and connection.held is conversation
            and connection.held_ns < sent_ns <= connection.released_ns
        ):
            self._prove(conversation, connection, sent_ns)

    def _prove(self, conversation: Conversation, by: Connection, before_ns: int) -> None:
        """What ``by`` did not get is lost, as far as no vanished worker may have read it.

        Its staff may have confirmed anybody; its customers have but their own conversations.
        """
        shaded = by.is_staff or self._senders.vanished(conversation.number)
        prove(conversation, by, before_ns, self._shadow if shaded else NO_SHADOW)

    def _may_have_read(self, seen: Sent, conversation: Conversation) -> None:
        """A send without an answer may have happened, and may have said ``read``."""
        connection = self._connections.get(seen.connection)
        if connection is not None:
            latest_ns = connection.reads.get(conversation, 0)
            connection.reads[conversation] = max(latest_ns, seen.done_ns + self._linger_ns)

    def _arrivals(self, lane: Lane, seq: int) -> Arrivals:
        """Receipts that were told before the message itself."""
        receipts = lane.early.pop(seq, ())
        self._early -= len(receipts)
        return {receipt.inlet.connection: receipt for receipt in receipts}

    def _received(self, seen: Received) -> None:
        connection = self._connections.get(seen.connection)
        if connection is None:
            return
        lane = self._presence.conversation(seen.conversation).lane(seen.sender)
        inlet = connection.inlet(lane)
        seq, at_ns, latest = seen.seq, seen.at_ns, inlet.latest
        if seq < 0:
            self._strays.arrive(inlet, seen)
            return
        if not inlet.had(seq, at_ns):
            self._deliveries.repeat(inlet, seq, at_ns)
            return
        if inlet.order.token(seq, connection.binding):
            self._deliveries.irregular("reordered", inlet, seq, at_ns)
        if inlet.order:
            self._strays.revisit(inlet)
        if seq > latest + 1 and inlet.owed and len(self.overtaken) < _MOST_OVERTAKEN:
            self.overtaken += overtaken(inlet, latest, seq)
        receipt = Receipt(inlet, at_ns, connection.fence_ns)
        if seq in lane.sent:
            self._deliveries.arrive(receipt, seq)
        elif self._senders.vanished(lane.sender):
            self._deliveries.raise_ghost(inlet, seq, at_ns)
        elif self._early < _MOST_EARLY:
            lane.early.setdefault(seq, []).append(receipt)
            self._early += 1
        else:
            self._deliveries.unexpected(inlet, seq, at_ns)

    def _was_read(self, seen: Read) -> None:
        connection = self._connections.get(seen.connection)
        if connection is None:
            return
        conversation = self._presence.conversation(seen.conversation)
        connection.reads[conversation] = seen.sent_ns
        for inlet in tuple(connection.fresh):
            if inlet.lane.conversation is conversation:
                runs = inlet.unread.take(seen.sent_ns)
                if runs:
                    inlet.lane.read.cover(runs, seen.done_ns)
                if not inlet.unread:
                    connection.fresh.discard(inlet)
