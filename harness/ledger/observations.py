"""What a load worker saw, in the form in which it travels to the master.

A worker judges alone what one connection's frame stream can tell (duplicates, order, misroutes,
corruption) and reports the rest as these records; the master joins both ends of each message.
Records of one connection keep the order of its frame stream. Times are ``time.monotonic_ns()`` of
the worker's host. A connection id is unique in the run: ``worker index << 32 | number``, never
reused.
"""

from enum import IntEnum

import msgspec

CORRUPTED_DIGEST = -1


def corrupted_digest(claimed_seq: int) -> int:
    """The ``digest`` of a frame whose check was wrong: the ``seq`` of its token (-1: none)."""
    return CORRUPTED_DIGEST - 1 - claimed_seq


def claimed_seq(digest: int) -> int:
    """What :func:`corrupted_digest` was given."""
    return CORRUPTED_DIGEST - 1 - digest


class SendOutcome(IntEnum):
    """What became of a send: ``unknown`` had no answer, so it may have happened."""

    ACKED = 0
    REFUSED = 1
    UNKNOWN = 2


class CloseCause(IntEnum):
    """Who ended a connection."""

    OURS = 0
    SERVER = 1
    FAILED = 2


class Opened(msgspec.Struct, frozen=True, array_like=True, tag="o"):
    """A connection is logged in: ``at_ns`` is the time of the accepted ``Login``.

    ``asked_ns`` is when connecting began: whatever this connection brings was written after that.
    ``is_slow``: it reads late on purpose, so that its times say nothing of the server.
    """

    connection: int
    participant: int
    is_staff: bool
    asked_ns: int
    at_ns: int
    is_slow: bool = False


class Closed(msgspec.Struct, frozen=True, array_like=True, tag="c"):
    """A connection has ended; nothing of it follows."""

    connection: int
    at_ns: int
    cause: CloseCause


class Bound(msgspec.Struct, frozen=True, array_like=True, tag="b"):
    """A staff connection's ``confirm`` of ``conversation`` was acknowledged at ``at_ns``.

    Saying so again while it is bound changes nothing.
    """

    connection: int
    conversation: int
    at_ns: int


class Unbound(msgspec.Struct, frozen=True, array_like=True, tag="u"):
    """A staff connection began to send the ``assignment`` that closes ``conversation``.

    ``at_ns`` is the ``sent_ns`` of that message. Where it is refused, a :class:`Bound` follows.
    """

    connection: int
    conversation: int
    at_ns: int


class Sent(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    """One message (a client frame other than a pure receipt) whose outcome is known.

    ``conversation`` and ``sender`` are participant numbers (a conversation is its customer's
    number); ``seq`` counts the sender's messages in this conversation from 0; ``digest`` is 0 for
    tokened content, else a hash that tells it from the sender's other untokened messages between
    two tokens; ``done_ns`` is the time of the answer, or of giving up; ``kind`` its message type,
    "" where nobody cares.
    """

    connection: int
    conversation: int
    sender: int
    seq: int
    digest: int
    due_ns: int
    sent_ns: int
    done_ns: int
    outcome: SendOutcome
    kind: str = ""


class Received(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """One ``Receive`` of this run's traffic, the first of its kind on this connection.

    ``seq`` is -1 for untokened content, which carries ``digest`` and, in ``after``, the ``seq`` of
    the latest tokened message of the same sender and conversation on this connection within the
    present binding (-1: none yet). A negative ``digest`` is a frame whose check was wrong, see
    :func:`corrupted_digest`.
    """

    connection: int
    conversation: int
    sender: int
    seq: int
    digest: int
    after: int
    at_ns: int


class Read(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    """An acknowledged ``read: true`` of ``connection``: sent and answered at these times.

    It covers all that this connection had received of ``conversation`` before ``sent_ns``.
    """

    connection: int
    conversation: int
    sent_ns: int
    done_ns: int


class Intruded(msgspec.Struct, frozen=True, array_like=True, tag="i"):
    """Somebody from outside this run spoke in ``conversation``: its customer was sent it.

    Staff that is not ours may have taken it, and got and read what the customer says (D13).
    """

    connection: int
    conversation: int
    at_ns: int


Observation = Opened | Closed | Bound | Unbound | Sent | Received | Read | Intruded


class Increment(msgspec.Struct, frozen=True, array_like=True):
    """What one worker saw since its previous report. ``number`` counts reports from 0, gapless.

    ``counts`` are additions to ledger words and frame counters that the worker judged alone.
    ``until_ns`` is the worker's horizon: all that it saw up to then is in this report or an earlier
    one (a ``Sent`` or a ``Read`` belongs to its ``done_ns``). ``pending`` is how many of its sends
    had no outcome then. ``acked`` are further sends, as :mod:`harness.ledger.ack_rows`; at the same
    time as another observation they come first.
    """

    worker: int
    number: int
    observations: tuple[Observation, ...]
    counts: dict[str, int]
    until_ns: int
    pending: int = 0
    acked: bytes = b""
