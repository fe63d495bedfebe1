"""Opens the connections of one case and knows which are open; and looks after the bystanders.

A fresh login and a pure receipt (which stores nothing and is offered to nobody) tell a rejection
from a crash; a bystander that was there before tells whether others were dropped.
"""

from harness.blocking.channel import Channel
from harness.blocking.deadline import Deadline
from harness.blocking.participant import Participant
from harness.blocking.wire import Diary, Wire
from harness.conformance.bench import Bench
from harness.conformance.chatter import Chatter, shown
from harness.conformance.evidence import Evidence
from harness.conformance.stops import Blocked, NotApplicable, Stop, broken
from harness.errors import HarnessError, TargetUnavailable
from harness.events import LoggedIn, LoginRefused
from harness.target import Account, Credentials, credentials
from schemas.clauses import clause
from schemas.words import Role


class Door:
    """The way in for one case. Everything it opened is closed by :meth:`close_all`."""

    def __init__(self, bench: Bench, evidence: Evidence) -> None:
        self.bench = bench
        self.evidence = evidence
        self._accounts: list[Account] = []
        self._chatters: list[Chatter] = []
        self._wires: list[Wire] = []

    # Who

    def account(self, role: Role) -> Account:
        """An account that nothing else of this case uses."""
        held = sum(account.role is role for account in self._accounts)
        account = self.bench.account(role, held)
        self._accounts.append(account)
        self.evidence.transcript.hide(account.token.reveal())
        return account

    def knows(self, account: Account, customer_sn: str = "") -> Credentials:
        """How ``account`` opens a connection."""
        return credentials(self.bench.profile, account, customer_sn)

    # In

    def customer(self, *, alone: bool = True) -> Chatter:
        """A customer, logged in, with nothing left unread from earlier."""
        chatter = self.enter(self.account(Role.CUSTOMER), alone=alone)
        chatter.catch_up()
        return chatter

    def staff(self, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """A staff member, logged in; ``customer_sn`` goes into the URL that binds it."""
        return self.enter(self.account(Role.STAFF), customer_sn, alone=alone)

    def enter(self, account: Account, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """One more connection of ``account``, logged in. ``alone``: it has no other."""
        chatter = self.knock(account, customer_sn, alone=alone)
        self.log_in(chatter)
        return chatter

    def knock(self, account: Account, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """A connection of ``account`` whose ``Login`` nobody has looked at yet."""
        return self.admit(self.knows(account, customer_sn), account, alone=alone)

    def admit(self, known: Credentials, account: Account, *, alone: bool = True) -> Chatter:
        """A connection opened with ``known``, whoever that is. Raises TargetUnavailable."""
        channel = Channel.open(known, self.bench.route, self.diary(account.sn), self.patience())
        participant = Participant(account, channel, self.bench.terms(alone=alone))
        self._chatters.append(Chatter(participant, self.bench, self.evidence))
        return self._chatters[-1]

    def wire(self, known: Credentials, actor: str) -> Wire:
        """A dialled connection on which nothing has been said. Raises TargetUnavailable."""
        self._wires.append(Wire.to(known, self.bench.route, self.diary(actor), self.patience()))
        return self._wires[-1]

    def diary(self, actor: str) -> Diary:
        """Where a connection of this case is written down."""
        used = sum(chatter.participant.diary.actor.startswith(actor) for chatter in self._chatters)
        name = f"{actor} ({used + 1})" if used else actor
        return Diary(name, self.evidence.transcript, self.evidence.report)

    def patience(self) -> Deadline:
        """When an answer to what is said now is missing (D25)."""
        return self.bench.patience()

    def log_in(self, chatter: Chatter) -> None:
        """See the ``Login`` that a right token gets, where there are such frames."""
        if not self.bench.profile.login.frame:
            return
        mark = len(self.evidence.findings)
        event = chatter.participant.login(chatter.patience())
        if isinstance(event, LoggedIn):
            return
        found = self.evidence.latest(mark)
        if isinstance(event, LoginRefused) and isinstance(event.frame.get("Result"), bool):
            raise broken("login-accepted", "a right token accepted", f"refused: {event.error}")
        if found is not None:
            raise Blocked(f"could not log in: {found}")
        end = chatter.channel.ended
        actual = f"ended by {end}" if end else f"nothing in {self.bench.answer_s:g} s"
        raise broken("login-first", "a Login frame", actual)

    # Out

    def dismiss_staff(self) -> None:
        """Close the connections of staff."""
        for chatter in self._chatters:
            if chatter.account.role is Role.STAFF:
                chatter.leave()

    def close_all(self) -> None:
        """Close every connection. Harmless when repeated."""
        for chatter in self._chatters:
            chatter.leave()
        for wire in self._wires:
            wire.stream.close()


class Watch:
    """Looks after the others while one case does something wrong. Needs a customer account."""

    def __init__(self, door: Door) -> None:
        self._door = door
        try:
            self._bystander: Chatter | None = door.customer()
        except NotApplicable:
            self._bystander = None

    def look(self) -> None:
        """Whether the bystander is unharmed, and can log in afresh.

        Broken ``bystanders-unharmed`` otherwise. That the bystander was sent something of this run
        is a finding of ``isolation``.
        """
        if self._bystander is None:
            return
        self._look_after(self._bystander)
        self._bystander.leave()
        try:
            self._door.enter(self._bystander.account).catch_up()
        except (Stop, TargetUnavailable) as stop:
            raise _harmed("a fresh login", stop) from None

    def _look_after(self, bystander: Chatter) -> None:
        try:
            bystander.catch_up()
        except (Stop, HarnessError) as stop:
            raise _harmed("a bystander's connection", stop) from None
        for event in bystander.participant.deliveries():
            if self._door.bench.is_ours(event.msg.get("content")):
                self._door.evidence.report(
                    clause("isolation").broken(
                        expected="nothing of another's conversation",
                        actual="a Receive",
                        frame=shown(event),
                    )
                )


def _harmed(what: str, stop: Exception) -> Stop:
    return broken("bystanders-unharmed", f"{what} to go on as before", str(stop))
