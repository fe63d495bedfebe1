"""The conformance part of a run: the suite's records into the log, its course onto the terminal."""

from pathlib import Path

import msgspec

from harness.cli.expected import known_failures
from harness.cli.recording import INTERRUPTED
from harness.conformance import CaseInfo, SuiteOptions, run_suite
from harness.errors import OwnFault
from harness.run_log import RunLog
from harness.target import (
    AccountSource,
    KeyStatus,
    ListedAccounts,
    Profile,
    accounts_of,
    expired_token,
)
from harness.target.choice import TargetChoice
from reports.progress import Progress
from schemas.case_records import CaseRecord, SuitePlanned
from schemas.verdicts import Outcome

NAME = "conformance"
MOST_LINES = 12
MANY_BLOCKED = 4
"""Where one case in so many is blocked, the profile may be what is wrong."""


def case_accounts(profile: Profile, mark: str) -> AccountSource:
    """The accounts of the cases of the run ``mark``: minted ones are not those of its load.

    None at all are enough for handshakes and rejected logins. UsageError also when the token that
    has expired is to come from a variable that is not set.
    """
    expired_token(profile)
    accounts = profile.accounts
    if not (accounts.entries or accounts.file or accounts.demo):
        return ListedAccounts((), profile.shown_name)
    return accounts_of(profile, f"{mark}t")


def planned(
    options: SuiteOptions, choice: TargetChoice, profile: Profile, expect: Path | None = None
) -> SuitePlanned:
    """What the log says of how the suite is run. UsageError for wrong expected results."""
    return SuitePlanned(
        options=msgspec.to_builtins(options),
        hidden_keys=_hidden(profile),
        profile_file=choice.profile,
        accounts_file=choice.accounts,
        expect_file=str(expect or ""),
        expectations=list(known_failures(expect, folders=options.cases)),
    )


def _hidden(profile: Profile) -> list[str]:
    """The keys of which a log does not hold the value."""
    return [
        name
        for name, shown in profile.redacted().items()
        if profile.status(name) is not KeyStatus.OFF
        and msgspec.to_builtins(profile.value(name)) != shown
    ]


class ConformancePart:
    """Judges the target of ``profile`` case by case."""

    def __init__(
        self,
        profile: Profile,
        accounts: AccountSource,
        options: SuiteOptions,
        progress: Progress,
        plan: SuitePlanned | None = None,
    ) -> None:
        self._profile, self._accounts, self._options = profile, accounts, options
        self._plan_record = plan or SuitePlanned(options=msgspec.to_builtins(options))
        self._progress = progress
        self._planned = self._done = self._failed = self._blocked = 0
        self._lines: dict[str, None] = {}

    def run(self, log: RunLog) -> None:
        """Write a record for each case into ``log``.

        KeyboardInterrupt after an interruption, TargetUnavailable when the target could not be
        judged: what was found before is in the log.
        """

        log.append(self._plan_record)

        def take(record: CaseRecord) -> None:
            log.append(record)
            self._count(record)

        result = run_suite(self._profile, self._accounts, self._options, take, self._plan)
        self._advise()
        if result.partial:
            raise KeyboardInterrupt(INTERRUPTED)
        if result.unavailable is not None:
            raise result.unavailable
        if result.ran < result.planned:
            raise OwnFault(f"{result.planned - result.ran} cases left no record")

    def _plan(self, cases: tuple[CaseInfo, ...]) -> None:
        self._planned = len(cases)

    def _count(self, record: CaseRecord) -> None:
        self._done += 1
        self._failed += record.outcome is Outcome.FAILED
        self._blocked += record.outcome is Outcome.BLOCKED
        if record.outcome is Outcome.NON_STRICT and record.profile_line:
            self._lines.update(dict.fromkeys(record.profile_line.split("; ")))
        self._progress.conformance(self._done, self._planned, self._failed)

    def _advise(self) -> None:
        """Say what a profile of this server would hold, as far as that is known."""
        if self._lines:
            self._progress.say("What the profile leaves open is otherwise here; lines for it:")
        for line in list(self._lines)[:MOST_LINES]:
            self._progress.say(f"  {line}")
        if len(self._lines) > MOST_LINES:
            self._progress.say(f"  … and {len(self._lines) - MOST_LINES} more, in the report")
        if MANY_BLOCKED * self._blocked > self._planned and not self._options.strict:
            self._progress.say(
                f"{self._blocked} cases stand on what failed first. If the server means it so,"
                " describe it: `chatsocket profile learn` writes what it shows,"
                " `chatsocket profile init` every key."
            )
