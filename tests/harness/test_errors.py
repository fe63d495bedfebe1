"""The sentences a user reads, and the exit code each kind of trouble ends in."""

import socket
import ssl
from pathlib import Path

import pytest

from harness.errors import (
    HarnessError,
    NotEnoughAccounts,
    OutputUnusable,
    OwnFault,
    TargetUnavailable,
    Unavailability,
    UnknownName,
    UsageError,
    WireViolation,
    nearest,
)
from schemas.findings import Finding
from schemas.verdicts import ExitCode, Level

URL = "ws://127.0.0.1:1/chat"
FINDING = Finding("member-type", Level.MUST, "a boolean", "a string", "/Result")


@pytest.mark.parametrize(
    ("error", "exit_code", "text"),
    [
        (UsageError("no such file", "give another"), 2, "no such file; give another."),
        (
            UnknownName("group", "logn", ["login", "text"]),
            2,
            "there is no group 'logn'; did you mean 'login'?",
        ),
        (
            UnknownName("group", "zzz", ["login", "text"]),
            2,
            "there is no group 'zzz'; there are: login, text.",
        ),
        (
            OutputUnusable(Path("/srv/x"), "Permission denied"),
            2,
            "cannot write to /srv/x: Permission denied; choose another with --out.",
        ),
        (
            NotEnoughAccounts("staff", 3, 1, "accounts.csv"),
            2,
            "3 staff accounts needed, 1 in accounts.csv; add 2 more, or ask for fewer.",
        ),
        (
            TargetUnavailable(URL, Unavailability.HTTP_STATUS, "404 Not Found"),
            3,
            f"{URL} answered the WebSocket upgrade with an HTTP error, not 101 (404 Not Found);"
            " check the path of the URL and the login keys of the profile.",
        ),
        (
            WireViolation(FINDING),
            1,
            "the target broke a rule: member-type at /Result: expected a boolean; got a string.",
        ),
        (OwnFault("a worker was lost"), 3, "a worker was lost."),
    ],
)
def test_each_error_is_one_sentence_with_its_exit_code(
    error: HarnessError, exit_code: int, text: str
) -> None:
    assert (error.exit_code, str(error)) == (ExitCode(exit_code), text)


@pytest.mark.parametrize(
    ("raised", "cause"),
    [
        (ConnectionRefusedError(111, "Connection refused"), Unavailability.REFUSED),
        (TimeoutError("timed out"), Unavailability.TIMED_OUT),
        (socket.gaierror(-2, "Name or service not known"), Unavailability.UNRESOLVED),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), Unavailability.TLS),
        (ConnectionResetError(104, "Connection reset by peer"), Unavailability.CLOSED),
        (OSError(101, "Network is unreachable"), Unavailability.UNREACHABLE),
    ],
)
def test_what_a_failed_connect_raised_is_named_by_cause(
    raised: OSError, cause: Unavailability
) -> None:
    error = TargetUnavailable.from_os_error(URL, raised)
    assert error.cause is cause
    assert str(error).startswith(URL)


@pytest.mark.parametrize("cause", list(Unavailability))
def test_every_cause_says_what_came_and_what_to_do(cause: Unavailability) -> None:
    error = TargetUnavailable(URL, cause)
    assert error.problem
    assert error.advice


def test_hostile_detail_is_one_bounded_line_without_control_characters() -> None:
    hostile = "\x1b[2J\r\n" + "A" * 10_000
    text = str(TargetUnavailable(URL, Unavailability.CREDENTIALS, hostile))
    assert text.isprintable()
    assert len(text) < 500


def test_nearest_ignores_case_and_gives_up_on_strangers() -> None:
    assert nearest("Login", ["login", "text"]) == "login"
    assert nearest("quux", ["login", "text"]) is None
