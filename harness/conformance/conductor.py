"""What conducts pytest: collects cases, orders them, runs each with its fixtures, and records.

pytest's own outcome follows ours: failed, blocked, inconclusive and error are failures for it, not
applicable is a skip, all else passes. Records go to the sink that :mod:`.suite` gives.
"""

from collections import Counter
from collections.abc import Callable, Generator

import msgspec
import pytest

from harness.conformance.bench import Bench
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.listing import Case, CaseInfo, Selection, group_of
from harness.conformance.own_cases import ambiguous, undeclared, unloadable
from harness.conformance.post import Mail
from harness.conformance.raw import Raw
from harness.conformance.spec import Basis, Group, spec_of
from harness.target import Profile
from schemas.case_records import CaseRecord
from schemas.verdicts import Outcome

_PASSING = (Outcome.PASSED, Outcome.NON_STRICT, Outcome.INFORMATIONAL)


def _raise(error: Exception) -> None:
    raise error


def unheard(_: object) -> None:
    """Nobody is told."""


class Sink(msgspec.Struct):
    """Who is told: of the cases about to run, and of each record."""

    collected: Callable[[tuple[CaseInfo, ...]], object] = unheard
    record: Callable[[CaseRecord], object] = unheard


class Conductor:
    """Give it to pytest. ``fault`` is what the sink raised, if it did.

    ``owns_session``: the pytest session is the suite's alone, and holds nothing but cases. ``late``
    are the records of cases that collect and did not come to run, once the session is over.
    """

    def __init__(
        self, bench: Bench | None, sink: Sink, selection: Selection, *, owns_session: bool = True
    ) -> None:
        self._bench = bench
        self._sink = sink
        self._selection = selection
        self._owns_session = owns_session
        self._cases: dict[str, Case] = {}
        self._runs: dict[str, CaseRun] = {}
        self._late: list[Case] = []
        self.late: list[CaseRecord] = []
        self.fault: Exception | None = None

    # Collection

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the wanted cases, in the order in which they build on each other.

        Tests that are no cases run after them, where the session is somebody else's.
        """
        others = [item for item in items if not self._knows(item)]
        if others and self._owns_session:
            self._tell(lambda: _raise(undeclared(others[0])))
        ids = Counter(case.info.id for case in self._cases.values())
        if twice := [case_id for case_id, number in ids.items() if number > 1]:
            self._tell(lambda: _raise(ambiguous(twice[0])))
        wanted = self._wanted([self._cases[item.nodeid] for item in items if item not in others])
        chosen = [item for item in items if self._cases.get(item.nodeid) in wanted]
        dropped = [item for item in items if item not in chosen and item not in others]
        items[:] = [*sorted(chosen, key=lambda item: self._cases[item.nodeid].order), *others]
        config.hook.pytest_deselected(items=dropped)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell what is about to run."""
        cases = [self._cases[item.nodeid] for item in session.items if item.nodeid in self._cases]
        self._late = [case for case in cases if self._bench and case.spec.collects]
        self._tell(lambda: self._sink.collected(tuple(case.info for case in cases)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of cases that cannot be loaded ends a session of ours."""
        if report.failed and self._owns_session:
            self._tell(lambda: _raise(unloadable(report)))

    def _knows(self, item: pytest.Item) -> bool:
        """Whether ``item`` is a case, which is then written down."""
        spec = spec_of(item.function) if isinstance(item, pytest.Function) else None
        if spec is None or not isinstance(item, pytest.Function):
            return False
        self._cases[item.nodeid] = Case(item, spec, group_of(item.path))
        return True

    def _wanted(self, cases: list[Case]) -> list[Case]:
        """The selected ``cases``; those picked one by one come with the proofs they stand on."""
        chosen = [case for case in cases if self._selection.takes(case.info)]
        if not self._selection.only:
            return chosen
        bases = list(Basis)
        needed = {case.stands_on for case in chosen if case.stands_on}
        depth = max((bases.index(basis) for basis in needed), default=-1)
        lower = [case for case in cases if case.spec.lays in bases[: depth + 1]]
        proofs = [case for case in lower if case.info.id in self._selection.proofs]
        return [*chosen, *(case for case in proofs if case not in chosen)]

    # Running

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin the case, unless there is a reason not to; one that stops here is finished here.

        What stopped it is told without its traceback: pytest would parse every file in it. Other
        plugins come first, for they tear down what they have set up.
        """
        case = self._cases.get(item.nodeid)
        if case is None:
            return (yield)
        run = self._runs[item.nodeid] = self._begin(case)
        try:
            run.prepare(case.stands_on)
            return (yield)
        except (Exception, pytest.skip.Exception, pytest.fail.Exception) as stop:
            run.halt(stop)
        pytest.skip(self._conclude(run).message)  # without its fixtures there is nothing to call

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run the case and what follows it, and turn its outcome into pytest's."""
        run = self._runs.get(pyfuncitem.nodeid)
        if run is None:
            return (yield)
        try:
            yield
        except Exception as stop:
            run.halt(stop)
        self._conclude(run)
        return True

    def pytest_sessionfinish(self) -> None:
        """After an interruption, say what had been found in passing all the same; leave nothing."""
        for case in list(self._late):
            self.late.append(self._finish(self._begin(case)))
        if self._bench is not None:
            self._bench.spares.close_all()

    def run_of(self, item: pytest.Item) -> CaseRun | None:
        """The run of the case ``item``, if it has begun."""
        return self._runs.get(item.nodeid)

    def group_of(self, item: pytest.Item) -> Group | None:
        """The group of the case ``item``; None where it is no case."""
        case = self._cases.get(item.nodeid)
        return case.info.group if case else None

    def _begin(self, case: Case) -> CaseRun:
        if self._bench is None:
            raise RuntimeError("cases were to be listed, not run")
        self._late = [other for other in self._late if other is not case]
        return CaseRun(self._bench, case.spec, case.info.id, case.info.group, case.info.title)

    def _conclude(self, run: CaseRun) -> CaseRecord:
        """Finish a case, and end its pytest item as its outcome says."""
        record = self._finish(run)
        if record.outcome is Outcome.NOT_APPLICABLE:
            pytest.skip(record.message)
        if record.outcome not in _PASSING:
            pytest.fail(f"{record.outcome}: {record.message}", pytrace=False)
        return record

    def _finish(self, run: CaseRun) -> CaseRecord:
        record = run.finish()
        self._tell(lambda: self._sink.record(record))
        return record

    def _tell(self, message: Callable[[], object]) -> None:
        """A sink that fails ends the run; :mod:`.suite` raises its fault again."""
        try:
            message()
        except Exception as fault:
            self.fault = self.fault or fault
            pytest.exit("the sink failed")

    # Fixtures

    @pytest.fixture
    def case_run(self, request: pytest.FixtureRequest) -> CaseRun:
        """The running case itself."""
        run = self._runs.get(request.node.nodeid)
        if run is None:
            pytest.fail("this fixture is for cases: put @case above the test", pytrace=False)
        return run

    @pytest.fixture
    def door(self, case_run: CaseRun) -> Door:
        """Opens connections: ``door.customer()``, ``door.staff()``."""
        return case_run.door

    @pytest.fixture
    def customer(self, door: Door) -> Chatter:
        """A customer, logged in."""
        return door.customer()

    @pytest.fixture
    def staff(self, door: Door) -> Chatter:
        """A staff member, logged in and bound to nobody."""
        return door.staff()

    @pytest.fixture
    def conversation(self, case_run: CaseRun) -> Conversation:
        """A customer and the staff member who has taken the case."""
        return case_run.converse()

    @pytest.fixture
    def raw(self, door: Door) -> Raw:
        """Opening handshakes to bend."""
        return Raw(door)

    @pytest.fixture
    def mail(self, door: Door) -> Mail:
        """Plain HTTP on the same path."""
        return Mail(door)

    @pytest.fixture
    def fresh(self, case_run: CaseRun) -> Callable[..., str]:
        """``fresh("words")``: a content that nobody has sent before."""
        return case_run.bench.fresh

    @pytest.fixture
    def profile(self, case_run: CaseRun) -> Profile:
        """The target's profile."""
        return case_run.bench.profile
