"""What all cases of a run share: target, accounts, terms, what stands, what was found in passing.

Knows no case.
"""

import copy
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Route
from harness.blocking.inbox import Sort, Whose, all_ours
from harness.blocking.participant import Terms
from harness.blocking.turns import Turns, at_once
from harness.conformance.first_look import Adopted
from harness.conformance.generated.budget import Generation
from harness.conformance.spares import Spares
from harness.conformance.spec import Basis
from harness.conformance.stops import Blocked, NotApplicable
from harness.conformance.tokens import Mint, Tokens
from harness.errors import TargetUnavailable
from harness.pace import Pace
from harness.profile_rules import session_rules
from harness.target import Account, AccountSource, MintedAccounts, Profile, wire_dialect
from schemas.case_records import TranscriptLine
from schemas.findings import Finding
from schemas.judge import FrameJudge
from schemas.words import Role

ROUND_TRIPS = 20  # D25: that many are the limit where they take longer than limits.answer_s
SHORT_S = 1.0
LATE = "answer-in-time"
ENOUGH_FAILURES = 5
"""So many cases that fail by one clause show it; what fails by it alone later tells nothing new."""

Lines = list[TranscriptLine]


class Passing:
    """One clause that was broken where no case was looking for it, with its first evidence."""

    def __init__(self, finding: Finding, case_id: str, transcript: Lines) -> None:
        self.finding = finding
        self.case_id = case_id
        self.transcript = transcript


class _Missing(NamedTuple):
    """Why a basis does not stand, and the clause whose break is the cause, "" for none."""

    why: str
    cause: str


class Bench:
    """One run's common ground. ``strict``, ``hostile`` and ``generation`` are the user's wishes.

    ``mint`` where other processes are part of the run. ``adopted`` is what of ``profile`` nobody
    has declared and the target has shown.
    """

    def __init__(
        self,
        profile: Profile,
        accounts: AccountSource,
        *,
        strict: bool = False,
        hostile: bool = True,
        generation: Generation = Generation(),  # noqa: B008 - frozen
        mint: Mint | None = None,
    ) -> None:
        self.started_ns = time.monotonic_ns()
        self.adopted: tuple[Adopted, ...] = ()
        self.profile = profile
        self.strict = strict
        self.hostile = hostile
        self.generation = generation
        self.route = Route.of(profile)
        self.answer_s = profile.limits.answer_s
        self.patient: Bench = self  # what a hurried one was made from
        self.passing: list[Passing] = []
        self.reported: set[str] = set()
        self._failed_by: dict[str, list[str]] = {}
        self.frames_seen = 0
        self.unavailable: TargetUnavailable | None = None
        self.unopened: TargetUnavailable | None = None
        self._pace = Pace(profile.limits.max_rate_per_s)
        self.turn = self.route.turn = Turns(self._pace)
        self._round_trips_s = 0.0
        self._accounts = accounts
        self._taken = dict.fromkeys(Role, 0)
        self._missing: dict[Basis, _Missing] = {}
        self._judge = FrameJudge(dialect=wire_dialect(profile))
        self._tokens = Tokens(mint)
        self.spares = Spares.of(profile, own_accounts=self.owns_the_pool)

    @property
    def nothing_to_judge(self) -> TargetUnavailable | None:
        """Why the target gave nothing to judge, if it did not."""
        return self.unavailable or (None if self.frames_seen else self.unopened)

    # Accounts

    @property
    def owns_the_pool(self) -> bool:
        """Whether no staff but ours can be logged in: the accounts are nobody else's."""
        return isinstance(self._accounts, MintedAccounts)

    def has_account(self, role: Role, in_use: int) -> bool:
        """Whether there is one more account of ``role`` for a case that holds ``in_use``."""
        available = self._accounts.available(role)
        return available is None or in_use < available

    def account(self, role: Role, in_use: int) -> Account:
        """An account that this case has not got yet: fresh, or the next in turn of a list.

        ``in_use`` is how many of the role the case holds. NotApplicable says how many it needs.
        """
        available = self._accounts.available(role)
        if not self.has_account(role, in_use):
            raise NotApplicable(f"needs {in_use + 1} {role} accounts; there are {available}")
        number = self._taken[role]
        self._taken[role] += 1
        start = number if available is None else number % available
        return self._accounts.take(role, 1, start)[0]

    # Terms

    def terms(
        self,
        *,
        alone: bool = True,
        before: Callable[[], object] = at_once,
        sort: Sort = all_ours,
    ) -> Terms:
        """How the session of a new connection behaves, and how fast it may speak.

        ``alone`` when the account has no other connection; ``before`` is done before each message;
        ``sort`` tells whose a delivery is.
        """
        rules = session_rules(self.profile, alone=alone)
        own = Pace(self.profile.limits.max_messages_per_s)
        return Terms(rules, self._judge, self.answer_s, Turns(own, self._pace, before=before), sort)

    @property
    def bounded(self) -> bool:
        """Whether the target says how many connections it bears."""
        limits = self.profile.limits
        return bool(limits.max_connections or limits.max_connections_per_account)

    def patience(self, slug: str = "") -> Deadline:
        """When an answer to what is said now is missing (D25).

        Short where ``slug`` is a clause that this run has already shown to be broken; put off where
        the target gives no sign of life, unless it is known to be late.
        """
        if self.shown_by(slug):
            return Deadline.after(self.moment_s)
        if slug in self.reported:
            return Deadline.after(self.short_s)
        late = LATE in self.reported
        return Deadline.after(self.answer_s) if late else Deadline.owed(self.answer_s)

    def failed(self, case_id: str, slugs: Iterable[str]) -> None:
        """The case has failed because the clauses ``slugs`` are broken."""
        for slug in slugs:
            self._failed_by.setdefault(slug, []).append(case_id)

    def shown_by(self, slug: str) -> Sequence[str]:
        """The cases that have failed because of the clause, once they are enough to show it."""
        cases = self._failed_by.get(slug, ())
        return cases if len(cases) >= ENOUGH_FAILURES else ()

    def hurried(self, answer_s: float) -> "Bench":
        """The same common ground, where what has not come in ``answer_s`` (or in the round trips
        that D25 allows for) is not waited for any longer."""
        other = copy.copy(self)
        other.answer_s = min(self.answer_s, max(answer_s, self._round_trips_s))
        other.patient = self.patient
        return other

    @property
    def short_s(self) -> float:
        """Time enough for what is not missing but slow, where the answer no longer decides."""
        return min(self.answer_s, max(SHORT_S, self._round_trips_s))

    @property
    def moment_s(self) -> float:
        """Time enough for what is under way already."""
        return self.short_s / 4

    def took(self, path_s: float, login_s: float) -> None:
        """Allow for a slow path to the target (D25), on which an upgrade took ``path_s``; where a
        login took ``login_s``, only what need not be waited for long is given more time."""
        self.answer_s = max(self.profile.limits.answer_s, ROUND_TRIPS * path_s)
        self._round_trips_s = min(ROUND_TRIPS * login_s, self.answer_s)

    def fresh(self, words: str = "") -> str:
        """A content nobody has sent before: a short ASCII token, and then ``words``."""
        return self._tokens.fresh(words)

    def mark(self) -> int:
        """The number of the next fresh content: what is made from now on has it, or a later one."""
        return self._tokens.mark()

    def whose(self, content: object, mark: int) -> Whose | None:
        """Whose ``content`` is for a case that began at ``mark``; None where it does not say.

        Only accounts that are used again can bring what is of earlier times.
        """
        number = self._tokens.number_of(content)
        if number is None:
            return None
        if number > (0 if self.owns_the_pool else mark):
            return Whose.OURS
        return None if self.owns_the_pool else Whose.EARLIER

    def is_of_another_case(self, content: object, mark: int) -> bool:
        """Whether ``content`` was made in this run, and not since ``mark`` by this process.

        Never so where accounts are used again, for then it may have waited for its receiver.
        """
        number = self._tokens.number_of(content)
        if not number or not self.owns_the_pool:
            return False
        return number < mark or not self._tokens.made(number)

    def is_ours(self, content: object) -> bool:
        """Whether ``content`` was made by :meth:`fresh` in this run, however completed."""
        return self._tokens.is_ours(content)

    # What stands

    def require(self, basis: Basis | None, clauses: Collection[str] = ()) -> None:
        """Blocked, unless everything up to ``basis`` stands or was not tried.

        Whoever looks for one of ``clauses`` goes on where the break of just that one is why a
        basis is missing: here it is to be shown at its best.
        """
        for lower in Basis if basis is not None else ():
            missing = self._missing.get(lower)
            if missing is not None and missing.cause not in clauses:
                raise Blocked(missing.why)
            if lower is basis:
                return

    def fell(self, basis: Basis, case_id: str, why: str, cause: str = "") -> None:
        """The proof of ``basis`` did not succeed, because the clause ``cause`` is broken; where
        that is unknown, for the reason of a basis below, if there is one."""
        below = next((each.cause for each in self._missing.values()), "")
        self._missing[basis] = _Missing(f"{case_id} comes first: {why}", cause or below)
