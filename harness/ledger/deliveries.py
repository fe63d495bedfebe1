"""The rules of delivery: what a message is expected to do, and what each receipt of it is.

Every receipt of a known message is exactly one of: delivered (an expectation is met), recovered,
redelivered, unexpected. Source: measurement §3. Sees events in the order of time.
"""

from collections.abc import Callable
from typing import NamedTuple

from harness.ledger.evidence import must_not_come
from harness.ledger.lanes import Connection, Inlet, Lane, Receipt, Word
from harness.ledger.observations import Sent
from harness.ledger.owed import Owed
from harness.ledger.senders import Senders
from harness.ledger.tally import DELIVER_BY_KIND, Anomaly, Series, Tally

Arrivals = dict[Connection, Receipt]
"""First receipts of one message."""


class Route(NamedTuple):
    """The workers whose clocks told of a delivery's two ends."""

    sender: int
    receiver: int


OnLatency = Callable[[Series, int, int, int, Route], None]
"""Called with series, latency, service (from the time really sent) and time of receipt, all ns."""


class Deliveries:
    """Creates, meets and ends expectations."""

    __slots__ = ("_multi_device", "_on_latency", "_unaccounted", "senders", "tally")

    def __init__(self, tally: Tally, on_latency: OnLatency, *, multi_device: bool) -> None:
        self.tally = tally
        self._on_latency = on_latency
        self._multi_device = multi_device
        self.senders = Senders()
        self._unaccounted = 0

    def expect(self, lane: Lane, sent: Sent, arrivals: Arrivals) -> None:
        """An acknowledged message: whom it names, and what of it had arrived already.

        ``arrivals`` are the receipts that came before the acknowledgement was known.
        """
        from_staff, conversation = lane.from_staff, lane.conversation
        opens = not from_staff and conversation.opening
        if opens:
            conversation.opening, conversation.question = False, sent
        word = lane.word(sent.seq) if sent.digest else None
        other_side, sent_ns = False, sent.sent_ns
        for connection, since_ns in conversation.entitled.items():
            if since_ns >= sent_ns:
                continue
            if connection.is_staff != from_staff:
                other_side = True
            elif connection.number == sent.connection or not self._is_device(connection, sent):
                continue
            self._name(connection, lane, sent, word, arrivals)
        if not other_side:
            self._open(word if lane.messages_owed.awaited else None)
            lane.messages_owed.add(owed := Owed(sent, opens))
            conversation.owing[not from_staff] += 1
            if arrivals:
                self._meet_by_any(lane, owed, arrivals)
        if arrivals:
            for receipt in arrivals.values():
                self.surplus(receipt, sent.seq)

    def arrive(self, receipt: Receipt, seq: int) -> None:
        """A first receipt of message ``seq`` on a connection."""
        inlet = receipt.inlet
        lane = inlet.lane
        sent = inlet.owed.pop(seq, None)
        if sent is not None:
            self._deliver(lane, sent, receipt, _deliver_series(lane))
        elif seq in lane.owed and inlet.connection.is_staff != lane.from_staff:
            self._meet(lane, lane.owed[seq], receipt)
        else:
            self.surplus(receipt, seq)

    def surplus(self, receipt: Receipt, seq: int) -> None:
        """A receipt that meets no expectation, of a message whose outcome is known."""
        inlet, at_ns, fence_ns = receipt
        if must_not_come(inlet, seq, fence_ns):
            self.unexpected(inlet, seq, at_ns)
        elif seq in inlet.lane.unknown:
            inlet.lane.unknown.discard(seq)
            self.recovered(inlet, seq, at_ns)
        else:
            self.tally.redelivered += 1

    def recovered(self, inlet: Inlet, seq: int, at_ns: int) -> None:
        """A send without an answer did happen: expected and delivered at once."""
        self.tally.recovered += 1
        self.tally.expected_deliveries += 1
        self.tally.delivered += 1
        self._note("recovered", inlet.lane, seq, inlet.connection.number, at_ns)

    def abandon(self, worker: int, unaccounted: int) -> None:
        """``worker`` is gone: ``unaccounted`` sends of it are unknown."""
        self.senders.lose(worker)
        self._unaccounted += unaccounted
        self.tally.sent += unaccounted
        self.tally.unknown += unaccounted

    def raise_ghost(self, inlet: Inlet, seq: int, at_ns: int) -> None:
        """A message that only a lost worker could have reported arrives for the first time."""
        if self._unaccounted:
            self._unaccounted -= 1
        else:
            self.tally.sent += 1
            self.tally.unknown += 1
        if seq >= 0:
            inlet.lane.sent.add(seq)
        self.recovered(inlet, seq, at_ns)

    def unexpected(self, inlet: Inlet, seq: int, at_ns: int) -> None:
        """Something arrived that must not."""
        self.tally.unexpected += 1
        self._note("unexpected", inlet.lane, seq, inlet.connection.number, at_ns)

    def repeat(self, inlet: Inlet, seq: int, at_ns: int) -> None:
        """A message again on the same connection, unless the first receipt was another's."""
        if seq in inlet.guessed:
            self.tally.redelivered += 1
        else:
            self.irregular("duplicated", inlet, seq, at_ns)

    def irregular(self, word: str, inlet: Inlet, seq: int, at_ns: int) -> None:
        """Count ``word`` (duplicated, reordered, corrupted) with an example."""
        setattr(self.tally, word, getattr(self.tally, word) + 1)
        self._note(word, inlet.lane, seq, inlet.connection.number, at_ns)

    def release(self, inlet: Inlet, seq: int) -> None:
        """A named connection has ended without proof: any other of its side may get the message."""
        lane, sent = inlet.lane, inlet.owed.pop(seq)
        if _is_elsewhere(inlet, seq):
            self._close(lane, sent)
            self.tally.delivered += 1
            return
        owed = lane.owed.get(seq)
        if owed is not None:
            owed.count += 1
        else:
            lane.owed[seq] = Owed(sent, orphaned=True)
        lane.conversation.owing[not lane.from_staff] += 1

    def end(self, lane: Lane, sent: Sent, connection: int, at_ns: int, *, lost: bool) -> None:
        """One expectation ends unmet: lost, where that is proven, else in flight for good."""
        self._close(lane, sent)
        lost = lost and sent.seq not in lane.doubted
        by_kind = self.tally.lost_by_kind if lost else self.tally.in_flight_by_kind
        by_kind[sent.kind] += not lane.from_staff
        if lost:
            self.tally.lost += 1
        else:
            self.tally.in_flight += 1
        self._note("lost" if lost else "in_flight", lane, sent.seq, connection, at_ns, sent)

    def end_unheard(self, lane: Lane, at_ns: int) -> None:
        """The run ends, and nobody ever had to get what is still plain: in flight for good."""
        unheard, tally = lane.messages_owed.take_plain(), self.tally
        lane.conversation.owing[not lane.from_staff] -= unheard.count
        tally.outstanding -= unheard.count
        tally.in_flight += unheard.count
        tally.in_flight_by_kind.update(unheard.kinds)
        for sent in unheard.first:
            self._note("in_flight", lane, sent.seq, -1, at_ns, sent)

    def _is_device(self, connection: Connection, sent: Sent) -> bool:
        """Whether the sender's own devices get it (D15), and ``connection`` is one."""
        return self._multi_device and connection.participant == sent.sender

    def _name(
        self,
        connection: Connection,
        lane: Lane,
        sent: Sent,
        word: Word | None,
        arrivals: Arrivals,
    ) -> None:
        """One expectation of kind 1."""
        self._open(word)
        receipt = arrivals.pop(connection, None) if arrivals else None
        if receipt is None:
            connection.inlet(lane).owed[sent.seq] = sent
        else:
            self._deliver(lane, sent, receipt, _deliver_series(lane))

    def _meet_by_any(self, lane: Lane, owed: Owed, arrivals: Arrivals) -> None:
        """What came before it was known, if any of it came to the side that was owed it."""
        there = [connection for connection in arrivals if connection.is_staff != lane.from_staff]
        if there:
            first = min(there, key=lambda connection: arrivals[connection].at_ns)
            self._meet(lane, owed, arrivals.pop(first))

    def _meet(self, lane: Lane, owed: Owed, receipt: Receipt) -> None:
        """The first receipt on the other side: all that the side was owed of this message."""
        del lane.owed[owed.sent.seq]
        lane.conversation.owing[not lane.from_staff] -= owed.count
        for _ in range(owed.count - 1):  # one for each of the connections that have ended
            self._close(lane, owed.sent)
            self.tally.delivered += 1
        replay = Series.STAFF_REPLAY if lane.from_staff else Series.REPLAY
        self._deliver(lane, owed.sent, receipt, Series.OFFER if owed.opens else replay)

    def _deliver(self, lane: Lane, sent: Sent, receipt: Receipt, series: Series) -> None:
        self._close(lane, sent)
        self.tally.delivered += 1
        self._record(series, sent, receipt)
        if series is Series.DELIVER and sent.kind in DELIVER_BY_KIND:
            self._record(DELIVER_BY_KIND[sent.kind], sent, receipt)
        question = lane.conversation.question
        if question and lane.from_staff and not sent.digest and sent.sent_ns > question.sent_ns:
            lane.conversation.question = None
            self._record(Series.FIRST_ANSWER, question, receipt)

    def _open(self, word: Word | None) -> None:
        tally = self.tally
        tally.expected_deliveries += 1
        tally.outstanding += 1
        if word is not None:
            word.open += 1

    def _close(self, lane: Lane, sent: Sent) -> None:
        self.tally.outstanding -= 1
        word = lane.word(sent.seq) if sent.digest else None
        if word is not None:
            word.open -= 1

    def _record(self, series: Series, sent: Sent, receipt: Receipt) -> None:
        if receipt.inlet.connection.is_slow:  # when it reads is its own affair
            return
        at_ns = receipt.at_ns
        route = Route(sent.connection >> 32, receipt.inlet.connection.worker)
        self._on_latency(series, at_ns - sent.due_ns, at_ns - sent.sent_ns, at_ns, route)

    def _note(
        self,
        word: str,
        lane: Lane,
        seq: int,
        connection: int,
        at_ns: int,
        sent: Sent | None = None,
    ) -> None:
        self.tally.note(
            Anomaly(
                word=word,
                conversation=lane.conversation.number,
                sender=lane.sender,
                seq=seq,
                connection=connection,
                due_ns=sent.due_ns if sent else 0,
                sent_ns=sent.sent_ns if sent else 0,
                done_ns=sent.done_ns if sent else 0,
                at_ns=at_ns,
            )
        )


def _is_elsewhere(inlet: Inlet, seq: int) -> bool:
    """Whether another connection of the same side has the message already."""
    here = inlet.connection
    others = (other for other in inlet.lane.conversation.entitled if other is not here)
    return any(
        inlet.lane in other.inlets and seq in other.inlets[inlet.lane].received
        for other in others
        if other.is_staff == here.is_staff
    )


def _deliver_series(lane: Lane) -> Series:
    return Series.STAFF_DELIVER if lane.from_staff else Series.DELIVER
