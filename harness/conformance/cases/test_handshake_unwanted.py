"""Whom an opening handshake must not let in, and what of it must harm nobody (RFC 6455 §4, D6)."""

from collections.abc import Callable

import pytest

from harness.conformance.conditions import REJECTS, one_token
from harness.conformance.door import Door
from harness.conformance.raw import Raw
from harness.conformance.spec import negative
from harness.conformance.stops import broken
from harness.errors import TargetUnavailable, Unavailability
from harness.events import LoggedIn, LoginRefused
from harness.target import Account, Secret
from schemas.words import Role

OVERSIZE_HEADER_BYTES = 32 * 1024
NO_HTTP = {
    "TLS": b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(194),
    "zeros": bytes(512),
}
SPOILT: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "cut": lambda token: token[: len(token) // 2],
    "doubled": lambda token: token + token,
    "one letter off": lambda token: (
        token[: len(token) // 2]
        + ("A" if token[len(token) // 2] != "A" else "B")
        + token[len(token) // 2 + 1 :]
    ),
}


@negative("login-rejected", when=(REJECTS, one_token))
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_spoilt_token_is_turned_away(door: Door, spoil: Callable[[str], str]) -> None:
    """What is left of a right token, or more than it, lets nobody in."""
    account = door.account(Role.CUSTOMER)
    wrong = Secret(spoil(account.token.reveal()))
    _must_be_turned_away(door, Account(account.sn, account.role, account.name, wrong))


def _must_be_turned_away(door: Door, account: Account) -> None:
    try:
        chatter = door.admit(door.knows(account), account)
    except TargetUnavailable as stop:
        if stop.cause is not Unavailability.CREDENTIALS:
            raise broken("login-rejected", "HTTP 401 or 403", stop.detail) from None
        return
    event = chatter.participant.login(chatter.patience())
    if isinstance(event, LoggedIn):
        raise broken("login-rejected", "a Login with Result false", "a Login with Result true")
    if not isinstance(event, LoginRefused) and door.bench.profile.login.frame:
        raise broken("login-rejected", "a Login with Result false", "no Login")


# What must harm nobody.


@negative("rfc-handshake-size")
def test_oversize_request_is_answered(raw: Raw) -> None:
    """A header of 32 KiB is answered somehow, or the connection is ended."""
    request = raw.request().adding("X-Chatsocket-Long", "x" * OVERSIZE_HEADER_BYTES)
    answer, _ = raw.shake(request)
    if answer is None:
        raise broken("rfc-handshake-size", "an answer, or the end", "neither")


@negative()
@pytest.mark.parametrize("data", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_request_harms_nobody(raw: Raw, door: Door, data: bytes) -> None:
    """Bytes that are no HTTP harm no other connection."""
    raw.wire().write([data], door.patience())


@negative("rfc-101-response")
def test_unfinished_requests_hold_up_nobody(raw: Raw, door: Door) -> None:
    """While five requests stop in the middle another one opens."""
    for _ in range(5):
        whole = raw.request().encode()
        raw.wire().write([whole[: len(whole) // 2]], door.patience())
    raw.opened(raw.request(), "rfc-101-response")


@negative("rfc-101-response")
def test_connections_given_up_hold_up_nobody(raw: Raw, door: Door) -> None:
    """Connections that are reset before or in the middle of a request harm nobody."""
    for number in range(10):
        wire = raw.wire()
        wire.write([raw.request().encode()[: 20 * number]], door.patience())
        wire.stream.reset()
    raw.opened(raw.request(), "rfc-101-response")
