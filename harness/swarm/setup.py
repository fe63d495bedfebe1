"""From a load plan to what the swarm needs to know of its target: who is who, and how it speaks.

The one place where plan, profile and accounts meet. Opens no connection.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path

import msgspec

from harness.errors import UsageError
from harness.ledger.stream import Roster
from harness.profile_rules import session_rules
from harness.session_rules import SessionRules
from harness.swarm.allowance import allowance_of
from harness.swarm.hiding import Hiding
from harness.swarm.link import Address
from harness.swarm.plan import LoadPlan
from harness.target import (
    Account,
    AccountSource,
    Profile,
    accounts_of,
    credentials_later,
    default_profile,
    read_profile,
    tls_context,
    wire_dialect,
)
from harness.target.secret_words import secret_words
from harness.target.templates import fill
from schemas.judge import FrameJudge
from schemas.modes import Binding, ReadReceipt


def profile_of(plan: LoadPlan) -> Profile:
    """The target of ``plan``. UsageError when the profile or the account file is wrong."""
    if plan.profile:
        profile = read_profile(Path(plan.profile), plan.url or None)
    elif plan.url:
        profile = default_profile(plan.url)
    else:
        raise UsageError("a load needs a target", "give its URL or --profile FILE")
    if not plan.accounts:
        return profile
    path = str(Path(plan.accounts).absolute())
    accounts = msgspec.structs.replace(profile.accounts, entries=(), file=path, demo=False)
    return msgspec.structs.replace(profile, accounts=accounts)


class Setup:
    """A plan with its profile resolved. Tokens stay inside; ``address`` alone gives them out."""

    def __init__(self, plan: LoadPlan, profile: Profile | None = None) -> None:
        """NotEnoughAccounts and other UsageErrors come from here, before anything connects."""
        self.plan = plan
        self.profile = profile or profile_of(plan)
        self._source: AccountSource = accounts_of(self.profile, plan.run)
        self._customers = tuple(a.sn for a in self._source.customers(plan.customers))
        staff = tuple(a.sn for a in self._source.staff(plan.staff))
        self.roster = self._roster(self._customers, staff)
        self.allowance = allowance_of(plan, self.profile)
        self.rules = session_rules(self.profile)
        self._crowded_rules = msgspec.structs.replace(self.rules, unread=False)
        self._hiding = Hiding()
        self.judge = FrameJudge(dialect=wire_dialect(self.profile))

    @property
    def tls(self) -> ssl.SSLContext | None:
        """The context for wss:// targets."""
        return tls_context(self.profile)

    @property
    def receipts(self) -> bool:
        """Whether a pure receipt is something that this target knows (D10)."""
        return self.rules.read_receipt in (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)

    @property
    def url_binds(self) -> bool:
        """Whether staff is bound by its URL and not by ``confirm`` (D7)."""
        return self.profile.binding is Binding.URL

    def devices_of(self, number: int) -> int:
        """How many connections participant ``number`` has."""
        return 1 if self.is_staff(number) else self.plan.customer.devices

    def is_slow(self, number: int) -> bool:
        """Whether participant ``number`` reads slowly."""
        return not self.is_staff(number) and self.plan.customer.is_slow(number)

    def tells_of_target(self, number: int) -> bool:
        """Whether latencies of participant ``number`` are a customer's, and the target's doing."""
        return not self.is_staff(number) and not self.is_slow(number)

    def shown(self, text: str) -> str:
        """``text``, which may come from the target, without the secrets given out until now."""
        return self._hiding.shown(text)

    def rules_of(self, number: int) -> SessionRules:
        """The rules of one session: counts are judged where a side has one connection (D11)."""
        return self.rules if self.devices_of(number) == 1 else self._crowded_rules

    def is_staff(self, number: int) -> bool:
        """Whether participant ``number`` is staff."""
        return number >= self.plan.customers

    def account(self, number: int) -> Account:
        """The account of participant ``number``."""
        if self.is_staff(number):
            return self._source.staff(1, number - self.plan.customers)[0]
        return self._source.customers(1, number)[0]

    def assigned(self, number: int) -> int:
        """The conversation that staff ``number`` is bound to where the URL binds."""
        return (number - self.plan.customers) % self.plan.customers

    def customer_sn(self, conversation: int) -> str:
        """The ``SendSn`` of a conversation's customer."""
        return self._customers[conversation]

    def case_name(self, customer_sn: str) -> str:
        """What a staff word's content says to name that customer's case (D14)."""
        return fill(self.profile.dialect.staff.content, {"customer_sn": customer_sn})

    async def address(self, number: int) -> Address:
        """How participant ``number`` opens a connection. UsageError when no token can be had."""
        account = self.account(number)
        bound_to = ""
        if self.url_binds and self.is_staff(number):
            bound_to = self.customer_sn(self.assigned(number))
        found = await credentials_later(self.profile, account, bound_to)
        fresh = self.profile.login.token_command
        secrets = secret_words(account, found, bound_to) if fresh else {account.token.reveal()}
        self._hiding.hide(secrets)
        headers = list(found.headers)
        if found.origin:
            headers.append(("Origin", found.origin))
        if found.subprotocols:
            headers.append(("Sec-WebSocket-Protocol", ", ".join(found.subprotocols)))
        return Address(found.url, tuple(headers))

    def _roster(self, customers: Sequence[str], staff: Sequence[str]) -> Roster:
        return Roster(
            numbers={sn: number for number, sn in enumerate((*customers, *staff))},
            customers=len(customers),
            cases={self.case_name(sn): number for number, sn in enumerate(customers)},
        )
