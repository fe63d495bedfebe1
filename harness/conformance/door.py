"""Opens the connections of one case, and knows which are open and what the target bears."""

import json

from harness.blocking.channel import Channel
from harness.blocking.deadline import Deadline
from harness.blocking.inbox import Whose
from harness.blocking.participant import Participant, Terms
from harness.blocking.wire import Diary, Wire
from harness.conformance.bench import Bench
from harness.conformance.chatter import Chatter, start_of
from harness.conformance.evidence import Evidence
from harness.conformance.listener import shown
from harness.conformance.room import Room
from harness.conformance.spares import Spares
from harness.conformance.spec import Basis
from harness.conformance.stops import Blocked, NotApplicable, broken
from harness.events import Delivered, LoggedIn, LoginRefused
from harness.target import Account, Credentials, Secret, credentials
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.modes import ReadReceipt
from schemas.words import Role


class Door:
    """The way in for one case. Everything it opened is closed by :meth:`close_all`."""

    def __init__(self, bench: Bench, evidence: Evidence, spares: Spares | None = None) -> None:
        self.bench = bench
        self.evidence = evidence
        self._spares = spares or Spares()
        self._accounts: list[Account] = []
        self._chatters: list[Chatter] = []
        self._wires: list[Wire] = []
        self._whose: list[tuple[Credentials, str]] = []
        self._room = Room(bench.profile.limits, self._free_a_place)
        self._unread = 0
        self._mark = bench.mark()
        self.bystander: Chatter | None = None

    # Who

    def account(self, role: Role) -> Account:
        """An account that nothing else of this case uses; NotApplicable where there is none."""
        held = sum(account.role is role for account in self._accounts)
        if not self.bench.has_account(role, held) and self._bystander_is(role):
            held -= self._dismiss_bystander()
        spare = None if held else self._spares.account(role)
        account = spare or self.bench.account(role, held)
        self._accounts.append(account)
        self.evidence.transcript.hide(account.token.reveal())
        return account

    def anyone(self, role: Role) -> Account:
        """An account whose token will not be used; an invented one where there is none."""
        try:
            return self.account(role)
        except NotApplicable:
            return Account(f"nobody-{self.bench.fresh()}", role, "", Secret(""))

    def knows(self, account: Account, customer_sn: str = "") -> Credentials:
        """How ``account`` opens a connection."""
        self._spares.close(account)
        known = credentials(self.bench.profile, account, customer_sn)
        self._whose.append((known, account.sn))
        return known

    @property
    def customers(self) -> list[Chatter]:
        """The connections of customers, open or not."""
        return [each for each in self._chatters if each.account.role is Role.CUSTOMER]

    # In

    def customer(self, *, alone: bool = True) -> Chatter:
        """A customer, logged in, with nothing left unread from earlier."""
        chatter = self.enter(self.account(Role.CUSTOMER), alone=alone)
        chatter.catch_up()
        chatter.begin_anew()
        return chatter

    def staff(self, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """A staff member, logged in; ``customer_sn`` goes into the URL that binds it."""
        return self.enter(self.account(Role.STAFF), customer_sn, alone=alone)

    def enter(self, account: Account, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """One more connection of ``account``, logged in. ``alone``: it has no other.

        Blocked at once where the run has shown that nobody can log in.
        """
        self.bench.require(Basis.LOGGED_IN, self.evidence.spec.clauses)
        if (stayed := self._resumed(account, alone=alone)) is not None:
            return stayed
        chatter = self.knock(account, customer_sn, alone=alone)
        self.log_in(chatter)
        if self.bench.profile.dialect.read_receipt is ReadReceipt.NONE:
            chatter.hear_backlog()
        return chatter

    def _resumed(self, account: Account, *, alone: bool) -> Chatter | None:
        """The connection of ``account`` that an earlier case has left: what has come to it since is
        sorted like what is sent after a login."""
        bench, terms = self.bench, self._terms(alone=alone)
        kept = self._spares.take(account, terms.rules)
        if kept is None:
            return None
        known = self.knows(account)
        kept.begin_anew(self.diary(account.sn), terms, start_of(bench.profile))
        chatter = Chatter(kept, bench, self.evidence)
        chatter.hear_backlog()
        if not (kept.pongs and kept.is_at_rest):
            kept.channel.close(Deadline.after(bench.moment_s))
            return None
        self._room.hold(self._holder(known), kept.channel.wire.stream)
        self._chatters.append(chatter)
        return chatter

    def knock(self, account: Account, customer_sn: str = "", *, alone: bool = True) -> Chatter:
        """A connection of ``account`` whose ``Login`` nobody has looked at yet."""
        return self.admit(self.knows(account, customer_sn), account, alone=alone)

    def admit(self, known: Credentials, account: Account, *, alone: bool = True) -> Chatter:
        """A connection opened with ``known``, whoever that is. Raises TargetUnavailable."""
        holder = self._holder(known)
        self._make_room(holder)
        channel = Channel.open(known, self.bench.route, self.diary(account.sn), self.patience())
        self._room.hold(holder, channel.wire.stream)
        return self.take_in(channel, account, alone=alone)

    def take_in(self, channel: Channel, account: Account, *, alone: bool = True) -> Chatter:
        """``account`` on an open ``channel``, whose ``Login`` nobody has looked at yet."""
        participant = Participant(account, channel, self._terms(alone=alone))
        before = [each for each in self._chatters if each.account == account]
        if before:
            participant.inbox.succeed(before[-1].participant.inbox)
        self._chatters.append(Chatter(participant, self.bench, self.evidence))
        return self._chatters[-1]

    def _terms(self, *, alone: bool) -> Terms:
        return self.bench.terms(alone=alone, before=self._keep_reading, sort=self._sort)

    def wire(self, known: Credentials, actor: str, *, call: bool = False) -> Wire:
        """A dialled connection on which nothing has been said. Raises TargetUnavailable.

        A plain HTTP ``call`` is no connection of its account, and has its turn like a message.
        """
        holder = "" if call else self._holder(known)
        if call:
            self.bench.turn()
        self._make_room(holder)
        self._wires.append(Wire.to(known, self.bench.route, self.diary(actor), self.patience()))
        self._room.hold(holder, self._wires[-1].stream)
        return self._wires[-1]

    def diary(self, actor: str) -> Diary:
        """Where a connection of this case is written down."""
        used = sum(chatter.participant.diary.actor.startswith(actor) for chatter in self._chatters)
        name = f"{actor} ({used + 1})" if used else actor
        return Diary(name, self.evidence.transcript, self._report)

    def _report(self, finding: Finding) -> None:
        """Write down what was found, but for a count that is told with what others said."""
        if finding.clause == "unread-count" and self._is_foreign(finding.frame):
            return
        self.evidence.report(finding)

    def _is_foreign(self, frame: str) -> bool:
        try:
            msg = json.loads(frame).get("msg")
        except (ValueError, AttributeError):
            return False
        return isinstance(msg, dict) and self._sort(msg) is Whose.FOREIGN

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

    # What the target bears

    def _make_room(self, holder: str) -> None:
        """NotApplicable where the target bears no further connection (of this account's sn)."""
        if self.bench.bounded:
            self._read_what_has_come()  # and so see who was dropped
        self._room.require(holder)

    def _holder(self, known: Credentials) -> str:
        return next((sn for credentials, sn in self._whose if credentials is known), "")

    def _keep_reading(self) -> None:
        """Before a message: let nothing pile up on connections that nobody listens to."""
        most = self.bench.profile.limits.max_backlog
        self._unread += 1
        if most and 2 * self._unread > most:
            self._read_what_has_come()

    def _read_what_has_come(self) -> None:
        self._unread = 0
        for chatter in self._chatters:
            at_once = Deadline.after(0)  # one for all: a peer may never stop
            while chatter.channel.ended is None and chatter.participant.hear(at_once):
                pass

    # What is sent there

    def _sort(self, msg: dict[str, object]) -> Whose:
        """Whose a delivery is: without a token, that of whoever takes part in this case."""
        whose = self.bench.whose(msg.get("content"), self._mark)
        if whose is not None:
            return whose
        here = any(sn == msg.get("SendSn") for _, sn in self._whose)  # those who have left, too
        return Whose.OURS if here else Whose.FOREIGN

    @property
    def foreign(self) -> int:
        """How many deliveries came that nobody of this run has caused."""
        return sum(chatter.participant.inbox.foreign for chatter in self._chatters)

    def report_strays(self) -> None:
        """Report what customers were sent that was said in other cases: of this run, perhaps by
        another worker."""
        for chatter in self.customers:
            for event in chatter.participant.deliveries():
                if self.bench.is_of_another_case(event.msg.get("content"), self._mark):
                    self.evidence.report(astray(event))

    # Who gives way

    def _bystander_is(self, role: Role) -> bool:
        return self.bystander is not None and self.bystander.account.role is role

    def _free_a_place(self) -> bool:
        """The bystander leaves, where there is one: the case needs its place."""
        if self.bystander is None:
            return False
        if not self._keeps(self.bystander):
            self.bystander.leave()
        self.bystander = None
        return True

    def _dismiss_bystander(self) -> bool:
        """As :meth:`_free_a_place`, and its account is free again."""
        if self.bystander is not None:
            self._accounts.remove(self.bystander.account)
        return self._free_a_place()

    # Out

    def dismiss_staff(self) -> None:
        """Close the connections of staff; their accounts are free again."""
        for chatter in self._chatters:
            if chatter.account.role is Role.STAFF:
                chatter.leave()
        self._accounts = [held for held in self._accounts if held.role is not Role.STAFF]

    def leave(self, account: Account) -> None:
        """Close the connections of ``account``."""
        self._spares.close(account)
        for chatter in self._chatters:
            if chatter.account == account:
                chatter.leave()

    def close_all(self) -> None:
        """Close every connection, but for those that are kept. Harmless when repeated."""
        for chatter in self._chatters:
            if not self._keeps(chatter):
                chatter.leave()
        for wire in self._wires:
            wire.stream.close()

    def _keeps(self, chatter: Chatter) -> bool:
        """Whether the connection, the account's only one, stays for later cases."""
        kept, all_here = chatter.participant, (each.participant for each in self._chatters)
        same = [each for each in all_here if each.account == kept.account and each is not kept]
        alone = all(each.channel.ended is not None for each in same)
        return alone and self._spares.keep(kept)


def astray(event: Delivered) -> Finding:
    """That ``event`` is of a conversation in which its receiver has no part."""
    return clause("isolation").broken(
        expected="nothing of another's conversation", actual="a Receive", frame=shown(event)
    )
