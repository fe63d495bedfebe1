"""Who is not let in, how that is told, and what becomes of the right ones (decisions D5, D6)."""

from collections.abc import Callable, Mapping

import pytest

from harness.blocking.wire import Cause
from harness.conformance.bench import Bench
from harness.conformance.conditions import (
    EXPIRED,
    LOGIN_FRAMES,
    REJECTS,
    one_token,
)
from harness.conformance.door import Door
from harness.conformance.spec import Manner, case, negative
from harness.conformance.stops import NotApplicable, broken
from harness.error_leaks import leak_in
from harness.errors import TargetUnavailable, Unavailability
from harness.events import Answered, LoggedIn, LoginRefused, Unsolicited
from harness.target import (
    Account,
    Credentials,
    Profile,
    Secret,
    anonymous,
    expired_credentials,
    expired_token,
)
from schemas.messages import receipt
from schemas.modes import RejectMode
from schemas.words import Role

POLICY_VIOLATION = 1008
SECRET_CHARS = 12

SPOILED: Mapping[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "word": lambda _: "null",
    "cut": lambda token: token[: len(token) // 2],
    "extended": lambda token: f"{token}AAAA",
    "mirrored": lambda token: token[::-1],
    "long": lambda _: "A" * 2_000,
    "injected": lambda _: "' OR '1'='1",
}


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_wrong_token_is_rejected(door: Door) -> None:
    """A token that proves nothing is rejected, and then the connection is closed."""
    account = door.anyone(Role.CUSTOMER)
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    _must_be_rejected(door, door.knows(wrong), wrong)


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_missing_token_is_rejected(door: Door, profile: Profile) -> None:
    """Without any token the login is rejected, and then the connection is closed."""
    _must_be_rejected(door, anonymous(profile), door.anyone(Role.CUSTOMER))


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, EXPIRED))
def test_expired_token_is_rejected(door: Door, profile: Profile) -> None:
    """A token that was right until it expired is rejected."""
    door.evidence.transcript.hide(expired_token(profile).reveal())
    account = door.anyone(Role.CUSTOMER)
    _must_be_rejected(door, expired_credentials(profile, account), account)


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_token_is_rejected(door: Door, spoiled: str) -> None:
    """What is left of a right token, or never was one, is rejected."""
    account = door.account(Role.CUSTOMER)
    token = SPOILED[spoiled](account.token.reveal())
    if len(token) >= SECRET_CHARS:
        door.evidence.transcript.hide(token)
    wrong = Account(account.sn, account.role, account.name, Secret(token))
    _must_be_rejected(door, door.knows(wrong), wrong)


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_token_with_the_proof_of_another_is_rejected(door: Door) -> None:
    """The claims of one token with the signature of another prove nothing."""
    mine, other = door.account(Role.CUSTOMER), door.account(Role.STAFF)
    claims, dot, _ = other.token.reveal().rpartition(".")
    proof = mine.token.reveal().rpartition(".")[2]
    if not dot:
        raise NotApplicable("its tokens have no signature apart from their claims")
    door.evidence.transcript.hide(f"{claims}.{proof}")
    forged = Account(other.sn, other.role, other.name, Secret(f"{claims}.{proof}"))
    _must_be_rejected(door, door.knows(forged), forged)


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_staff_without_proof_is_rejected(door: Door) -> None:
    """A wrong token is no better where a staff member should stand."""
    account = door.anyone(Role.STAFF)
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    _must_be_rejected(door, door.knows(wrong, account.sn), wrong)


@negative("out-error-on-failure", "error-clean", when=(LOGIN_FRAMES, REJECTS, one_token))
def test_rejection_says_why(door: Door) -> None:
    """A rejected Login has an Error, which shows nothing of the server."""
    account = door.anyone(Role.CUSTOMER)
    event = _rejected(door, account)
    if event is None:
        return
    if not event.error.strip():
        raise broken("out-error-on-failure", "a reason", repr(event.error), pointer="/Error")
    if leak := leak_in(event.error):
        raise broken("error-clean", "no sign of the server's inside", leak, pointer="/Error")


@negative("login-rejected", when=(REJECTS, one_token))
def test_rejected_connection_is_not_heard(door: Door) -> None:
    """What is said behind a wrong token is neither answered nor accepted."""
    account = door.anyone(Role.CUSTOMER)
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    try:
        chatter = door.admit(door.knows(wrong), wrong)
    except TargetUnavailable as stop:
        _by_http(door.bench, stop)
        return
    chatter.say(receipt())
    chatter.participant.login(chatter.patience())
    chatter.hear_out()
    if any(isinstance(event, Answered | Unsolicited) for event in chatter.participant.events):
        raise broken("login-rejected", "no answer to the rejected", "a Send")


@case("login-accepted", when=(REJECTS, one_token), manner=Manner.HOSTILE)
def test_a_mistake_locks_nobody_out(door: Door) -> None:
    """Whoever has come with a wrong token gets in with the right one."""
    account = door.account(Role.CUSTOMER)
    _rejected(door, account)
    door.enter(account).catch_up()


def _rejected(door: Door, account: Account) -> LoginRefused | None:
    """What a wrong token of ``account`` is told; None where that is not said in a frame."""
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    try:
        chatter = door.admit(door.knows(wrong), wrong)
    except TargetUnavailable:
        return None
    event = chatter.participant.login(chatter.patience())
    chatter.leave()
    return event if isinstance(event, LoginRefused) else None


def _must_be_rejected(door: Door, known: Credentials, account: Account) -> None:
    try:
        chatter = door.admit(known, account)
    except TargetUnavailable as stop:
        _by_http(door.bench, stop)
        return
    event = chatter.participant.login(chatter.patience())
    if isinstance(event, LoggedIn):
        raise broken("login-rejected", "a Login with Result false", "a Login with Result true")
    end = chatter.channel.drain(chatter.patience())
    if not isinstance(event, LoginRefused):
        actual = f"the connection ended by {end}" if end else "no Login and no end"
        raise broken("login-rejected", "a Login with Result false", actual)
    if end is None:
        raise broken("login-reject-close-code", "close 1008", "the connection stays open")
    if end.cause is not Cause.CLOSE or end.code != POLICY_VIOLATION:
        raise broken("login-reject-close-code", "close 1008", str(end))
    if door.bench.profile.login.reject is RejectMode.HTTP:
        raise broken("login-rejected", "HTTP 401 or 403", "an upgrade and a Login frame")


def _by_http(bench: Bench, stop: TargetUnavailable) -> None:
    if stop.cause is not Unavailability.CREDENTIALS:
        raise broken("login-rejected", "a rejection", str(stop))
    if bench.profile.login.reject is RejectMode.FRAME and bench.profile.login.frame:
        raise broken("login-rejected", "an upgrade and a Login frame", stop.detail)
