"""What a target shows of itself before the suite, where its profile leaves that open.

Hundreds of cases stand on how a target lets in, answers, reads and refuses. Where it does otherwise
than the contract, and the profile says nothing of it, they run as against what it is, and one case
says so. Knows no case.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import msgspec

from harness.errors import HarnessError
from harness.learning import Lesson, learn
from harness.target import Account, AccountSource, KeyStatus, MintedAccounts, Profile, register
from harness.target.consistency import contradiction
from schemas.modes import AckMode, ReadReceipt
from schemas.words import Role

CLAUSES: Mapping[str, str] = MappingProxyType(
    {
        "login.by": "login-accepted",
        "login.frame": "login-first",
        "login.reject": "login-rejected",
        "dialect.read_receipt": "receipt-acknowledged",
        "dialect.ack": "ack-echo",
        "dialect.on_bad_input": "refusal-keeps-connection",
        "dialect.staff.assign": "in-titletype-word",
        "dialect.staff.close": "in-titletype-word",
    }
)
"""The keys on which cases stand, each with the clause that a target breaks by another value."""

LEFT = frozenset(
    {
        ("dialect.ack", AckMode.NONE.value),
        ("dialect.read_receipt", ReadReceipt.NONE.value),
        ("dialect.read_receipt", ReadReceipt.DELIVERED.value),
    }
)
"""What a mistake looks like as well: the cases themselves show it, clause by clause."""

Table = TypeVar("Table", bound=msgspec.Struct)

_FAR = 1_000_000


class Adopted(msgspec.Struct, frozen=True):
    """``clause`` is not kept: the target shows ``actual``, and the profile line ``line`` says so.

    ``expected`` is what the contract says where nothing is declared.
    """

    clause: str
    line: str
    expected: str
    actual: str


class FirstLook(msgspec.Struct, frozen=True):
    """``profile`` with what the target showed in the place of defaults; ``adopted`` are these."""

    profile: Profile
    adopted: tuple[Adopted, ...] = ()


class _Aside(AccountSource):
    """Accounts that no case will have, where there is no end to them."""

    def __init__(self, whole: AccountSource) -> None:
        self._whole = whole
        self._far = _FAR if isinstance(whole, MintedAccounts) else 0

    def available(self, role: Role) -> int | None:
        return self._whole.available(role)

    def take(self, role: Role, count: int, start: int = 0) -> tuple[Account, ...]:
        return self._whole.take(role, count, start + self._far)


def look(profile: Profile, accounts: AccountSource) -> FirstLook:
    """One short conversation, as for `chatsocket profile learn`, for keys that are not declared.

    Nothing is adopted where there is no account, where the target says how little it bears, or
    where it shows nothing.
    """
    unsaid = [key for key in CLAUSES if profile.status(key) is KeyStatus.DEFAULT]
    bounded = profile.status("limits") is not KeyStatus.DEFAULT
    if not unsaid or bounded or accounts.available(Role.CUSTOMER) == 0:
        return FirstLook(profile)
    alone = isinstance(accounts, MintedAccounts)
    try:
        notes = learn(profile, _Aside(accounts), alone=alone)
    except HarnessError:
        return FirstLook(profile)  # whatever it is, the cases will say it
    lessons = [lesson for key in unsaid if (lesson := notes.lesson(key)) is not None]
    return adopting(profile, lessons)


def adopting(profile: Profile, lessons: list[Lesson]) -> FirstLook:
    """``profile`` with each lesson's value where it is another one; they stay undeclared."""
    news = [
        lesson
        for lesson in lessons
        if lesson.value is not None
        and (lesson.key, lesson.value) not in LEFT
        and lesson.value != msgspec.to_builtins(profile.value(lesson.key))
    ]
    seen = profile
    for lesson in news:
        seen = _with(seen, lesson.key, lesson.value)
    if contradiction(seen) is not None:
        return FirstLook(profile)
    return FirstLook(seen, tuple(_adopted(profile, seen, lesson) for lesson in news))


def _adopted(profile: Profile, seen: Profile, lesson: Lesson) -> Adopted:
    shown = "; ".join(lesson.evidence[-2:])
    return Adopted(
        clause=CLAUSES[lesson.key],
        line=seen.line(lesson.key),
        expected=f"{profile.line(lesson.key)}, the default",
        actual=f"{lesson.why}: {shown}" if shown else lesson.why,
    )


def _with(profile: Profile, name: str, value: object) -> Profile:
    """The same target, whose key ``name`` has this value."""
    typed = msgspec.convert(value, register()[name].type)
    return _replaced(profile, name.split("."), typed)


def _replaced(holder: Table, path: list[str], value: object) -> Table:
    head, *rest = path
    inner = _replaced(getattr(holder, head), rest, value) if rest else value
    return msgspec.structs.replace(holder, **{head: inner})
