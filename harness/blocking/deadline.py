"""A moment in monotonic time by which a wait must be over."""

import time

import msgspec

PUT_OFF = 4
"""So many times as long as an answer may take, it is waited for where the peer gives no sign of
life: on a busy machine an honest server may not come to run at all for a while."""


class Deadline(msgspec.Struct, frozen=True):
    """``at_ns`` is on the clock of :func:`time.monotonic_ns`.

    ``latest_ns`` is later where an answer is owed: up to then the end of the wait is put off, until
    a sign of life shows that the answer is missing and not merely slow (D25).
    """

    at_ns: int
    latest_ns: int = 0

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The moment ``seconds`` from now, whatever the peer does."""
        return cls(time.monotonic_ns() + int(seconds * 1e9))

    @classmethod
    def owed(cls, seconds: float) -> "Deadline":
        """The moment ``seconds`` from now, by which a peer that lives has answered."""
        now_ns, length_ns = time.monotonic_ns(), int(seconds * 1e9)
        return cls(now_ns + length_ns, now_ns + PUT_OFF * length_ns)

    @property
    def is_owed(self) -> bool:
        """Whether its end may be put off."""
        return self.latest_ns > self.at_ns

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
