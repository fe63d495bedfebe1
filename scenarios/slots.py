"""Locust's users as slots: a greenlet waits while a participant of the swarm lives in it.

``on_start`` only hands over and never raises (Locust would drop the user for good). Stopping a user
asks its participant to leave; the participant's end lets the user end (facts: traps 5, 15).
"""

from collections.abc import Sequence
from typing import ClassVar
from weakref import WeakKeyDictionary

from gevent.event import Event  # type: ignore[import-untyped]
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING

from harness.swarm.customer import Customer
from harness.swarm.participant import Participant
from harness.swarm.staff import Staff
from harness.swarm.swarm import Populations
from scenarios.player import Player
from schemas.words import Role

PLAYERS: WeakKeyDictionary[Environment, Player] = WeakKeyDictionary()
"""The player of the test that runs in this process, by Locust's environment."""

_EARLY: WeakKeyDictionary[Environment, "list[ParticipantUser]"] = WeakKeyDictionary()


def play_with(environment: Environment, player: Player) -> None:
    """From now on ``player`` has the slots of ``environment``, those that came early included."""
    PLAYERS[environment] = player
    for slot in _EARLY.pop(environment, []):
        player.arrive(slot)


class ParticipantUser(User):
    """A place for participants of one role, which ``participant`` makes and plays.

    A population of one's own is a subclass that names a subclass of ``Customer`` or ``Staff``.
    """

    abstract = True
    role: Role
    participant: ClassVar[type[Participant]]

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._left = Event()

    def on_start(self) -> None:
        player = PLAYERS.get(self.environment)
        if player is None:
            _EARLY.setdefault(self.environment, []).append(self)
        else:
            player.arrive(self)

    def on_stop(self) -> None:
        self._depart()

    @task
    def play(self) -> None:
        """Wait for the participant's end."""
        self._left.wait()
        raise StopUser

    def stop(self, force: bool = False) -> bool:  # noqa: ARG002 - a participant is never cut off
        """Ask the participant to leave; its end ends this user."""
        self._state = LOCUST_STATE_STOPPING
        self._depart()
        return False

    def vacate(self) -> None:
        """The participant has left."""
        self._left.set()

    def _depart(self) -> None:
        player = PLAYERS.get(self.environment)
        if player is None:
            self._left.set()
        elif not self._left.is_set():
            player.depart(self)


class CustomerUser(ParticipantUser):
    """A slot for a customer."""

    weight = 4
    role = Role.CUSTOMER
    participant = Customer


class StaffUser(ParticipantUser):
    """A slot for a member of the staff."""

    weight = 1
    role = Role.STAFF
    participant = Staff


def played_by(users: Sequence[type[User]]) -> Populations:
    """Who plays the two sides: what the first of ``users`` for each names."""
    makers = {
        user.role: user.participant for user in reversed(users) if issubclass(user, ParticipantUser)
    }
    return Populations(makers.get(Role.CUSTOMER, Customer), makers.get(Role.STAFF, Staff))
