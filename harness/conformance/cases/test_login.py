"""Who gets in, and how it is told (decisions D5, D6, D15)."""

import time
from collections.abc import Callable

from harness.blocking.wire import Cause
from harness.conformance.bench import Bench
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    DEVICES,
    LOGIN_FRAMES,
    READS,
    REJECTS,
    REPLAYS,
    one_token,
)
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case, negative
from harness.conformance.stops import Broken, broken
from harness.errors import TargetUnavailable, Unavailability
from harness.events import LoggedIn, LoginRefused
from harness.target import Account, Credentials, Profile, Secret, anonymous
from schemas.messages import receipt, text
from schemas.modes import RejectMode
from schemas.words import Role

POLICY_VIOLATION = 1008
MANY_LOGINS = 10


@case("login-accepted", "login-first", lays=Basis.LOGGED_IN, stands_on=Basis.REACHED)
def test_right_token_is_accepted(door: Door, profile: Profile) -> None:
    """A right token is accepted, told by a Login frame before anything else."""
    started = time.monotonic()
    chatter = door.knock(door.account(Role.CUSTOMER))
    try:
        door.log_in(chatter)
    except Broken as stop:
        raise _cause(stop, chatter, profile) from None
    chatter.catch_up()
    door.bench.took(time.monotonic() - started)


def _cause(stop: Broken, chatter: Chatter, profile: Profile) -> Exception:
    """``stop``, unless our accounts are wrong for this server, or it says nothing at all."""
    slug = stop.finding.clause
    if slug == "login-accepted":
        error = stop.finding.actual
        return TargetUnavailable(profile.shown_url, Unavailability.CREDENTIALS, error)
    chatter.say(receipt())
    if slug == "login-first" and not chatter.participant.hear(chatter.patience()):
        return TargetUnavailable(profile.shown_url, Unavailability.SILENT, "no Login frame came")
    return stop


@case("login-once", when=(LOGIN_FRAMES,))
def test_there_is_one_login(customer: Chatter) -> None:
    """After its Login a connection gets no second one."""
    customer.catch_up()


@case("login-accepted")
def test_staff_is_let_in(door: Door) -> None:
    """A right token of a staff member is accepted as well."""
    door.enter(door.account(Role.STAFF)).leave()


@case("login-accepted")
def test_an_account_is_let_in_every_time(door: Door) -> None:
    """An account that logs in ten times, one after the other, is let in each time."""
    account = door.account(Role.CUSTOMER)
    for _ in range(MANY_LOGINS):
        door.enter(account).leave()


@case("login-first", when=(LOGIN_FRAMES, REPLAYS, READS))
def test_login_comes_before_what_was_missed(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Whoever has missed something is told first of all that it is logged in."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()
    conversation.staff.tell(text(fresh("you missed this")))
    conversation.customer_returns(unread=1)


@case("login-concurrent", when=(DEVICES,))
def test_one_account_may_hold_two_connections(door: Door) -> None:
    """A second connection of an account gets in, and the first lives on."""
    account = door.account(Role.CUSTOMER)
    first = door.enter(account, alone=False)
    try:
        second = door.enter(account, alone=False)
        second.catch_up()
        first.catch_up()
    except Broken as stop:
        raise broken("login-concurrent", "two living connections", stop.finding.actual) from None


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_wrong_token_is_rejected(door: Door) -> None:
    """A token that proves nothing is rejected, and then the connection is closed."""
    account = door.account(Role.CUSTOMER)
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    _must_be_rejected(door, door.knows(wrong), wrong)


@negative("login-rejected", "login-reject-close-code", when=(REJECTS, one_token))
def test_missing_token_is_rejected(door: Door, profile: Profile) -> None:
    """Without any token the login is rejected, and then the connection is closed."""
    _must_be_rejected(door, anonymous(profile), door.account(Role.CUSTOMER))


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
