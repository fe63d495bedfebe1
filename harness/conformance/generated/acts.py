"""What people may do in a generated play: acts as values, simplest first. Knows no state."""

from enum import StrEnum

import msgspec
from hypothesis import strategies as st

from harness.conformance.generated.words import EDGED, PIECES, Numbers, number, numbers, one_of
from schemas.words import Role

SEATS = 8
MOST_TIMES = 4
_SCENES, _ACTS = 3, 8


class Verb(StrEnum):
    """What somebody does. Who cannot do it now, or not against this target, does nothing."""

    SAY = "says"
    RETURN = "leaves and returns"
    RECEIPT = "sends a receipt"
    CLOSE = "closes the case"
    CONFIRM = "takes a case"
    WRONG = "sends an unknown type"
    LEAVE = "leaves"
    ENTER = "comes back"


_VERBS = (
    *(Verb.SAY,) * 6,
    *(Verb.RETURN, Verb.RECEIPT, Verb.CONFIRM) * 2,
    *(Verb.CLOSE, Verb.WRONG, Verb.LEAVE, Verb.ENTER),
)


class Act(msgspec.Struct, frozen=True):
    """One act. ``seat`` is who acts, counted over those who play; ``whom`` the customer it is
    about; ``times`` how often, without waiting in between, one more than the number.
    """

    verb: Verb = Verb.SAY
    seat: int = 0
    whom: int = 0
    kind: int = 0
    words: Numbers = ()
    edge: int = 0
    read: bool = False
    times: int = 0


Play = tuple[Act, ...]


def plays() -> st.SearchStrategy[Play]:
    """Plays of some scenes of some acts each."""
    act = st.builds(
        Act,
        verb=one_of(*_VERBS),
        seat=number(SEATS),
        whom=number(2),
        kind=number(3),
        words=numbers(len(PIECES), 2),
        edge=number(EDGED),
        read=st.booleans(),
        times=number(MOST_TIMES),
    )
    scene = st.lists(act, max_size=_ACTS)
    scenes = st.tuples(*[scene] * _SCENES)
    return scenes.map(lambda drawn: tuple(act for scene in drawn for act in scene))


class Seat(msgspec.Struct, frozen=True, order=True):
    """One connection's place: the ``device``-th of the ``number``-th account of its role."""

    role: Role
    number: int
    device: int = 0

    @property
    def account(self) -> "Seat":
        """Whose it is: the same for all devices."""
        return Seat(self.role, self.number)

    def __str__(self) -> str:
        device = f" on device {self.device + 1}" if self.device else ""
        return f"{self.role} {self.number + 1}{device}"


class Cast(msgspec.Struct, frozen=True):
    """Who plays: so many customers with so many devices each, and so many staff."""

    customers: int = 1
    devices: int = 1
    staff: int = 1

    @property
    def seats(self) -> tuple[Seat, ...]:
        """All places, first devices first, customers and staff in turn."""
        firsts = [
            Seat(role, number)
            for number in range(max(self.customers, self.staff))
            for role in (Role.CUSTOMER, Role.STAFF)
            if number < (self.customers if role is Role.CUSTOMER else self.staff)
        ]
        others = [
            Seat(Role.CUSTOMER, number, device)
            for device in range(1, self.devices)
            for number in range(self.customers)
        ]
        return (*firsts, *others)
