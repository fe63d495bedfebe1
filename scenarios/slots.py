"""Locust's users as slots: a greenlet waits while a participant of the swarm lives in it.

``on_start`` only hands over and never raises (Locust would drop the user for good). Stopping a user
asks its participant to leave; the participant's end lets the user end (facts: traps 5, 15).
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple
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


class Tags(NamedTuple):
    """What ``--tags`` and ``--exclude-tags`` say; nothing, where they are not given."""

    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, environment: Environment) -> "Tags":
        """Those of a Locust process; a worker's are its master's."""
        options = environment.parsed_options
        found = (getattr(options, name, None) or () for name in ("tags", "exclude_tags"))
        return cls(*map(frozenset, found))

    def fit(self, participant: type[Participant]) -> bool:
        """Whether ``participant`` may play: its ``behave`` has no tag, or a wanted one and no
        unwanted one.
        """
        own = tags_of(participant)
        return not own & self.unwanted and (not own or not self.wanted or bool(own & self.wanted))


NO_TAGS = Tags()

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
    functions = ("play",)  # Locust's word for a user that is whole without tasks

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.tasks = [type(self).play]  # no tag takes it away: tags are those of behaviours
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


def played_by(users: Sequence[type[User]], tags: Tags = NO_TAGS) -> Populations:
    """Who plays the two sides: what the first of ``users`` for each names that ``tags`` let play,
    one with a wanted tag before those without any; ours where there is none.
    """
    slots = [user for user in users if issubclass(user, ParticipantUser)]
    fitting = [user for user in slots if tags.fit(user.participant)]
    fitting.sort(key=lambda user: not tags_of(user.participant) & tags.wanted)
    makers = {user.role: user.participant for user in reversed(fitting)}
    return Populations(makers.get(Role.CUSTOMER, Customer), makers.get(Role.STAFF, Staff))


def tags_of(participant: type[Participant]) -> frozenset[str]:
    """What its ``behave`` was tagged with."""
    return frozenset(getattr(participant.behave, "locust_tag_set", ()))
