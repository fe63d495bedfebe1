"""Opening handshakes of a case's own making, right or bent."""

from harness.blocking.opening import Request, new_key, upgrade_request
from harness.blocking.wire import Ended, Shape, Wire
from harness.conformance.door import Door
from harness.conformance.stops import NotApplicable, broken
from harness.target import Credentials, anonymous
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead
from schemas.words import Role

Answer = ResponseHead | Ended | None
_CREDENTIAL_STATUSES = (401, 403)


class Spelt(Request, frozen=True):
    """A request head written otherwise: another HTTP ``version``, or another ``gap`` between a
    header's name and its value, and ``tail`` behind it."""

    version: str = "1.1"
    gap: str = ": "
    tail: str = ""

    def encode(self) -> bytes:
        """The head as it travels."""
        fields = (f"{name}{self.gap}{value}{self.tail}" for name, value in self.fields)
        lines = [f"{self.method} {self.target} HTTP/{self.version}", *fields]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Raw:
    """Handshakes of one fresh customer; of nobody where the target's list has no customer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lacking = ""
        try:
            self.known: Credentials = door.knows(door.account(Role.CUSTOMER))
        except NotApplicable as reason:
            self._lacking = str(reason)
            self.known = anonymous(door.bench.profile)

    def request(self) -> Request:
        """A right upgrade request with a fresh key."""
        return upgrade_request(self.known, new_key())

    def spelt(self, *, version: str = "1.1", gap: str = ": ", tail: str = "") -> Spelt:
        """As :meth:`request`, written otherwise."""
        right = self.request()
        return Spelt(right.target, right.fields, right.method, version=version, gap=gap, tail=tail)

    def wire(self) -> Wire:
        """A dialled connection on which nothing has been said."""
        return self._door.wire(self.known, "raw")

    def shake(self, request: Request, shape: Shape = Shape.ONE_WRITE) -> tuple[Answer, Wire]:
        """What answers ``request`` on a fresh connection, and that connection."""
        wire = self.wire()
        return self.shake_on(wire, request, shape), wire

    def shake_on(self, wire: Wire, request: Request, shape: Shape = Shape.ONE_WRITE) -> Answer:
        """What answers ``request`` on ``wire``. NotApplicable where an account would be needed."""
        answer = wire.shake_hands(request, self._door.patience(), shape)
        turned_away = isinstance(answer, ResponseHead) and answer.status in _CREDENTIAL_STATUSES
        if self._lacking and turned_away:
            raise NotApplicable(self._lacking)
        return answer

    def opened(self, request: Request, slug: str, shape: Shape = Shape.ONE_WRITE) -> ResponseHead:
        """The 101 that must answer ``request``; anything else breaks ``slug``."""
        answer, wire = self.shake(request, shape)
        wire.stream.close()
        return must_open(answer, slug)

    def declined(self, request: Request, slug: str) -> ResponseHead | Ended:
        """What answers ``request`` instead of a 101; a 101 or silence breaks ``slug``."""
        answer, wire = self.shake(request)
        wire.stream.close()
        if answer is None or is_open(answer):
            raise broken(slug, "an HTTP error, or the end", described(answer))
        return answer


def is_open(answer: Answer) -> bool:
    """Whether a handshake got a 101."""
    return isinstance(answer, ResponseHead) and answer.status == SWITCHING_PROTOCOLS


def must_open(answer: Answer, slug: str) -> ResponseHead:
    """``answer``, which must be a 101; anything else breaks ``slug``."""
    if not isinstance(answer, ResponseHead) or not is_open(answer):
        raise broken(slug, "101 Switching Protocols", described(answer))
    return answer


def described(answer: Answer) -> str:
    """An answer to a handshake in words."""
    if answer is None:
        return "no answer"
    return f"HTTP {answer.status}" if isinstance(answer, ResponseHead) else f"ended by {answer}"
