"""How what is still open ends: lost, in flight, or never sent. Source: measurement §3."""

from collections.abc import Iterator

from harness.ledger.deliveries import Deliveries
from harness.ledger.lanes import Connection, Inlet, Lane
from harness.ledger.tally import MessageKey

_LOOKED_BACK = 16


def write_off(
    deliveries: Deliveries, connection: Connection, at_ns: int, *, complete: bool
) -> None:
    """End what ``connection`` did not get: lost, if it stayed (``complete``) or was overtaken."""
    for inlet in connection.inlets.values():
        for seq, sent in inlet.owed.items():
            proven = not connection.gone and (complete or seq < inlet.latest)
            deliveries.end(inlet.lane, sent, connection.number, at_ns, lost=proven)
        inlet.owed.clear()


def overtaken(inlet: Inlet, latest: int, seq: int) -> Iterator[MessageKey]:
    """The tokened messages that ``inlet`` is owed between ``latest``, the highest it had, and
    ``seq``, which came: lost, as it seems.
    """
    for missing in range(max(latest + 1, seq - _LOOKED_BACK), seq):
        sent = inlet.owed.get(missing)
        if sent is not None and not sent.digest:
            yield sent.sender, sent.conversation, missing


def close_lane(deliveries: Deliveries, lane: Lane, at_ns: int) -> None:
    """End what a side as a whole did not get, and the receipts that nobody said to have sent.

    What ours had to get and did not is no proof where staff of others may have read it.
    """
    others = lane.conversation.intruded and not lane.from_staff
    deliveries.end_unheard(lane, at_ns)
    for owed in lane.owed.values():
        for _ in range(owed.count):
            lost = bool(owed.proofs) and not others
            deliveries.end(lane, owed.sent, -1, at_ns, lost=lost)
        lane.conversation.owing[not lane.from_staff] -= owed.count
    lane.owed.clear()
    settle_early(deliveries, lane)


def settle_early(deliveries: Deliveries, lane: Lane) -> int:
    """Judge receipts without a ``Sent``, for there will be none; how many there were."""
    vanished = deliveries.senders.vanished(lane.sender)
    for seq, receipts in lane.early.items():
        for place, receipt in enumerate(receipts):
            if not vanished:
                deliveries.unexpected(receipt.inlet, seq, receipt.at_ns)
            elif place == 0:
                deliveries.raise_ghost(receipt.inlet, seq, receipt.at_ns)
            else:
                deliveries.surplus(receipt, seq)
    settled = sum(map(len, lane.early.values()))
    lane.early.clear()
    return settled
