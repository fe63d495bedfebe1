"""Who gets in, and how it is told (decisions D5, D6, D15)."""

import time
from collections.abc import Callable

import pytest

from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    DEVICES,
    LOGIN_FRAMES,
    READS,
    REPLAYS,
)
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case
from harness.conformance.stops import Broken, broken
from harness.errors import TargetUnavailable, Unavailability
from harness.target import (
    Credentials,
    Profile,
)
from schemas.messages import receipt, text
from schemas.words import Role

MANY_LOGINS = 10
AT_ONCE = 4


@case("login-accepted", "login-first", lays=Basis.LOGGED_IN, stands_on=Basis.REACHED)
def test_right_token_is_accepted(door: Door, profile: Profile) -> None:
    """A right token is accepted, told by a Login frame before anything else."""
    started = time.monotonic()
    chatter = door.knock(door.account(Role.CUSTOMER))
    path_s = time.monotonic() - started
    try:
        door.log_in(chatter)
    except Broken as stop:
        raise _cause(stop, chatter, profile) from None
    chatter.catch_up()
    door.bench.took(path_s, time.monotonic() - started)


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


@case("login-accepted")
def test_many_accounts_log_in_at_once(door: Door) -> None:
    """Accounts that open their connections at the same time are all let in."""
    accounts = [door.account(Role.CUSTOMER) for _ in range(AT_ONCE)]
    chatters = [door.knock(account) for account in (*accounts, door.account(Role.STAFF))]
    for chatter in reversed(chatters):
        door.log_in(chatter)
    for chatter in chatters[:-1]:
        chatter.catch_up()


@case("login-accepted")
def test_token_is_found_among_other_things(door: Door) -> None:
    """Cookies, headers and query parameters that mean nothing do not hide the token."""
    account = door.account(Role.CUSTOMER)
    chatter = door.admit(_surrounded(door.knows(account)), account)
    door.log_in(chatter)
    chatter.catch_up()


def _surrounded(known: Credentials) -> Credentials:
    """The same credentials among a browser's usual baggage."""
    cookies = [text for name, text in known.headers if name.casefold() == "cookie"]
    others = [pair for pair in known.headers if pair[0].casefold() != "cookie"]
    baggage = ("theme=dark", *cookies, "lang=zh-TW")
    headers = (("Accept-Language", "zh-TW"), *others, ("Cookie", "; ".join(baggage)))
    joint = "&" if "?" in known.url else "?"
    return Credentials(f"{known.url}{joint}v=1", headers, known.origin, known.subprotocols)


@case(
    "out-result-present",
    "out-no-error-on-success",
    "out-unread-only-in-receive",
    "out-unread-zero-elsewhere",
    when=(LOGIN_FRAMES,),
)
@pytest.mark.parametrize("role", Role)
def test_login_is_a_plain_success(door: Door, role: Role) -> None:
    """The Login frame of customers and of staff says success, and counts nothing."""
    door.enter(door.account(role)).hear_out()


@case("login-first", "login-concurrent", when=(LOGIN_FRAMES, DEVICES))
def test_every_connection_of_an_account_gets_its_login(door: Door) -> None:
    """Each of three connections of one account is told by a Login of its own."""
    account = door.account(Role.CUSTOMER)
    for chatter in [door.knock(account, alone=False) for _ in range(3)]:
        door.log_in(chatter)
