"""The suite against a second implementation that shares nothing with the reference server.

What it fails there is either a fault of aiohttp, listed below with what RFC 6455 says, or of ours.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.conformance import SuiteOptions, SuiteResult, run_suite
from harness.target import Profile, accounts_of, read_profile
from schemas.records import CaseRecord
from schemas.verdicts import Outcome

HERE = Path(__file__).parent
SERVER = HERE / "server.py"
OURS = {"harness", "schemas", "reference_server", "reports", "scenarios"}
CUSTOMERS, STAFF = 300, 30

UNMASKED = "aiohttp takes frames without a mask; RFC 6455 §5.1: a server MUST close"
UNVERSIONED = (
    "aiohttp answers 400 without Sec-WebSocket-Version; "
    "RFC 6455 §4.2.2: a server MUST say the versions it understands"
)
MISSHAPEN = "aiohttp opens it; RFC 6455 §4.2.1: a server MUST refuse what is not of this form"
EXPECTED_FAILURES = {
    "handshake-unknown-version-is-refused:14": UNVERSIONED,
    "handshake-unknown-version-is-refused:250": UNVERSIONED,
    "handshake-misshapen-request-opens-nothing:two keys": MISSHAPEN,
    "handshake-misshapen-request-opens-nothing:HTTP 1.0": MISSHAPEN,
    "close-code-that-never-travels-ends-the-connection:1006": "aiohttp takes 1006, and answers "
    "1000; RFC 6455 §7.4.1: 1006 MUST NOT be sent",
    "close-wrong-close-frame-ends-the-connection:unmasked": UNMASKED,
    **{
        f"framing-wrong-frame-ends-the-connection:unmasked {kind}": UNMASKED
        for kind in ("text", "continuation", "ping", "pong", "empty text")
    },
}
GOOD = {
    Outcome.PASSED,
    Outcome.INFORMATIONAL,
    Outcome.NOT_APPLICABLE,
}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    """The profile of a server that has just been started, accounts included."""
    folder = tmp_path_factory.mktemp("independent")
    listing = subprocess.run(
        [sys.executable, str(SERVER), str(CUSTOMERS), str(STAFF)],
        check=True,
        capture_output=True,
        text=True,
    )
    (folder / "accounts.csv").write_text(listing.stdout)
    text = (HERE / "profile.toml").read_text()
    (folder / "profile.toml").write_text(text + '\n[accounts]\nfile = "accounts.csv"\n')
    with subprocess.Popen(
        [sys.executable, str(SERVER)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield read_profile(folder / "profile.toml", server.stdout.readline().strip())
        server.kill()


def judged(profile: Profile, options: SuiteOptions) -> tuple[SuiteResult, dict[str, CaseRecord]]:
    """How a run ended, and its cases by id."""
    records: list[CaseRecord] = []
    result = run_suite(profile, accounts_of(profile, "indept"), options, records.append)
    return result, {record.id: record for record in records}


@pytest.mark.parametrize("file", ["chat.py", "server.py"])
def test_the_independent_server_imports_nothing_of_ours(file: str) -> None:
    tree = ast.parse((HERE / file).read_text())
    names = [
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    assert names
    assert not OURS & {name.partition(".")[0] for name in names}


@pytest.mark.loopback
def test_it_fails_what_its_library_does_wrong_and_nothing_else(described: Profile) -> None:
    result, cases = judged(described, SuiteOptions(strict=True))
    assert result.unavailable is None
    assert not result.partial
    bad = {name: case for name, case in cases.items() if case.outcome not in GOOD}
    unexpected = [f"{name}: {case.message}" for name, case in bad.items()]
    assert set(bad) == set(EXPECTED_FAILURES), "\n".join(unexpected)
    assert {case.outcome for case in bad.values()} == {Outcome.FAILED}


@pytest.mark.loopback
def test_a_second_run_against_the_same_server_finds_the_same(described: Profile) -> None:
    options = SuiteOptions(strict=True, keyword="offers or replay or unread or delivery or title")
    _, cases = judged(described, options)
    assert len(cases) > 20
    bad = [f"{name}: {case.message}" for name, case in cases.items() if case.outcome not in GOOD]
    assert not bad, "\n".join(bad)
