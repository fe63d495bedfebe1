"""Orders on their way to the workers, every time in them on the clock of whoever gets it."""

from collections.abc import Sequence

from harness.clocks.hosts import Hosts
from scenarios.crew import Crew
from scenarios.post import Post, Subject


class Dispatch:
    """To the workers of ``crew`` that take part and are not lost. Times are the leader's, ns."""

    def __init__(self, post: Post, crew: Crew, hosts: Hosts) -> None:
        self._post, self._crew, self._hosts = post, crew, hosts
        self._t0_ns = 0
        self._began: dict[str, int] = {}

    def start(self, t0_ns: int, customers: int) -> None:
        """The schedule begins at ``t0_ns``."""
        self._t0_ns = t0_ns
        for node in self._crew.nodes:
            began_ns = self._began[node] = self._there(node, t0_ns)
            self._post.to_worker(node, Subject.START, [began_ns, customers])

    def stop(self, at_ns: int) -> None:
        """Nothing is due after ``at_ns``: the same entries of the schedule everywhere, however a
        clock has drifted since t0.
        """
        for node in self._crew.nodes:
            began_ns = self._began.get(node)
            stop_ns = (
                self._there(node, at_ns) if began_ns is None else began_ns + at_ns - self._t0_ns
            )
            self._post.to_worker(node, Subject.STOP, stop_ns)

    def visit(self, conversations: Sequence[int]) -> None:
        """Each worker's staff visits its share of these."""
        nodes = self._crew.nodes
        for place, node in enumerate(nodes):
            share = list(conversations[place :: len(nodes)])
            self._post.to_worker(node, Subject.VISIT, share)

    def tell_all(self, subject: Subject, data: object = None) -> None:
        """The same to everybody."""
        for node in self._crew.nodes:
            self._post.to_worker(node, subject, data)

    def _there(self, node: str, at_ns: int) -> int:
        worker = self._crew.number(node)
        clock = None if worker is None else self._hosts.clock_of(worker)
        return at_ns if clock is None else clock.reading.there_ns(at_ns)
