"""Who gets in, and how it is told (decisions D5, D6, D15)."""

import time
from collections.abc import Callable, Mapping

import pytest

from harness.blocking.wire import Cause
from harness.conformance.bench import Bench
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    DEVICES,
    EXPIRED,
    LOGIN_FRAMES,
    READS,
    REJECTS,
    REPLAYS,
    one_token,
)
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import Basis, Manner, case, negative
from harness.conformance.stops import Broken, NotApplicable, broken
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
from schemas.messages import receipt, text
from schemas.modes import RejectMode
from schemas.words import Role

POLICY_VIOLATION = 1008
MANY_LOGINS = 10
AT_ONCE = 4
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
