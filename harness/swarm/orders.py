"""What the course of a run orders, as values: to all workers, or to the master itself.

Times are ns of the leader's clock.
"""

import msgspec


class Start(msgspec.Struct, frozen=True):
    """To all workers: the schedule begins at ``t0_ns`` over the first ``customers`` customers."""

    t0_ns: int
    customers: int


class Stop(msgspec.Struct, frozen=True):
    """To all workers: what was due up to ``at_ns`` is sent, then nothing more."""

    at_ns: int


class Visit(msgspec.Struct, frozen=True):
    """To all workers together: staff closes its cases and visits ``conversations``."""

    conversations: tuple[int, ...]


class Conclude(msgspec.Struct, frozen=True):
    """To all workers: give up what is unanswered; check what holds when all is ``quiet``."""

    quiet: bool


class Close(msgspec.Struct, frozen=True):
    """To the master: the books are closed at ``at_ns``. ``complete``: absence is proof."""

    at_ns: int
    complete: bool


class Finish(msgspec.Struct, frozen=True):
    """To all workers: close the connections and report a last time."""


Order = Start | Stop | Visit | Conclude | Close | Finish
