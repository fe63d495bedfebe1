"""The one tree of exceptions, cut by blame. Knows no target, no protocol and no command line.

    HarnessError
    ├── UsageError             you asked for what cannot be done            exit 2
    │   ├── UnknownName        a name that does not exist, with its nearest
    │   ├── ProfileError       a profile with a wrong key or value
    │   ├── OutputUnusable     a file or folder that cannot be written
    │   └── NotEnoughAccounts  fewer accounts than the run needs
    ├── TargetUnavailable      the target gave us nothing to judge          exit 3
    ├── WireViolation          the target broke the rules of the wire       exit 1
    └── OwnFault               we broke                                     exit 3

What a server does wrong is a :class:`~schemas.findings.Finding`, a value; an exception of this
tree is only for what stops us. Data is in attributes; ``str()`` is the whole sentence for the user:
what was expected, what came, what to do next. No text here may carry a token.
"""

import difflib
import socket
import ssl
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from schemas.findings import Finding, excerpt
from schemas.verdicts import ExitCode

SHOWN_VALUE_CHARS = 120


class HarnessError(Exception):
    """Whatever stops a command. ``problem`` says what is wrong, ``advice`` what to do next."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_VERDICT

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem, advice)
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        text = "; ".join(part for part in (self.problem, self.advice) if part)
        return text if text.endswith((".", "?", "!")) else f"{text}."


class UsageError(HarnessError):
    """The command, the profile or a file is wrong, or lacks what the run needs. Nothing was run."""

    exit_code = ExitCode.USAGE


class UnknownName(UsageError):
    """``name`` is no ``kind`` (a group, a fault, a column …); ``known`` are the ones there are."""

    def __init__(self, kind: str, name: str, known: Iterable[str], advice: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"there is no {kind} {shown(name)}", advice or self._advice())

    @property
    def nearest(self) -> str | None:
        """The known name most like the given one, if one is alike at all."""
        return nearest(self.name, self.known)

    def _advice(self) -> str:
        if self.nearest:
            return f"did you mean {shown(self.nearest)}?"
        return f"there are: {', '.join(self.known)}" if self.known else ""


class ProfileError(UsageError):
    """``key`` of the profile ``file`` is wrong: ``problem`` says how, ``nearest`` what was meant.

    ``value`` is as the user may see it again: no secret, cut, None when nothing is to be shown.
    """

    def __init__(
        self,
        file: str,
        key: str,
        problem: str,
        *,
        value: str | None = None,
        expected: str = "",
        nearest: str | None = None,
    ) -> None:
        self.file, self.key, self.value = file, key, value
        self.expected, self.nearest = expected, nearest
        super().__init__(f"{file}: {problem}", f"did you mean {nearest}?" if nearest else "")


class OutputUnusable(UsageError):
    """``path`` cannot be written; ``reason`` is the operating system's or our own."""

    def __init__(self, path: Path, reason: str, advice: str = "choose another with --out") -> None:
        self.path, self.reason = path, reason
        super().__init__(f"cannot write to {path}: {reason}", advice)


class NotEnoughAccounts(UsageError):
    """``needed`` accounts of ``role`` were asked for, the profile or CSV has ``available``."""

    def __init__(self, role: str, needed: int, available: int, source: str) -> None:
        self.role, self.needed, self.available, self.source = role, needed, available, source
        super().__init__(
            f"{needed} {role} account{'s' * (needed != 1)} needed, {available} in {source}",
            f"add {needed - available} more, or ask for fewer",
        )


class Unavailability(StrEnum):
    """Why a target gave nothing to judge."""

    REFUSED = "refused"
    TIMED_OUT = "timed-out"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    HTTP_STATUS = "http-status"
    NOT_WEBSOCKET = "not-websocket"
    CREDENTIALS = "credentials"
    SILENT = "silent"
    CLOSED = "closed"


_PROBLEMS = {
    Unavailability.REFUSED: "refused the connection",
    Unavailability.TIMED_OUT: "did not accept a connection in time",
    Unavailability.UNRESOLVED: "has a host name that does not resolve",
    Unavailability.UNREACHABLE: "cannot be reached",
    Unavailability.TLS: "failed the TLS handshake",
    Unavailability.HTTP_STATUS: "answered the WebSocket upgrade with an HTTP error, not 101",
    Unavailability.NOT_WEBSOCKET: "does not speak WebSocket",
    Unavailability.CREDENTIALS: "rejected the token",
    Unavailability.SILENT: "accepted the connection and then said nothing",
    Unavailability.CLOSED: "closed the connection before anything could be judged",
}
_ADVICE = {
    Unavailability.REFUSED: "is the server running, and is this its port?",
    Unavailability.TIMED_OUT: "check the address, the firewall and the profile's proxy",
    Unavailability.UNRESOLVED: "check the spelling of the host",
    Unavailability.UNREACHABLE: "check the address and the network",
    Unavailability.TLS: "set tls.ca_file in the profile, or use ws:// for a server without TLS",
    Unavailability.HTTP_STATUS: "check the path of the URL and the login keys of the profile",
    Unavailability.NOT_WEBSOCKET: "check the port and the path of the URL",
    Unavailability.CREDENTIALS: (
        "give accounts of this server: --accounts FILE.csv, or accounts in a profile"
    ),
    Unavailability.SILENT: (
        "is this the right port? a server without Login frames needs login.frame = false"
    ),
    Unavailability.CLOSED: "look into the server's log",
}


class TargetUnavailable(HarnessError):
    """No verdict about ``target`` is possible. ``target`` is the URL as shown, without secrets.

    ``detail`` is what came (a status, an OS message, an ``Error`` text), cut and escaped.
    """

    def __init__(self, target: str, cause: Unavailability, detail: str = "") -> None:
        self.target, self.cause = target, cause
        self.detail = one_line(detail)
        tail = f" ({self.detail})" if self.detail else ""
        super().__init__(f"{one_line(target)} {_PROBLEMS[cause]}{tail}", _ADVICE[cause])

    @classmethod
    def from_os_error(cls, target: str, error: OSError) -> "TargetUnavailable":
        """Translate what a failed connect raised (time-outs, DNS and TLS errors included)."""
        detail = error.strerror or str(error)
        return cls(target, _cause_of(error), "" if isinstance(error, TimeoutError) else detail)


class WireViolation(HarnessError):
    """The target broke framing, handshake or schema so that the connection cannot go on."""

    exit_code = ExitCode.FAILED

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"the target broke a rule: {one_line(str(finding))}")


class OwnFault(HarnessError):
    """A defect of this tool or a lost process of its own; neither target nor user is to blame."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The entry of ``known`` most like ``name``, or None when nothing is alike."""
    by_folded = {entry.casefold(): entry for entry in known}
    matches = difflib.get_close_matches(name.casefold()[:SHOWN_VALUE_CHARS], by_folded, n=1)
    return by_folded[matches[0]] if matches else None


def shown(value: object) -> str:
    """A value inside a sentence: quoted, escaped, on one line and bounded."""
    text = value if isinstance(value, str) else repr(value)
    return f"'{one_line(text)}'"


def one_line(text: str, most: int = SHOWN_VALUE_CHARS) -> str:
    """``text`` safe inside a terminal's line: control characters escaped, ``most`` characters."""
    cut = excerpt(text, most)
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)


def _cause_of(error: OSError) -> Unavailability:
    match error:
        case ConnectionRefusedError():
            return Unavailability.REFUSED
        case ssl.SSLError():
            return Unavailability.TLS
        case TimeoutError():
            return Unavailability.TIMED_OUT
        case socket.gaierror():
            return Unavailability.UNRESOLVED
        case ConnectionError():
            return Unavailability.CLOSED
        case _:
            return Unavailability.UNREACHABLE
