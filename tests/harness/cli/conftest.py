"""A command line to call from tests: in this process, or as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from harness.cli import main
from harness.cli.children import Children
from harness.cli.embedded import start_server


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Run `chatsocket` with these arguments in this process."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments: object) -> Ended:
        code = main([str(argument) for argument in arguments])
        return Ended(code, *capfd.readouterr())

    yield run
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.fixture
def chatsocket() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `chatsocket` with these arguments as a process; it is killed after the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **options: object) -> subprocess.Popen[str]:
        code = "import sys; from harness.cli import main; sys.exit(main())"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a reference server."""
    with Children() as children:
        yield start_server(children, tmp_path_factory.mktemp("server"))
