"""What a client may try that is no business of its own (decisions D7, D17, D21, D22, D26).

Tokens of others are never guessed; what is tried is what a client can write into a message or URL.
"""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    ACKS,
    ERROR_FRAMES,
    FRAME_BINDING,
    LOGIN_FRAMES,
    OFFERS,
    REJECTS,
    one_token,
    speaks,
)
from harness.conformance.contents import HOSTILE
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.crowd import check_nothing_of
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import say_spelled, spell
from harness.conformance.stops import NotApplicable, broken
from harness.error_leaks import leak_in
from harness.errors import TargetUnavailable
from harness.events import LoggedIn, LoginRefused
from harness.target import Account, Credentials, Profile, Secret
from schemas.clauses import clause
from schemas.messages import InMsg, text, title
from schemas.words import MessageType, Role, TitleType

Fresh = Callable[..., str]

SPOILING = ("script", "sql", "header")
NAMES = ("conversation", "sn", "SendSn", "customer", "to", "room", "user")
WILDCARDS = ("%", "*", "_", "' OR '1'='1", "../", "{}", "null")


@case("content-text", "content-rewritten")
@pytest.mark.parametrize("harm", HOSTILE)
def test_hostile_words_are_mere_words(conversation: Conversation, fresh: Fresh, harm: str) -> None:
    """Script, SQL, paths and templates in a text come back and arrive as they are."""
    _check_mere_words(conversation, text(fresh(HOSTILE[harm])))


@case("content-title", "content-rewritten", when=(speaks(MessageType.TITLE),))
@pytest.mark.parametrize("harm", SPOILING)
def test_hostile_topics_are_mere_words(conversation: Conversation, fresh: Fresh, harm: str) -> None:
    """Script, SQL and header lines in a topic come back and arrive as they are."""
    if conversation.bench.profile.data.other_topics:
        raise NotApplicable("data.other_topics lists the topics")
    _check_mere_words(conversation, title(TitleType.OTHER, fresh(HOSTILE[harm])))


def _check_mere_words(conversation: Conversation, message: InMsg) -> None:
    """The profile says what may become of contents; that something did is recorded."""
    conversation.customer.tell(message)
    event = conversation.staff.receives_one(conversation.customer, message)
    if event.msg.get("content") != message.content:
        rewritten = clause("content-rewritten").broken(
            expected=repr(message.content), actual=repr(event.msg.get("content"))[:300]
        )
        conversation.door.evidence.report(rewritten)


@negative("error-clean", when=(ERROR_FRAMES, ACKS), stands_on=Basis.REFUSED)
def test_hostile_input_shows_nothing_of_the_server(conversation: Conversation) -> None:
    """Script, SQL and paths in the place of words of the protocol lead to no talkative error."""
    customer = conversation.customer
    for harm in HOSTILE.values():
        for members in ({"type": harm}, {"type": "title", "content": "x", "titletype": harm}):
            answer = customer.answer(customer.say_bytes(spell(**members)))
            if leak := leak_in(str(answer.frame.get("Error") or "")):
                raise broken("error-clean", "no sign of the server's inside", leak)


@negative("error-names-token", when=(LOGIN_FRAMES, REJECTS, one_token))
def test_error_names_no_token(door: Door) -> None:
    """The Error of a rejected Login does not repeat the token."""
    account = door.account(Role.CUSTOMER)
    token = f"wrong-{door.bench.fresh()}"
    chatter = _knock(door, Account(account.sn, account.role, account.name, Secret(token)))
    event = chatter.participant.login(chatter.patience()) if chatter is not None else None
    if isinstance(event, LoginRefused) and token in event.error:
        raise broken("error-names-token", "a reason without the token", "the token in Error")


@negative("isolation", "sender-identity", "ignore-unknown-member")
def test_claims_in_a_message_are_not_believed(case_run: CaseRun, fresh: Fresh) -> None:
    """Whoever a message claims to be from or for: it is its sender's, in its own conversation."""
    mine, other = case_run.converse(), case_run.converse()
    message = text(fresh("believe me"))
    claims = {"SendSn": other.customer.sn, "SendName": "shop", "SendType": "staff"}
    aims = dict.fromkeys(NAMES, other.customer.sn)
    spelled = spell(type="text", content=message.content, **{**aims, **claims})
    mine.customer.accepted(say_spelled(mine.customer, message, spelled), "ignore-unknown-member")
    for listener in (other.customer, other.staff):
        listener.catch_up()
        check_nothing_of(listener, [message])
    event = mine.staff.receives_content(message)
    if event is not None and event.msg.get("SendSn") != mine.customer.sn:
        raise broken("sender-identity", mine.customer.sn, event.msg.get("SendSn"))


@negative("isolation")
def test_url_opens_no_conversation_of_another(conversation: Conversation, door: Door) -> None:
    """A customer whose URL names another customer is sent nothing of that one's conversation."""
    account = door.account(Role.CUSTOMER)
    aims = urlencode(dict.fromkeys(NAMES, conversation.customer.sn))
    known = door.knows(account)
    joint = "&" if "?" in known.url else "?"
    url = f"{known.url}{joint}{aims}"
    aimed = Credentials(url, known.headers, known.origin, known.subprotocols)
    _check_hears_nothing(conversation, _admitted(door, aimed, account))


@negative("isolation", "login-rejected", when=(REJECTS, one_token))
def test_rejected_connection_hears_nothing(conversation: Conversation, door: Door) -> None:
    """Who comes with a customer's sn and a wrong token is sent nothing of the conversation."""
    mine = conversation.customer.account
    intruder = _knock(door, Account(mine.sn, mine.role, mine.name, Secret("no-such-token")))
    _check_hears_nothing(conversation, intruder)
    if intruder is not None and any(
        isinstance(event, LoggedIn) for event in intruder.participant.events
    ):
        raise broken("login-rejected", "a rejection", "a Login with Result true")


def _check_hears_nothing(conversation: Conversation, intruder: Chatter | None) -> None:
    """Both sides talk, and ``intruder`` (None when it was not let in) receives none of it."""
    for side in (conversation.customer, conversation.staff):
        side.tell(text(conversation.bench.fresh("private")))
    if intruder is not None:
        intruder.hear_out()
        check_nothing_of(intruder, [*conversation.customer.said, *conversation.staff.said])


def _knock(door: Door, account: Account) -> Chatter | None:
    return _admitted(door, door.knows(account), account)


def _admitted(door: Door, known: Credentials, account: Account) -> Chatter | None:
    """A connection; None where its upgrade is refused."""
    try:
        return door.admit(known, account, alone=False)
    except TargetUnavailable:
        return None


@negative(
    "refuse-customer-staff-word",
    "isolation",
    when=(FRAME_BINDING, ERROR_FRAMES, ACKS),
    stands_on=Basis.REFUSED,
)
def test_customer_cannot_take_or_close_anothers_case(
    conversation: Conversation, door: Door
) -> None:
    """A customer who names another customer in a staff word is refused, whatever it claims."""
    intruder, sn = door.customer(), conversation.customer.sn
    words = {"content": sn, "SendType": "staff", "SendSn": conversation.staff.sn}
    for word in (conversation.confirming(), conversation.closing()):
        spelled = spell(type="staff", titletype=word.titletype, **words)
        intruder.refused(intruder.say_bytes(spelled), "refuse-customer-staff-word")
    _check_hears_nothing(conversation, intruder)


@negative(
    "staff-unbound-refused", "delivery-refused-never", when=(FRAME_BINDING, ERROR_FRAMES, ACKS)
)
def test_idle_staff_cannot_write_to_a_customer(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Staff that is bound to nobody reaches no customer by naming one in a message."""
    idle, customer, mark = door.staff(), conversation.customer, conversation.customer.now
    aims = dict.fromkeys(NAMES, customer.sn)
    spelled = spell(type="text", content=fresh("psst"), **aims)
    idle.refused(idle.say_bytes(spelled), "staff-unbound-refused")
    customer.catch_up()
    for event in customer.received(idle, mark):
        raise broken("delivery-refused-never", "nothing of it", "a Receive", frame=shown(event))


@negative("confirm-unknown-refused", when=(FRAME_BINDING, OFFERS, ACKS))
def test_confirm_finds_nobody_by_a_pattern(staff: Chatter, profile: Profile) -> None:
    """A confirm that names a pattern or a query instead of a customer is refused."""
    for wildcard in WILDCARDS:
        sent = staff.say(confirming(profile, wildcard))
        staff.refused(sent, "confirm-unknown-refused")
