"""A message of ours on its way, as everybody sees it who has to do with it."""

from collections.abc import Callable

import msgspec

from harness.ledger.digests import digest_of
from schemas.messages import InMsg


class Spoken(msgspec.Struct, eq=False):
    """A message of ours on its way. ``conversation`` is None outside this run's conversations.

    ``scheduled`` ones are customers' messages that the schedule asked for. ``on_answer`` is called
    with whether the message was accepted, when that is known.
    """

    conversation: int | None
    seq: int
    digest: int
    due_ns: int
    scheduled: bool = False
    on_answer: Callable[[bool], None] | None = None


def spoken_digest(message: InMsg, *, tokened: bool) -> int:
    """0 for tokened content, else what tells the message from its untokened neighbours."""
    if tokened:
        return 0
    return digest_of(message.type, message.titletype, message.content)
