"""The conformance part of a run: the suite's records into the log, its course onto the terminal."""

from harness.cli.recording import INTERRUPTED
from harness.conformance import CaseInfo, SuiteOptions, run_suite
from harness.errors import OwnFault
from harness.run_log import RunLog
from harness.target import AccountSource, Profile, accounts_of
from reports.progress import Progress
from schemas.records import CaseRecord
from schemas.verdicts import Outcome

NAME = "conformance"


def case_accounts(profile: Profile, mark: str) -> AccountSource:
    """The accounts of the cases of the run ``mark``: minted ones are not those of its load."""
    return accounts_of(profile, f"{mark}t")


class ConformancePart:
    """Judges the target of ``profile`` case by case."""

    def __init__(
        self,
        profile: Profile,
        accounts: AccountSource,
        options: SuiteOptions,
        progress: Progress,
    ) -> None:
        self._profile, self._accounts, self._options = profile, accounts, options
        self._progress = progress
        self._planned = self._done = self._failed = 0

    def run(self, log: RunLog) -> None:
        """Write a record for each case into ``log``.

        KeyboardInterrupt after an interruption, TargetUnavailable when the target could not be
        judged: what was found before is in the log.
        """

        def take(record: CaseRecord) -> None:
            log.append(record)
            self._count(record)

        result = run_suite(self._profile, self._accounts, self._options, take, self._plan)
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
        self._progress.conformance(self._done, self._planned, self._failed)
