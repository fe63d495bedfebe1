"""Connections that outlive their case, where nothing can be marked as read (D10).

There every new connection is sent again all that its side was ever told (D12), and idle staff all
that anybody ever said (D13): a suite of hundreds of cases would mostly read. A connection that
stays is sent everything once. Knows no case and opens nothing.
"""

from harness.blocking.deadline import Deadline
from harness.blocking.participant import Participant
from harness.session_rules import SessionRules
from harness.target import Account, Profile
from schemas.modes import Binding, ReadReceipt
from schemas.words import Role

LEAVING_S = 1.0
ROOMY = 100
"""Where so many may be connected, one of each role more takes nobody's place."""


class Spares:
    """At most one connection of each of ``roles``; without any it keeps nothing."""

    def __init__(self, *roles: Role) -> None:
        self._roles = roles
        self._kept: dict[Role, Participant] = {}

    @classmethod
    def of(cls, profile: Profile, *, own_accounts: bool) -> "Spares":
        """What is worth keeping. ``own_accounts``: each case has customers of its own."""
        piles_up = profile.dialect.read_receipt is ReadReceipt.NONE
        by_frame = profile.binding is Binding.FRAME
        limits = profile.limits
        bounded = limits.max_backlog or 0 < limits.max_connections < ROOMY
        if not piles_up or not by_frame or bounded:
            return cls()
        return cls(Role.STAFF) if own_accounts else cls(*Role)

    def account(self, role: Role) -> Account | None:
        """Whose connection of ``role`` there is, if there is one."""
        kept = self._kept.get(role)
        return kept.account if kept is not None else None

    def take(self, account: Account, rules: SessionRules) -> Participant | None:
        """The connection of ``account``, if it is there and its session has these ``rules``."""
        kept = self._kept.get(account.role)
        if kept is None or kept.account != account:
            return None
        if kept.terms.rules != rules:
            self.close(account)
            return None
        return self._kept.pop(account.role)

    def keep(self, participant: Participant) -> bool:
        """Keep a connection that its case is done with, where that is of use and it can go on."""
        role = participant.account.role
        if self._kept.get(role) is participant:
            return True
        if role not in self._roles or role in self._kept or not participant.is_at_rest:
            return False
        self._kept[role] = participant
        return True

    def close(self, account: Account) -> None:
        """Whatever ``account`` does next, it begins with no connection."""
        if self.account(account.role) == account:
            self._kept.pop(account.role).channel.close(Deadline.after(LEAVING_S))

    def close_all(self) -> None:
        """What comes next looks at who is there."""
        for account in [kept.account for kept in self._kept.values()]:
            self.close(account)
