"""What a swarm says to the thread that owns it."""

from collections.abc import Mapping

from harness.swarm.meter import SecondData


class Report:
    """One encoded report, with the ``seconds`` in it; ``final`` when nothing follows."""

    __slots__ = ("data", "final", "seconds")

    def __init__(self, data: bytes, seconds: Mapping[int, SecondData], *, final: bool) -> None:
        self.data, self.seconds, self.final = data, seconds, final


class Ended:
    """A participant has left."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class Died:
    """The swarm itself has ended with an exception; no report follows."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error
