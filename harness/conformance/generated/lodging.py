"""The door of one attempt: its own evidence, and accounts that the next attempt may use again."""

from harness.conformance.bench import Bench
from harness.conformance.conversation import sweep
from harness.conformance.door import Door
from harness.conformance.evidence import Evidence
from harness.conformance.stops import Stop
from harness.errors import HarnessError
from harness.target import Account
from schemas.words import Role


class Lodging:
    """The accounts that a case's attempts use. Fresh ones for each where there is no end to them;
    else as few as one attempt needs, always the same.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._kept: dict[Role, list[Account]] = {role: [] for role in Role}

    @property
    def fresh(self) -> bool:
        """Whether nobody has used an account before."""
        return self._door.bench.owns_the_pool

    def most(self, role: Role, wanted: int) -> int:
        """How many accounts of ``role``, ``wanted`` at most, one attempt can have.

        NotApplicable where there is none.
        """
        self.require(role, 1)
        count = 1
        while count < wanted and self._door.bench.has_account(role, count):
            count += 1
        return count

    def require(self, role: Role, wanted: int) -> int:
        """``wanted``; NotApplicable where there are not so many accounts of ``role``."""
        if not self.fresh:
            self._fill(role, wanted)
        return wanted

    def account(self, role: Role, number: int) -> Account:
        """The account of ``role`` with this number for one attempt, counted from 0."""
        if self.fresh:
            return self._door.account(role)
        self._fill(role, number + 1)
        return self._kept[role][number]

    def _fill(self, role: Role, count: int) -> None:
        while len(self._kept[role]) < count:
            self._kept[role].append(self._door.account(role))


class AttemptDoor(Door):
    """Opens the connections of one attempt. ``hurried`` waits shorter for what is missing."""

    def __init__(self, lodging: Lodging, bench: Bench, evidence: Evidence) -> None:
        super().__init__(bench, evidence)
        self._lodging = lodging
        self._lent = dict.fromkeys(Role, 0)

    @property
    def starts_clean(self) -> bool:
        """Whether its accounts have never been used before."""
        return self._lodging.fresh

    def again(self, *, skipping: int) -> "AttemptDoor":
        """A door to the same accounts, of whose customers it passes over the first.

        Nobody hurries there.
        """
        other = AttemptDoor(self._lodging, self.bench.patient, self.evidence)
        other._lent[Role.CUSTOMER] = skipping
        return other

    def sweep_up(self) -> None:
        """After an attempt that broke off: what still can be done so that nothing is left."""
        self.close_all()
        for customer in [held for held in self._accounts if held.role is Role.CUSTOMER]:
            door = self.again(skipping=0)
            try:
                sweep(door, door.enter(customer))
            except (Stop, HarnessError):
                continue
            finally:
                door.close_all()

    def account(self, role: Role) -> Account:
        """An account that nothing else of this attempt uses."""
        account = self._lodging.account(role, self._lent[role])
        self._lent[role] += 1
        self._accounts.append(account)
        self.evidence.transcript.hide(account.token.reveal())
        return account
