"""Both ends of every message brought together, event by event, in the order of time.

One method for each kind of observation. Knows no report and no worker's horizon: what is told here
is complete up to its time.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from harness.ledger.deliveries import Arrivals, Deliveries
from harness.ledger.evidence import cloud, prove
from harness.ledger.intake import WorkerGone
from harness.ledger.lanes import Connection, Conversation, Lane, Receipt
from harness.ledger.observations import (
    Bound,
    Closed,
    Opened,
    Read,
    Received,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.strays import Strays

_NEVER_NS = 1 << 63


class Join:
    """The run as far as it is known. State follows conversations, what is open, and anomalies."""

    def __init__(self, deliveries: Deliveries, patience_ns: int, *, replays: bool) -> None:
        """``replays``: a connection gets what its side has not read (D12), so absence is proof."""
        self._deliveries = deliveries
        self._tally = deliveries.tally
        self._strays = Strays(deliveries, patience_ns)
        self._patience_ns = patience_ns
        self._replays = replays
        self._connections: dict[int, Connection] = {}
        self._conversations: dict[int, Conversation] = {}
        self._leaving: deque[tuple[int, Connection]] = deque()
        self._homes: dict[int, int] = {}  # participant: the worker that plays it
        self.handlers: Mapping[type, Any] = {
            Opened: self._opened,
            Closed: self._closed,
            Bound: self._bound,
            Unbound: self._unbound,
            Sent: self._sent,
            Received: self._received,
            Read: self._was_read,
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
            self._write_off(connection, at_ns, complete=False)
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
                    prove(conversation, connection, at_ns)
        self._strays.finish()
        while self._leaving:
            self._write_off(self._leaving.popleft()[1], at_ns, complete=False)
        for connection in self._connections.values():
            self._write_off(connection, at_ns, complete=complete)
        for lane in self._lanes():
            self._finish_lane(lane, at_ns)

    def owing(self, *, to_staff: bool) -> set[int]:
        """The conversations in which a side as a whole still has to get something."""
        return {c.number for c in self._conversations.values() if c.owing[to_staff]}

    def size(self) -> int:
        """How many entries the whole state has: what a bound on memory can be measured by."""
        inlets = sum(
            inlet.size for conn in self._connections.values() for inlet in conn.inlets.values()
        )
        lanes = sum(lane.size for lane in self._lanes())
        return len(self._connections) + len(self._strays) + len(self._leaving) + inlets + lanes

    # Connections

    def _opened(self, seen: Opened) -> None:
        connection = Connection(seen.connection, seen.participant, seen.is_staff, seen.asked_ns)
        self._connections[seen.connection] = connection
        self._homes[seen.participant] = connection.worker
        if not seen.is_staff:
            self._entitle(connection, self._conversation(seen.participant), seen.at_ns)

    def _closed(self, seen: Closed) -> None:
        connection = self._connections.pop(seen.connection, None)
        if connection is not None:
            self._leave(connection, seen.at_ns)

    def _leave(self, connection: Connection, at_ns: int) -> None:
        """A connection ends. What it missed without proof passes to its side as a whole.

        Where a later message had come, it is lost, once every stray has had its time.
        """
        for conversation in tuple(connection.entitled):
            self._disentitle(connection, conversation)
        side = connection.is_staff
        for conversation, read_ns in connection.reads.items():
            cloud(conversation, connection, read_ns)
        if not connection.gone:
            for inlet in connection.inlets.values():
                if inlet.lane.from_staff != side:
                    for seq in [seq for seq in inlet.owed if seq > inlet.latest]:
                        self._deliveries.release(inlet, seq)
        self._leaving.append((at_ns, connection))

    def _bound(self, seen: Bound) -> None:
        connection = self._connections.get(seen.connection)
        if connection is not None:
            connection.binding += 1
            self._entitle(connection, self._conversation(seen.conversation), seen.at_ns)

    def _unbound(self, seen: Unbound) -> None:
        connection = self._connections.get(seen.connection)
        conversation = self._conversation(seen.conversation)
        if connection is not None and conversation in connection.entitled:
            connection.released_ns = seen.at_ns
            self._disentitle(connection, conversation)

    def _entitle(self, connection: Connection, conversation: Conversation, at_ns: int) -> None:
        conversation.entitled[connection] = connection.entitled[conversation] = at_ns
        connection.held, connection.held_ns = conversation, at_ns
        connection.released_ns = _NEVER_NS

    def _disentitle(self, connection: Connection, conversation: Conversation) -> None:
        del conversation.entitled[connection], connection.entitled[conversation]
        if connection.is_staff and not any(c.is_staff for c in conversation.entitled):
            conversation.opening = True

    def _gone(self, seen: WorkerGone) -> None:
        senders = [who for who, worker in self._homes.items() if worker == seen.worker]
        self._deliveries.abandon(senders, seen.unaccounted)
        for connection in [c for c in self._connections.values() if c.worker == seen.worker]:
            connection.gone = True
            del self._connections[connection.number]
            self._leave(connection, seen.at_ns)
        for lane in self._lanes():
            if self._deliveries.is_ghost(lane):
                self._settle_early(lane)

    # Messages

    def _sent(self, seen: Sent) -> None:
        conversation = self._conversation(seen.conversation)
        lane = conversation.lane(seen.sender)
        if not lane.sent.add(seen.seq):
            return
        tally = self._tally
        tally.sent += 1
        if seen.digest:
            lane.remember(seen)
        outcome = seen.outcome
        if outcome is SendOutcome.UNKNOWN:
            tally.unknown += 1
            lane.unknown.add(seen.seq)
            self._may_have_read(seen, conversation)
        else:
            self._answered(seen, conversation)
            if outcome is SendOutcome.ACKED:
                tally.acked += 1
                self._deliveries.expect(lane, seen, self._arrivals(lane, seen))
                if seen.digest:
                    self._strays.told(lane, seen.seq)
                return
            tally.refused += 1
            lane.refused.add(seen.seq)
        for receipt in lane.early.pop(seen.seq, ()):
            self._deliveries.surplus(receipt, seen.seq)

    def _answered(self, seen: Sent, conversation: Conversation) -> None:
        """An answer came: what its connection gets from now on was written after the send.

        And what its side had been owed before the send should have come by now.
        """
        connection = self._connections.get(seen.connection)
        if connection is None:
            return
        connection.fence_ns = max(connection.fence_ns, seen.sent_ns)
        side = connection.is_staff
        if (
            conversation.owing[side]
            and self._replays
            and connection.held is conversation
            and connection.held_ns < seen.sent_ns <= connection.released_ns
        ):
            prove(conversation, connection, seen.sent_ns)

    def _may_have_read(self, seen: Sent, conversation: Conversation) -> None:
        """A send without an answer may have happened, and may have said ``read``."""
        connection = self._connections.get(seen.connection)
        if connection is not None:
            latest_ns = connection.reads.get(conversation, 0)
            connection.reads[conversation] = max(latest_ns, seen.sent_ns)

    def _arrivals(self, lane: Lane, seen: Sent) -> Arrivals:
        """Receipts that were told before the message itself."""
        if not lane.early:
            return {}
        return {receipt.inlet.connection: receipt for receipt in lane.early.pop(seen.seq, ())}

    def _received(self, seen: Received) -> None:
        connection = self._connections.get(seen.connection)
        if connection is None:
            return
        lane = self._conversation(seen.conversation).lane(seen.sender)
        inlet = connection.inlet(lane)
        seq, at_ns = seen.seq, seen.at_ns
        if seq < 0:
            self._strays.arrive(inlet, seen)
            return
        if not inlet.had(seq, at_ns):
            self._deliveries.irregular("duplicated", inlet, seq, at_ns)
            return
        if inlet.order.token(seq, connection.binding):
            self._deliveries.irregular("reordered", inlet, seq, at_ns)
        if inlet.order:
            self._strays.revisit(inlet)
        receipt = Receipt(inlet, at_ns, connection.fence_ns)
        if seq in lane.sent:
            self._deliveries.arrive(receipt, seq)
        elif self._deliveries.is_ghost(lane):
            self._deliveries.raise_ghost(inlet, seq, at_ns)
        else:
            lane.early.setdefault(seq, []).append(receipt)

    def _was_read(self, seen: Read) -> None:
        connection = self._connections.get(seen.connection)
        if connection is None:
            return
        conversation = self._conversation(seen.conversation)
        connection.reads[conversation] = seen.sent_ns
        for inlet in tuple(connection.fresh):
            if inlet.lane.conversation is conversation:
                runs = inlet.unread.take(seen.sent_ns)
                if runs:
                    inlet.lane.read.cover(runs, seen.done_ns)
                if not inlet.unread:
                    connection.fresh.discard(inlet)

    # The end

    def _write_off(self, connection: Connection, at_ns: int, *, complete: bool) -> None:
        """End what a connection did not get: lost, if it stayed or a later message had come."""
        for inlet in connection.inlets.values():
            for seq, sent in tuple(inlet.owed.items()):
                proven = not connection.gone and (complete or seq < inlet.latest)
                self._deliveries.end(inlet.lane, sent, connection.number, at_ns, lost=proven)
            inlet.owed.clear()

    def _finish_lane(self, lane: Lane, at_ns: int) -> None:
        for owed in lane.owed.values():
            for _ in range(owed.count):
                self._deliveries.end(lane, owed.sent, -1, at_ns, lost=bool(owed.proofs))
            lane.conversation.owing[not lane.from_staff] -= owed.count
        lane.owed.clear()
        self._settle_early(lane)

    def _settle_early(self, lane: Lane) -> None:
        """Receipts of messages that nobody said to have sent."""
        for seq, receipts in lane.early.items():
            for place, receipt in enumerate(receipts):
                if not self._deliveries.is_ghost(lane):
                    self._deliveries.unexpected(receipt.inlet, seq, receipt.at_ns)
                elif place == 0:
                    self._deliveries.raise_ghost(receipt.inlet, seq, receipt.at_ns)
                else:
                    self._deliveries.surplus(receipt, seq)
        lane.early.clear()

    def _conversation(self, number: int) -> Conversation:
        found = self._conversations.get(number)
        if found is None:
            found = self._conversations[number] = Conversation(number)
        return found

    def _lanes(self) -> list[Lane]:
        return [lane for conv in self._conversations.values() for lane in conv.lanes.values()]
