"""The suite as a function: profile and accounts in, one record after another out.

pytest runs in this process, shut off from whatever pytest configuration and plugins the user has.
Knows no command line and writes no file.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
import pytest

from harness.conformance.bench import Bench
from harness.conformance.conductor import Conductor, Sink, unheard
from harness.conformance.first_look import FirstLook, look
from harness.conformance.generated.budget import Generate, Generation
from harness.conformance.listing import CASES, CaseInfo, Selection, files_of
from harness.conformance.spec import Group
from harness.errors import OwnFault, TargetUnavailable, UnknownName, UsageError, shown
from harness.target import AccountSource, Profile
from schemas.case_records import CaseRecord

_ISOLATED = (
    "--disable-plugin-autoload",
    "--noconftest",
    "--import-mode=importlib",
    "--capture=no",
    *(
        option
        for name in (
            *("terminal", "cacheprovider", "logging", "warnings", "faulthandler", "doctest"),
            *("unraisableexception", "threadexception"),  # they collect garbage ten times a run
        )
        for option in ("-p", f"no:{name}")
    ),
    "-c",
    str(CASES / "pytest.ini"),
    "--rootdir",
    str(CASES),
)


class SuiteOptions(msgspec.Struct, frozen=True):
    """What of the suite is run, and how strictly it is graded.

    No ``groups`` means all. ``keyword`` is pytest's ``-k``. ``strict`` holds defaults as if they
    were declared. ``hostile`` lets hostile cases run off loopback too; ``slow`` adds the slow ones.
    ``cases`` are folders of a team's own cases, as :func:`own_folders` gives them. ``only`` are the
    ids of cases that are run, whatever else is selected, with those of the ids ``proofs`` on which
    they stand.
    ``generation`` is how much the generated cases try, and with which seed.
    """

    groups: tuple[Group, ...] = ()
    keyword: str = ""
    strict: bool = False
    hostile: bool = False
    slow: bool = False
    cases: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    generation: Generation = Generation()

    @property
    def selection(self) -> Selection:
        """Which cases that selects, but for the keyword."""
        generated = self.generation.level is not Generate.OFF
        return Selection(self.groups, self.slow, self.only, self.proofs, generated)


class SuiteResult(msgspec.Struct, frozen=True):
    """How a run of the suite ended. ``planned`` cases were selected, ``ran`` have a record.

    ``partial`` after an interruption; ``unavailable`` says why the target could not be judged, if
    it could not.
    """

    planned: int
    ran: int
    partial: bool
    unavailable: TargetUnavailable | None


def run_suite(
    profile: Profile,
    accounts: AccountSource,
    options: SuiteOptions,
    on_case: Callable[[CaseRecord], None],
    on_collected: Callable[[tuple[CaseInfo, ...]], object] = unheard,
) -> SuiteResult:
    """Run the cases against the target of ``profile``; ``on_case`` is called with each record.

    Ctrl-C ends the run early and is not raised. Raises UsageError for a keyword expression or a
    profile that cannot be used, OwnFault when pytest itself fails, and whatever ``on_case`` raises.
    """
    if options.keyword:
        list_cases(options)
    hostile = may_be_hostile(profile, allowed=options.hostile)
    try:
        seen = FirstLook(profile) if options.strict else look(profile, accounts)
    except KeyboardInterrupt:
        return SuiteResult(0, 0, partial=True, unavailable=None)
    bench = Bench(
        seen.profile,
        accounts,
        strict=options.strict,
        hostile=hostile,
        generation=options.generation,
    )
    bench.adopted = seen.adopted
    count = _Count()
    sink = Sink(collected=count.planning(on_collected), record=count.running(on_case))
    code = _pytest(Conductor(bench, sink, options.selection), options)
    interrupted = code is pytest.ExitCode.INTERRUPTED
    if count.ran != count.planned and not interrupted:
        raise OwnFault(f"{count.planned - count.ran} conformance cases left no record")
    return SuiteResult(count.planned, count.ran, interrupted, bench.nothing_to_judge)


def list_cases(options: SuiteOptions | None = None) -> tuple[CaseInfo, ...]:
    """The cases that ``options`` select, in the order in which they would run."""
    found: list[CaseInfo] = []
    options = options or SuiteOptions()
    conductor = Conductor(None, Sink(collected=found.extend), options.selection)
    with redirect_stderr(StringIO()):  # where pytest explains a wrong keyword expression
        _pytest(conductor, options, "--collect-only")
    return tuple(found)


def groups_named(names: Iterable[str]) -> tuple[Group, ...]:
    """The groups of these names. UnknownName for one that there is not."""
    known = [group.value for group in Group]
    for name in names:
        if name not in known:
            raise UnknownName("group", name, known)
    return tuple(Group(name) for name in names)


def may_be_hostile(profile: Profile, *, allowed: bool) -> bool:
    """Whether malformed frames, floods and resets may be sent there: on loopback, or if told so."""
    host = urlsplit(profile.url).hostname or ""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost" or host.endswith(".localhost")
    return allowed or loopback


class _Count:
    """Counts cases on their way to the caller."""

    def __init__(self) -> None:
        self.planned = 0
        self.ran = 0

    def planning(
        self, tell: Callable[[tuple[CaseInfo, ...]], object]
    ) -> Callable[[tuple[CaseInfo, ...]], None]:
        def collected(cases: tuple[CaseInfo, ...]) -> None:
            self.planned = len(cases)
            tell(cases)

        return collected

    def running(self, tell: Callable[[CaseRecord], None]) -> Callable[[CaseRecord], None]:
        def record(case: CaseRecord) -> None:
            self.ran += 1
            tell(case)

        return record


def _pytest(conductor: Conductor, options: SuiteOptions, *more: str) -> pytest.ExitCode:
    arguments = [*_ISOLATED, *more, *_files_of(options)]
    if options.keyword:
        arguments += ["-k", options.keyword]
    with _without_pytest_variables():
        code = pytest.main(arguments, plugins=[conductor])
    if conductor.fault is not None:
        raise conductor.fault
    if code == pytest.ExitCode.USAGE_ERROR:
        raise UsageError(
            f"{shown(options.keyword)} is no expression of case names",
            "write names joined by and, or, not, as in -k 'login and not token'",
        )
    if code == pytest.ExitCode.INTERNAL_ERROR:
        raise OwnFault("pytest failed inside the conformance suite")
    return pytest.ExitCode(code)


def _files_of(options: SuiteOptions) -> list[str]:
    """Where the cases of the chosen groups are; everything where none is named."""
    groups = () if options.only else options.groups
    ours = [str(file) for group in groups for file in files_of(group)]
    if not groups or Group.OWN in groups:
        ours += options.cases
    return ours if ours and groups else [str(CASES), *ours]


@contextmanager
def _without_pytest_variables() -> Iterator[None]:
    """Keep PYTEST_ADDOPTS and its kin, which are the user's for other tests, out of the run."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTEST_")}
    try:
        yield
    finally:
        os.environ.update(kept)
