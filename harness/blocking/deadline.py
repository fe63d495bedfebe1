"""A moment in monotonic time by which a wait must be over."""

import time

import msgspec


class Deadline(msgspec.Struct, frozen=True):
    """``at_ns`` is on the clock of :func:`time.monotonic_ns`."""

    at_ns: int

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The moment ``seconds`` from now."""
        return cls(time.monotonic_ns() + int(seconds * 1e9))

    @property
    def left_s(self) -> float:
        """Seconds until then; negative when it is over."""
        return (self.at_ns - time.monotonic_ns()) / 1e9

    @property
    def passed(self) -> bool:
        """Whether the moment is over."""
        return self.left_s <= 0

    def sooner(self, seconds: float) -> "Deadline":
        """This moment, or ``seconds`` from now where that comes first."""
        return min(self, Deadline.after(seconds), key=lambda deadline: deadline.at_ns)
