"""The suite under pytest-xdist: several workers judge one server, each its share of the cases.

A worker has accounts of its own; the token in what they say is one for all, so that what goes
astray to another worker is known for what it is. Cases about what the whole server shares, such as
its idle staff, run while no other worker runs any. What a worker came across in passing is reported
by the controller, for the case that collects may have run elsewhere.
"""

import fcntl
import secrets
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.conformance.spec import Group
from harness.conformance.tokens import Mint
from harness.errors import UsageError
from harness.target import Account, AccountSource
from schemas.case_records import CaseRecord
from schemas.verdicts import Outcome
from schemas.words import Role

OUTPUT, TOKEN = "chatsocket", "chatsocket_token"
LANES = 64  # workers whose contents never meet, with those that take the place of dead ones

APART = frozenset(
    {
        Group.STAFF,
        Group.DELIVERY,
        Group.SECURITY,
        Group.UNREAD,
        Group.REPLAY,
        Group.OFFERS,
        Group.CONCURRENCY,
        Group.RECOVERY,
        Group.POST,
        Group.LIMITS,
        Group.GENERATED,
        Group.OWN,
    }
)
"""Groups with cases that leave a customer unattended, that look for what goes astray between
conversations, or that fill what the server has one of."""


class Seat(msgspec.Struct, frozen=True):
    """Which worker of how many this process is, in the run ``run``.

    ``mint`` is what its contents are made with; None where no controller of ours has given it.
    """

    number: int
    count: int
    run: str
    mint: Mint | None = None


def seat_of(config: pytest.Config) -> Seat | None:
    """This process's place among xdist's workers; None where it is none."""
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is None:
        return None
    number = int(str(given["workerid"]).removeprefix("gw"))
    mint = Mint(given[TOKEN], number % LANES, LANES) if TOKEN in given else None
    return Seat(number % given["workercount"], given["workercount"], given["testrunuid"], mint)


def seats(config: pytest.Config) -> tuple[Seat, ...]:
    """The places of the workers that this process is about to start; none where it is no xdist.

    What is wrong must be found before there are workers: one that raises would be waited for.
    """
    if seat_of(config) is not None or config.getoption("dist", "no") == "no":
        return ()
    from xdist.workermanage import (  # type: ignore[import-untyped]  # noqa: PLC0415
        parse_tx_spec_config,
    )

    count = len(parse_tx_spec_config(config))
    return tuple(Seat(number, count, "") for number in range(count))


class Share(AccountSource):
    """Every ``count``-th account of a list, from the seat's number on."""

    def __init__(self, whole: AccountSource, seat: Seat) -> None:
        self._whole, self._seat = whole, seat
        for role in Role:
            there = whole.available(role)
            if there and there < seat.count:
                raise UsageError(
                    f"there are {there} {role} accounts for {seat.count} workers",
                    f"use -n {there}, or add accounts",
                )

    def available(self, role: Role) -> int | None:
        """How many accounts of ``role`` fall to this worker."""
        there = self._whole.available(role)
        return None if there is None else len(range(self._seat.number, there, self._seat.count))

    def take(self, role: Role, count: int, start: int = 0) -> tuple[Account, ...]:
        """``count`` of this worker's accounts."""
        places = range(start, start + count)
        return tuple(
            self._whole.take(role, 1, self._seat.number + place * self._seat.count)[0]
            for place in places
        )


class Worker:
    """A worker's manners. ``group_of`` says to which group an item belongs, None for no case."""

    def __init__(
        self,
        seat: Seat,
        group_of: Callable[[pytest.Item], Group | None],
        late: list[CaseRecord],
    ) -> None:
        self._group_of, self._late = group_of, late
        self._path = Path(tempfile.gettempdir()) / f"chatsocket-{seat.run}.lock"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Wait for one's turn: cases apart from all others, all others side by side."""
        group = self._group_of(item)
        if group is None:
            return (yield)
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX if group in APART else fcntl.LOCK_SH)
            return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what was found in passing."""
        found = [record for record in self._late if record.outcome is Outcome.FAILED]
        output: dict[str, Any] = session.config.workeroutput  # type: ignore[attr-defined]
        output[OUTPUT] = [(record.id, record.message) for record in found]


class Controller:
    """Gives workers what they share; reports what they found in passing, as the session's own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._token = secrets.token_hex(3)
        self._told: set[str] = set()
        self._paths: set[Path] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker is about to start: its contents are of the same run as the others'."""
        node.workerinput[TOKEN] = self._token

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker is done: report its late findings, each case once."""
        run = node.workerinput["testrunuid"]
        self._paths.add(Path(tempfile.gettempdir()) / f"chatsocket-{run}.lock")
        for case_id, message in getattr(node, "workeroutput", {}).get(OUTPUT, ()):
            if case_id not in self._told:
                self._told.add(case_id)
                self._report(case_id, f"{Outcome.FAILED}: {message}")

    def pytest_sessionfinish(self) -> None:
        """Clean up after the workers."""
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _report(self, case_id: str, text: str) -> None:
        nodeid = f"harness.conformance::{case_id}"
        report = pytest.TestReport(
            nodeid=nodeid,
            location=(nodeid, None, case_id),
            keywords={},
            outcome="failed",
            longrepr=text,
            when="call",
        )
        self._config.hook.pytest_runtest_logreport(report=report)
