"""How many connections one case has open, and whether the target bears one more.

Knows streams and limits; opens nothing.
"""

from collections.abc import Callable

from harness.blocking.stream import Stream
from harness.conformance.stops import NotApplicable
from harness.target.decisions import Limits


class Room:
    """Holds a case to ``limits``. ``freed`` frees a place of its own, if there is one to free."""

    def __init__(self, limits: Limits, freed: Callable[[], bool]) -> None:
        self._most = limits.max_connections
        self._most_of_one = limits.max_connections_per_account
        self._freed = freed
        self._held: list[tuple[str, Stream]] = []

    def hold(self, sn: str, stream: Stream) -> None:
        """A connection of the account ``sn`` ("" for nobody's) is open while ``stream`` is."""
        self._held.append((sn, stream))

    def require(self, sn: str) -> None:
        """NotApplicable, with the number needed, where one more of ``sn`` would be too many."""
        mine = self._open(sn) + 1
        if sn and 0 < self._most_of_one < mine:
            raise NotApplicable(
                f"needs {mine} connections of one account; "
                f"limits.max_connections_per_account is {self._most_of_one}"
            )
        while 0 < self._most <= (held := self._open()):
            if not self._freed():
                raise NotApplicable(
                    f"needs {held + 1} connections at once; limits.max_connections is {self._most}"
                )

    def _open(self, sn: str = "") -> int:
        self._held = [entry for entry in self._held if entry[1].is_open]
        return sum(not sn or holder == sn for holder, _ in self._held)
