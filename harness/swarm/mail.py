"""What a swarm says to the thread that owns it."""


class Report:
    """One encoded report; ``final`` when nothing follows."""

    __slots__ = ("data", "final")

    def __init__(self, data: bytes, *, final: bool) -> None:
        self.data, self.final = data, final


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
