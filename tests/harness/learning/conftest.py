"""Reference servers in their modes, and what a visit to one of them learns."""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from harness.learning import Notebook, learn, profile_text
from harness.target import AccountSource, MintedAccounts, Profile
from harness.target.reading import profile_from

DATA = {"products": ["P-1001"], "orders": ["O-5001"]}
WHEN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SERVER = (sys.executable, "-m", "reference_server")


class Learned:
    """What was learned of a server, and the profile that the server prints of itself."""

    def __init__(self, notes: Notebook, given: Profile, own: Profile) -> None:
        self.notes = notes
        self.text = profile_text(given, notes, WHEN)
        self.profile = profile_from(tomllib.loads(self.text), "learned")
        self.own = own


def printed_profile(*options: str) -> Profile:
    """The profile that a server of these modes prints."""
    command = [*SERVER, *options, "--print-profile"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return profile_from(tomllib.loads(printed), "printed")


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The URL of a reference server of these modes."""
    process = subprocess.Popen([*SERVER, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def given(url: str, *, staff_url: bool = True, **more: object) -> Profile:
    """What a tester says of the server: its addresses and its data."""
    table: dict[str, object] = {"url": url, "data": DATA, **more}
    if staff_url:
        table["staff_url"] = f"{url}?conversation={{customer_sn}}"
    return profile_from(table, "given")


@pytest.fixture(name="serving")
def serving_fixture() -> Callable[..., object]:
    return serving


@pytest.fixture(name="given")
def given_fixture() -> Callable[..., Profile]:
    return given


@pytest.fixture
def visited() -> Callable[..., Learned]:
    """Learn a server of these modes."""

    def visit(
        *options: str,
        accounts: AccountSource | None = None,
        alone: bool = True,
        staff_url: bool = True,
        **more: object,
    ) -> Learned:
        own = printed_profile(*options)
        with serving(*options) as url:
            told = given(url, staff_url=staff_url, **more)
            notes = learn(told, accounts or MintedAccounts("t"), alone=alone)
        return Learned(notes, told, own)

    return visit
