"""When a wrong unread count is the server's counting, and when it is the echo of another defect.

A lost, doubled or strayed message makes every later count look wrong; that defect has a word of
its own in the ledger. So a finding about counts waits until the next token proves that nothing is
missing around it. One instance follows one connection within one binding.
"""

from harness.ledger.observations import Received
from schemas.findings import Finding

_MOST_WAITING = 20


class UnreadDoubts:
    """Holds findings back until they are certain. Knows only what arrived, in order."""

    def __init__(self) -> None:
        self._lanes: dict[int, tuple[int, int]] = {}  # sender: last seq, untokened since
        self._waiting: list[Finding] = []
        self._spoilt = False

    @property
    def spoilt(self) -> bool:
        """Whether something else went wrong here, so that counts prove nothing."""
        return self._spoilt

    def restart(self) -> None:
        """A new binding begins."""
        self._lanes.clear()
        self._waiting.clear()
        self._spoilt = False

    def arrived(self, received: Received) -> None:
        """A first receipt: is it the next one of its sender?"""
        last, untokened = self._lanes.get(received.sender, (-1, 0))
        if received.seq < 0:
            self._lanes[received.sender] = last, untokened + 1
            return
        if last >= 0 and received.seq != last + untokened + 1:
            self.spoil()
        self._lanes[received.sender] = received.seq, 0

    def spoil(self) -> None:
        """Something odd came."""
        self._spoilt = True
        self._waiting.clear()

    def hold(self, finding: Finding) -> None:
        """A count was wrong."""
        if not self._spoilt and len(self._waiting) < _MOST_WAITING:
            self._waiting.append(finding)

    def certain(self, *, at_end: bool = False) -> list[Finding]:
        """The findings that are certain by now: nothing untokened is in doubt."""
        if not self._waiting or self._spoilt:
            return []
        if not at_end and any(untokened for _, untokened in self._lanes.values()):
            return []
        found, self._waiting = self._waiting, []
        return found
