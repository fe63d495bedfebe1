"""When a wrong unread count is the server's counting, and when it is the echo of another defect.

A lost, doubled, swapped or strayed message makes counts look wrong; that defect has a word of its
own in the ledger. So a finding about counts waits until the next token proves that nothing is
amiss around it, and what no token can prove is let go. One instance follows one connection within
one binding.
"""

from harness.ledger.observations import Received
from schemas.findings import Finding

_MOST_WAITING = 20


class UnreadDoubts:
    """Holds findings back until they are certain. Knows only what arrived, in order.

    A finding is held first, and then its message arrives.
    """

    def __init__(self) -> None:
        self._lanes: dict[int, tuple[int, int]] = {}  # sender: last seq, untokened since
        self._row = 0  # untokened ones in a row, of any sender: they may have changed places
        self._new: list[Finding] = []
        self._in_row: list[Finding] = []
        self._waiting: list[Finding] = []
        self._spoilt = False

    @property
    def spoilt(self) -> bool:
        """Whether something else went wrong here, so that counts prove nothing."""
        return self._spoilt

    def restart(self) -> None:
        """A new binding begins: what is in doubt is let go."""
        self._lanes.clear()
        self._row = 0
        self._drop()
        self._spoilt = False

    def arrived(self, received: Received) -> None:
        """A first receipt: is it the next one of its sender?"""
        last, untokened = self._lanes.get(received.sender, (-1, 0))
        new, self._new = self._new, []
        if received.seq < 0:
            self._lanes[received.sender] = last, untokened + 1
            self._row += 1
            self._in_row += new
            return
        if last >= 0 and received.seq != last + untokened + 1:
            self.spoil()
        self._lanes[received.sender] = received.seq, 0
        self._end_row()
        self._wait(new)

    def spoil(self) -> None:
        """Something odd came."""
        self._spoilt = True
        self._drop()

    def hold(self, finding: Finding) -> None:
        """A count was wrong, in a message that has not been looked at any further."""
        if not self._spoilt:
            self._new.append(finding)

    def certain(self) -> list[Finding]:
        """The findings that are certain by now: nothing untokened is in doubt."""
        if not self._waiting or any(untokened for _, untokened in self._lanes.values()):
            return []
        found, self._waiting = self._waiting, []
        return found

    def _end_row(self) -> None:
        row, in_row = self._row, self._in_row
        self._row, self._in_row = 0, []
        if row == 1:
            self._wait(in_row)

    def _wait(self, findings: list[Finding]) -> None:
        if not self._spoilt:
            self._waiting += findings[: _MOST_WAITING - len(self._waiting)]

    def _drop(self) -> None:
        self._new, self._in_row, self._waiting = [], [], []
