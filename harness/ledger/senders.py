"""Who plays whom: which worker sends for each participant, and who has vanished with one."""


class Senders:
    """Participants by worker. A vanished sender may have sent what was never reported."""

    __slots__ = ("_homes", "_lost")

    def __init__(self) -> None:
        self._homes: dict[int, tuple[int, ...]] = {}
        self._lost: set[int] = set()

    def plays(self, participant: int, worker: int) -> None:
        """``worker`` has opened a connection for ``participant``."""
        homes = self._homes.get(participant, ())
        if worker not in homes:
            self._homes[participant] = (*homes, worker)

    def lose(self, worker: int) -> None:
        """``worker`` will say no more."""
        self._lost.add(worker)

    @property
    def complete(self) -> bool:
        """Whether every worker still speaks."""
        return not self._lost

    def vanished(self, participant: int) -> bool:
        """Whether messages of ``participant`` may have been sent without a report.

        So it is also where nobody ever said to play it, once a worker is lost.
        """
        if not self._lost:
            return False
        homes = self._homes.get(participant)
        return homes is None or not self._lost.isdisjoint(homes)
