"""Who may log in: accounts from the profile, from a CSV, or minted for the reference server.

An account's token is a :class:`Secret`, so that no ``repr``, log line or exception can carry it.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from harness.errors import NotEnoughAccounts
from schemas.account_tokens import DEMO_SECRET, Identity, mint
from schemas.words import Role


class Secret:
    """A text that shows itself only when asked to. Equal by content, never printed."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


class Account(msgspec.Struct, frozen=True):
    """Somebody who may log in. ``token`` may be empty where a token command prints fresh ones."""

    sn: str
    role: Role
    name: str
    token: Secret

    @property
    def identity(self) -> Identity:
        """The account without its token."""
        return Identity(self.sn, self.role, self.name)


class AccountSource(Protocol):
    """Accounts by role, numbered from 0; the same number is always the same account."""

    def available(self, role: Role) -> int | None:
        """How many accounts of ``role`` there are; None when there is no end to them."""

    def take(self, role: Role, count: int, start: int = 0) -> tuple[Account, ...]:
        """``count`` accounts from number ``start``. NotEnoughAccounts says how many are needed."""

    def customers(self, count: int, start: int = 0) -> tuple[Account, ...]:
        """As :meth:`take`, of customers."""
        return self.take(Role.CUSTOMER, count, start)

    def staff(self, count: int, start: int = 0) -> tuple[Account, ...]:
        """As :meth:`take`, of staff."""
        return self.take(Role.STAFF, count, start)


class ListedAccounts(AccountSource):
    """The accounts somebody wrote down. ``where`` names the place in sentences."""

    def __init__(self, accounts: Iterable[Account], where: str) -> None:
        self._where = where
        everyone = tuple(accounts)
        self._by_role = {
            role: tuple(account for account in everyone if account.role is role) for role in Role
        }

    def available(self, role: Role) -> int:
        """How many of ``role`` were written down."""
        return len(self._by_role[role])

    def take(self, role: Role, count: int, start: int = 0) -> tuple[Account, ...]:
        """``count`` accounts in the order in which they were written down."""
        if start + count > self.available(role):
            raise NotEnoughAccounts(role, start + count, self.available(role), self._where)
        return self._by_role[role][start : start + count]


class MintedAccounts(AccountSource):
    """Accounts that nobody has to create: their tokens prove themselves to the reference server.

    ``run`` goes into every sn, so that accounts of two runs never meet; the same ``run`` always
    gives the same accounts, in every process.
    """

    _MARKS = {Role.CUSTOMER: ("C", "顧客"), Role.STAFF: ("S", "客服")}  # noqa: RUF012

    def __init__(self, run: str, secret: str = DEMO_SECRET) -> None:
        self._run = run
        self._secret = secret

    def available(self, role: Role) -> None:
        """No end to them."""

    def take(self, role: Role, count: int, start: int = 0) -> tuple[Account, ...]:
        """``count`` freshly minted accounts."""
        return tuple(self._account(role, number) for number in range(start, start + count))

    def _account(self, role: Role, number: int) -> Account:
        letter, word = self._MARKS[role]
        prefix = f"{self._run}-" if self._run else ""
        identity = Identity(f"{prefix}{letter}{number + 1}", role, f"{word}{number + 1}")
        return Account(identity.sn, role, identity.name, Secret(mint(identity, self._secret)))
