"""Several workers and one server: accounts, and what is told when they are done."""

from types import SimpleNamespace

import pytest

from harness.conformance.sharing import OUTPUT, Controller, Seat, Share, seat_of
from harness.conformance.tokens import Tokens
from harness.errors import UsageError
from harness.target import MintedAccounts
from harness.target.accounts import ListedAccounts
from schemas.words import Role


def listed(count):
    everyone = [a for role in Role for a in MintedAccounts("").take(role, count)]
    return ListedAccounts(everyone, "a list")


@pytest.mark.parametrize("count", [2, 3, 7])
def test_shares_are_disjoint_and_complete(count):
    shares = [Share(listed(7), Seat(number, count, "r")) for number in range(count)]
    taken = [a.sn for s in shares for a in s.customers(s.available(Role.CUSTOMER))]
    assert sorted(taken) == sorted(a.sn for a in listed(7).customers(7))


def test_more_workers_than_accounts_is_wrong_usage():
    with pytest.raises(UsageError, match=r"2 customer accounts for 3 workers; use -n 2"):
        Share(listed(2), Seat(0, 3, "r"))


def test_a_restarted_worker_sits_down_again():
    given = {"workerid": "gw5", "workercount": 4, "testrunuid": "r"}
    assert seat_of(SimpleNamespace(workerinput=given)) == Seat(1, 4, "r")
    assert seat_of(SimpleNamespace()) is None


def test_workers_of_one_session_make_contents_of_one_run_and_never_the_same():
    controller, seats = Controller(SimpleNamespace(hook=None)), []
    for worker in ("gw0", "gw1", "gw2"):
        node = SimpleNamespace(
            workerinput={"workerid": worker, "workercount": 2, "testrunuid": "r"}
        )
        controller.pytest_configure_node(node)
        seats.append(seat_of(node))
    tokens = [Tokens(seat.mint) for seat in seats]
    contents = [each.fresh() for each in tokens for _ in range(200)]
    assert len(set(contents)) == 600
    assert all(each.is_ours(content) for each in tokens for content in contents)


def test_two_sessions_have_two_tokens():
    runs = set()
    for _ in range(2):
        node = SimpleNamespace(workerinput={"workerid": "gw0", "workercount": 1, "testrunuid": "r"})
        Controller(SimpleNamespace(hook=None)).pytest_configure_node(node)
        runs.add(seat_of(node).mint.run)
    assert len(runs) == 2


def test_a_late_finding_is_reported_once():
    told = []

    def tell(*, report):
        told.append(report)

    hook = SimpleNamespace(pytest_runtest_logreport=tell)
    controller = Controller(SimpleNamespace(hook=hook))
    for _ in range(2):
        output = {OUTPUT: [("envelope-x", "out-result-type: …")]}
        node = SimpleNamespace(workerinput={"testrunuid": "r"}, workeroutput=output)
        controller.pytest_testnodedown(node)
    (report,) = told
    assert (report.failed, report.longrepr) == (True, "failed: out-result-type: …")


def test_a_worker_that_died_tells_nothing():
    controller = Controller(SimpleNamespace(hook=None))
    controller.pytest_testnodedown(SimpleNamespace(workerinput={"testrunuid": "r"}))
