"""What a client may not send, and what must come of it: the end of the connection.

That it ends is one verdict. Whether it is told by a Close frame is the server's choice, and the
code in it is a verdict of its own, ``rfc-close-codes-used``: few cases look for it, the others come
across it.
"""

from collections.abc import Iterable

import msgspec

from harness.blocking.deadline import Deadline
from harness.blocking.wire import Cause, Ended, Shape
from harness.conformance.chatter import Chatter
from harness.conformance.door import Door
from harness.conformance.stops import broken
from schemas.clauses import clause
from schemas.words import Role

PROTOCOL_ERROR, INVALID_DATA, TOO_BIG = 1002, 1007, 1009

_ENDED_BY_SERVER = (Cause.CLOSE, Cause.EOF, Cause.RESET)
_SENTINEL = b"still here?"
_MANY_BYTES = 1_000
_AT_ONCE_S = 0.1


class Wrong(msgspec.Struct, frozen=True):
    """Frames that break the rule ``slug``, and the ``codes`` that fit it (RFC 6455 §7.4.1): none
    where any does.

    ``only`` is the one shape in which they are to be sent, if not in all.
    """

    slug: str
    frames: tuple[bytes, ...]
    codes: tuple[int, ...] = (PROTOCOL_ERROR,)
    only: Shape | None = None

    @property
    def shapes(self) -> Iterable[Shape]:
        """The ways of sending it that differ, but for very long ones byte by byte."""
        if self.only is not None:
            yield self.only
            return
        yield Shape.ONE_WRITE
        if len(self.frames) > 1:
            yield Shape.PIECEWISE
        if sum(map(len, self.frames)) < _MANY_BYTES:
            yield Shape.BYTEWISE


def must_end(door: Door, *wrongs: Wrong) -> None:
    """Send each of ``wrongs`` on fresh connections, cut into writes in every way: all must end."""
    account = door.account(Role.CUSTOMER)
    for wrong, shape in ((each, shape) for each in wrongs for shape in each.shapes):
        end = ended_by(door.enter(account), wrong, shape)
        if end is None or end.cause not in _ENDED_BY_SERVER:
            actual = f"it lives on, until ended by {end}" if end else "it lives on"
            raise broken(wrong.slug, "the end of the connection", f"{actual} ({shape})")
        if end.cause is Cause.CLOSE and wrong.codes and end.code not in wrong.codes:
            expected = " or ".join(map(str, wrong.codes))
            door.evidence.report(
                clause("rfc-close-codes-used").broken(expected=expected, actual=str(end.code))
            )


def ended_by(customer: Chatter, wrong: Wrong, shape: Shape) -> Ended | None:
    """How the connection ended after ``wrong``, None where it did not.

    A ping behind it shows whether it lives on, for then there is nothing to wait for.
    """
    bench, participant = customer.bench, customer.participant
    patience = bench.patience(wrong.slug)
    participant.say_frames(list(wrong.frames), shape)  # there may be a whole message among them
    customer.channel.ping(_SENTINEL, patience)
    while participant.hear(patience):
        if _SENTINEL in participant.pongs:
            return _last_chance(customer, wrong.slug in bench.reported)
    return customer.channel.ended


def _last_chance(customer: Chatter, known: bool) -> Ended | None:
    """A server may answer a ping while it makes up its mind to end the connection."""
    patience_s = _AT_ONCE_S if known else customer.bench.short_s
    return customer.channel.drain(Deadline.after(patience_s))
