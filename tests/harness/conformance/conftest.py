"""Reference servers with and without faults, and one way to run the suite against them."""

import subprocess
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

import reference_server
from harness.conformance import SuiteOptions, run_suite
from harness.target import MintedAccounts, read_profile
from harness.target.reading import profile_from
from schemas.verdicts import Outcome

PROFILE = Path(reference_server.__file__).with_name("profile.toml")


@contextmanager
def serving(*faults):
    """The URL of a reference server with these faults."""
    with started(*(word for fault in faults for word in ("--fault", fault))) as url:
        yield url


@contextmanager
def started(*options):
    """The URL of a reference server with these options."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reference_server", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@contextmanager
def in_mode(*options):
    """The profile of a reference server that has decided so, while it runs."""
    command = [sys.executable, "-m", "reference_server", *options, "--print-profile"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with started(*options) as url:
        address = url.removeprefix("ws://").partition("/")[0]
        yield profile_from(tomllib.loads(printed.replace("127.0.0.1:8765", address)), "printed")


@pytest.fixture(name="in_mode")
def in_mode_fixture():
    return in_mode


@pytest.fixture(name="serving")
def serving_fixture():
    return serving


@pytest.fixture(scope="session")
def honest_url():
    with serving() as url:
        yield url


@pytest.fixture
def not_passed():
    """The records that are not green, as outcome and message."""
    return lambda records: {
        key: (record.outcome, record.message)
        for key, record in records.items()
        if record.outcome is not Outcome.PASSED
    }


@pytest.fixture
def judge():
    """Run cases against a URL: the records by id, and the result. ``after`` is told of each."""

    def run(url, *, options=None, profile=None, accounts=None, answer_s=5.0, after=None):
        if profile is None:
            profile = read_profile(PROFILE, url)
            limits = msgspec.structs.replace(profile.limits, answer_s=answer_s)
            profile = msgspec.structs.replace(profile, limits=limits)
        records = []

        def take(record):
            records.append(record)
            if after is not None:
                after(record)

        result = run_suite(
            profile, accounts or MintedAccounts("t"), options or SuiteOptions(), take
        )
        return {record.id: record for record in records}, result

    return run
