"""An increment with its times read on another clock: that of the leader's host."""

from collections.abc import Callable

import msgspec

from harness.ledger.ack_rows import decode_rows, encode_rows, moved
from harness.ledger.observations import (
    Bound,
    Closed,
    Increment,
    Intruded,
    Observation,
    Opened,
    Read,
    Received,
    Sent,
    Unbound,
)

_TIMES: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name.endswith("_ns"))
    for kind in (Opened, Closed, Bound, Unbound, Sent, Received, Read, Intruded)
}


def rebased(increment: Increment, read: Callable[[int], int]) -> Increment:
    """The same increment; ``read`` gives the leader's time (ns) for a time of its worker."""
    return msgspec.structs.replace(
        increment,
        observations=tuple(_moved(seen, read) for seen in increment.observations),
        until_ns=read(increment.until_ns),
        acked=encode_rows(moved(decode_rows(increment.acked), read)),
    )


def _moved(seen: Observation, read: Callable[[int], int]) -> Observation:
    times = {name: read(getattr(seen, name)) for name in _TIMES[type(seen)]}
    return msgspec.structs.replace(seen, **times)
