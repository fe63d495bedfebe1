"""Looks after the bystanders of a case that does something wrong.

A fresh login and a pure receipt (which stores nothing and is offered to nobody) tell a rejection
from a crash; a bystander that was there before tells whether others were dropped.
"""

from harness.conformance.chatter import Chatter
from harness.conformance.door import Door, astray
from harness.conformance.stops import NotApplicable, Stop, broken
from harness.errors import HarnessError, TargetUnavailable
from harness.target import Account
from schemas.words import Role


class Watch:
    """Looks after the others while one case does something wrong. Needs a customer account.

    Where the case needs that account, or its place, itself, there is only the fresh login.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._account: Account | None = None
        try:
            self._account = door.account(Role.CUSTOMER)
            bystander = door.enter(self._account)
            bystander.catch_up()
        except NotApplicable:
            return
        door.bystander = bystander

    def look(self) -> None:
        """Whether the bystander is unharmed, and can log in afresh.

        Broken ``bystanders-unharmed`` otherwise. That the bystander was sent something of this case
        is a finding of ``isolation``.
        """
        if self._account is None:
            return
        bystander = self._door.bystander
        if bystander is not None:
            self._look_after(bystander)
            bystander.leave()
        try:
            self._door.leave(self._account)
            self._door.enter(self._account).catch_up()
        except NotApplicable:
            return
        except (Stop, TargetUnavailable) as stop:
            raise _harmed("a fresh login", stop) from None

    def _look_after(self, bystander: Chatter) -> None:
        try:
            bystander.catch_up()
        except (Stop, HarnessError) as stop:
            raise _harmed("a bystander's connection", stop) from None
        for event in bystander.participant.deliveries():
            if self._door.bench.is_ours(event.msg.get("content")):
                self._door.evidence.report(astray(event))


def _harmed(what: str, stop: Exception) -> Stop:
    return broken("bystanders-unharmed", f"{what} to go on as before", str(stop))
