"""Opening handshakes of a case's own making, right or bent."""

from harness.blocking.opening import Request, new_key, upgrade_request
from harness.blocking.wire import Ended, Shape, Wire
from harness.conformance.door import Door
from harness.conformance.stops import broken
from harness.target import Credentials
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead
from schemas.words import Role


class Raw:
    """Handshakes of one fresh customer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.known: Credentials = door.knows(door.account(Role.CUSTOMER))

    def request(self) -> Request:
        """A right upgrade request with a fresh key."""
        return upgrade_request(self.known, new_key())

    def shake(
        self, request: Request, shape: Shape = Shape.ONE_WRITE
    ) -> tuple[ResponseHead | Ended | None, Wire]:
        """What answers ``request`` on a fresh connection, and that connection."""
        wire = self._door.wire(self.known, "raw")
        return wire.shake_hands(request, self._door.patience(), shape), wire

    def opened(self, request: Request, slug: str, shape: Shape = Shape.ONE_WRITE) -> ResponseHead:
        """The 101 that must answer ``request``; anything else breaks ``slug``."""
        answer, _ = self.shake(request, shape)
        if not isinstance(answer, ResponseHead) or answer.status != SWITCHING_PROTOCOLS:
            raise broken(slug, "101 Switching Protocols", described(answer))
        return answer

    def declined(self, request: Request, slug: str) -> ResponseHead | Ended:
        """What answers ``request`` instead of a 101; a 101 or silence breaks ``slug``."""
        answer, _ = self.shake(request)
        opened = isinstance(answer, ResponseHead) and answer.status == SWITCHING_PROTOCOLS
        if answer is None or opened:
            raise broken(slug, "an HTTP error, or the end", described(answer))
        return answer


def described(answer: ResponseHead | Ended | None) -> str:
    """An answer to a handshake in words."""
    if answer is None:
        return "no answer"
    return f"HTTP {answer.status}" if isinstance(answer, ResponseHead) else f"ended by {answer}"
