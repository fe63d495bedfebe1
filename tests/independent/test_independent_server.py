"""The suite against a second implementation that shares nothing with the reference server.

What fails there is either aiohttp's, listed in ``expected.toml`` with what RFC 6455 says, or ours.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.expectations import read_expectations
from schemas.run_log import Run, read_run
from schemas.verdicts import Outcome

HERE = Path(__file__).parent
SERVER, PROFILE, EXPECTED = HERE / "server.py", HERE / "profile.toml", HERE / "expected.toml"
START = "import sys; from harness.cli import main; sys.exit(main())"
OURS = {"harness", "schemas", "reference_server", "reports", "scenarios"}
CUSTOMERS, STAFF = 300, 30
LIMIT_S = 280

Check = Callable[..., tuple[subprocess.CompletedProcess[str], Run]]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the independent server listens."""
    command = [sys.executable, str(SERVER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


@pytest.fixture
def check(url: str, tmp_path: Path) -> Check:
    """`chatsocket check --strict` against it, with a few hundred accounts."""
    words = [sys.executable, str(SERVER), str(CUSTOMERS), str(STAFF)]
    listing = subprocess.run(words, check=True, capture_output=True, text=True)
    accounts, out = tmp_path / "accounts.csv", tmp_path / "run"
    accounts.write_text(listing.stdout)
    fixed = ("check", url, "--profile", PROFILE, "--accounts", accounts, "--out", out, "--strict")

    def run(*more: object) -> tuple[subprocess.CompletedProcess[str], Run]:
        command = [sys.executable, "-c", START, *map(str, (*fixed, *more))]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=LIMIT_S
        )
        return ended, read_run(out)

    return run


def imports(file: Path) -> set[str]:
    """The packages that ``file`` imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("file", ["chat.py", "server.py"])
def test_the_independent_server_imports_nothing_of_ours(file: str) -> None:
    found = imports(HERE / file)
    assert "json" in found
    assert not OURS & found


def test_every_expected_failure_quotes_the_rfc() -> None:
    assert all("§" in entry.reason for entry in read_expectations(EXPECTED))


@pytest.mark.loopback
@pytest.mark.timeout(LIMIT_S + 20)
def test_it_fails_what_its_library_does_wrong_and_nothing_else(check: Check) -> None:
    ended, run = check("--expect", EXPECTED)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not run.partial
    passed = [case for case in run.cases if case.outcome is Outcome.PASSED]
    assert len(passed) > 0.9 * len(run.cases)


@pytest.mark.loopback
@pytest.mark.timeout(LIMIT_S + 20)
def test_a_second_run_against_the_same_server_passes_too(check: Check) -> None:
    groups = ("offers", "replay", "unread", "staff")
    ended, run = check(*(word for group in groups for word in ("--group", group)))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {case.group for case in run.cases} >= set(groups)
