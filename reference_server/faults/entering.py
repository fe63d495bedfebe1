"""Faults of the way in: who is let in who must not, who is not, and how rejection is told."""

from typing import Final

import orjson
from msgspec.structs import replace
from starlette.requests import HTTPConnection
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from reference_server.credentials import identify
from reference_server.faults.bending import bend_hall, bend_outputs
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.faults.sockets import bend_sent
from reference_server.hall import Hall, Step
from reference_server.outgoing import Output
from reference_server.parts import Parts
from reference_server.steps import Closing
from schemas.account_tokens import Identity
from schemas.words import MsgStatus, Role

INTRUDER: Final = Identity("intruder", Role.CUSTOMER, "intruder")


def _anybody(parts: Parts, _: Deed) -> Parts:
    """Who proves nothing is let in all the same."""
    return replace(
        parts, identify=lambda request, secret: parts.identify(request, secret) or INTRUDER
    )


def _any_signature(parts: Parts, _: Deed) -> Parts:
    """Any token is taken for somebody's; only without one the door stays shut."""

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        found = parts.identify(request, secret)
        return found or (INTRUDER if "authorization" in request.headers else None)

    return replace(parts, identify=identified)


def _timeless(parts: Parts, _: Deed) -> Parts:
    """When a token expires is not looked at."""

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        return parts.identify(request, secret) or identify(request, secret, clock=lambda: 0.0)

    return replace(parts, identify=identified)


def _not_every(number: int) -> Bend:
    """Every so many-th right token is taken for a wrong one."""

    def bend(parts: Parts, _: Deed) -> Parts:
        seen = 0

        def identified(request: HTTPConnection, secret: str) -> Identity | None:
            nonlocal seen
            found = parts.identify(request, secret)
            seen += found is not None
            return found if seen % number else None

        return replace(parts, identify=identified)

    return bend


def _no_staff(parts: Parts, _: Deed) -> Parts:
    """Staff is not let in."""

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        found = parts.identify(request, secret)
        return None if found is None or found.role is Role.STAFF else found

    return replace(parts, identify=identified)


def _as_success(output: Output) -> Output:
    rejection = output.status is MsgStatus.LOGIN and not output.result
    return replace(output, result=True, error=None) if rejection else output


def _without_rejection(_: ServerProtocol, frame: Frame) -> list[Frame | bytes]:
    if frame.opcode is not Opcode.TEXT:
        return [frame]
    members = orjson.loads(frame.data)
    rejection = members["MsgStatus"] == MsgStatus.LOGIN and members["Result"] is False
    return [] if rejection else [frame]


class OneConnectionEach(Hall):
    """An account that is here is not let in again."""

    def admission_refusal(self, identity: Identity, wanted: str) -> str | None:
        if any(each.identity == identity for each in self._connections.values()):
            return "This account is logged in elsewhere."
        return super().admission_refusal(identity, wanted)


class NewestConnectionOnly(Hall):
    """Logging in closes the account's other connections."""

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        older = [each.id for each in self._connections.values() if each.identity == identity]
        step = super().login(connection_id, identity, wanted)
        step.closings.extend(Closing(number, 1008) for number in older)
        return step


class TellingTheFirst(Hall):
    """Of an account's connections only the first is told that it is logged in."""

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        known = any(each.identity == identity for each in self._connections.values())
        step = super().login(connection_id, identity, wanted)
        if known:
            step.frames = [each for each in step.frames if each.output.status != MsgStatus.LOGIN]
        return step


FAULTS: Final = (
    Fault(
        "login-told-once-an-account",
        "Of an account's connections only the first is told that it is logged in.",
        ("login-first",),
        bend_hall(TellingTheFirst),
    ),
    Fault(
        "anybody-let-in",
        "Who has no right token is let in as somebody else.",
        ("login-rejected", "post-authenticated"),
        _anybody,
    ),
    Fault(
        "any-token-let-in",
        "The signature of tokens is not checked.",
        ("login-rejected", "post-authenticated"),
        _any_signature,
    ),
    Fault(
        "expired-token-accepted",
        "A token that has expired is as good as before.",
        ("login-rejected", "post-authenticated"),
        _timeless,
    ),
    Fault(
        "login-refused-at-times",
        "Every fifth right token is taken for a wrong one.",
        ("login-accepted",),
        _not_every(5),
    ),
    Fault(
        "staff-not-let-in",
        "The tokens of staff are rejected.",
        ("login-accepted",),
        _no_staff,
    ),
    Fault(
        "rejection-says-success",
        "A rejected login is told as a success before it is closed.",
        ("login-rejected",),
        bend_outputs(_as_success),
    ),
    Fault(
        "rejection-silent",
        "A rejected login is closed without a Login frame.",
        ("login-rejected",),
        bend_sent(_without_rejection),
    ),
    Fault(
        "second-connection-refused",
        "An account that is logged in is not let in again.",
        ("login-concurrent",),
        bend_hall(OneConnectionEach),
    ),
    Fault(
        "first-connection-closed",
        "Logging in closes the account's earlier connections.",
        ("login-concurrent",),
        bend_hall(NewestConnectionOnly),
    ),
)
