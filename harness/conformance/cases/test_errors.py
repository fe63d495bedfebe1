"""Bad input: refused once, without any effect on anybody (decisions D10, D17, D26)."""

from collections.abc import Callable

import pytest

from harness.conformance.bad_input import ODD, UNREADABLE
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    ACKS,
    ERROR_FRAMES,
    FRAME_BINDING,
    LOGIN_FRAMES,
    RECEIPTS,
    being,
    is_set,
    speaks,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.door import Door
from harness.conformance.refusing import INVALID_DATA, POLICY_VIOLATION
from harness.conformance.spec import Basis, negative
from harness.conformance.spelling import say_together
from harness.conformance.stops import broken
from harness.error_leaks import leak_in
from harness.target import Profile
from schemas.messages import InMsg, text, title
from schemas.modes import BadInput
from schemas.words import MessageType, Role, TitleType

Fresh = Callable[..., str]

CLOSES = being("dialect.on_bad_input", BadInput.CLOSE)
REFUSAL = ("refusal-one-send", "refusal-keeps-connection", "delivery-refused-never")
USUAL = (ERROR_FRAMES, ACKS)

TITLES = speaks(MessageType.TITLE)
MANY = 30


@negative(*REFUSAL, "refuse-json-syntax", when=USUAL, stands_on=Basis.REFUSED)
def test_syntax_error_is_refused(conversation: Conversation) -> None:
    """What is no JSON is refused by one Send with Result false; the connection goes on."""
    _each_refused(conversation, "refuse-json-syntax")


@negative(*REFUSAL, "refuse-trailing-bytes", when=USUAL, stands_on=Basis.REFUSED)
def test_trailing_bytes_are_refused(conversation: Conversation) -> None:
    """Bytes after the object are refused."""
    _each_refused(conversation, "refuse-trailing-bytes")


@negative(*REFUSAL, "refuse-nan", when=USUAL, stands_on=Basis.REFUSED)
def test_nan_is_refused(conversation: Conversation) -> None:
    """NaN and Infinity, which are no JSON, are refused."""
    _each_refused(conversation, "refuse-nan")


@negative(*REFUSAL, "refuse-non-object", when=USUAL, stands_on=Basis.REFUSED)
def test_what_is_no_object_is_refused(conversation: Conversation) -> None:
    """Arrays, strings, numbers, null and true are refused."""
    _each_refused(conversation, "refuse-non-object")


@negative(*REFUSAL, "refuse-member-type", when=USUAL, stands_on=Basis.REFUSED)
def test_wrong_member_type_is_refused(conversation: Conversation) -> None:
    """A member of another JSON type than the page's is refused."""
    _each_refused(conversation, "refuse-member-type")


@negative(*REFUSAL, "refuse-unknown-type", when=USUAL, stands_on=Basis.REFUSED)
def test_unknown_type_is_refused(conversation: Conversation) -> None:
    """A type that the page does not name, in this letter case, is refused."""
    _each_refused(conversation, "refuse-unknown-type")


@negative(*REFUSAL, "refuse-titletype", when=(*USUAL, speaks(MessageType.TITLE)))
def test_wrong_titletype_is_refused(conversation: Conversation) -> None:
    """A title without a topic, or with none of the three, is refused."""
    _each_refused(conversation, "refuse-titletype")


@negative(*REFUSAL, "refuse-empty-content", when=(*USUAL, RECEIPTS))
def test_empty_content_is_refused(conversation: Conversation) -> None:
    """Empty content that is no pure receipt is refused."""
    _each_refused(conversation, "refuse-empty-content")


@negative(*REFUSAL, "refuse-customer-staff-word", when=(*USUAL, FRAME_BINDING))
def test_staff_word_of_a_customer_is_refused(conversation: Conversation) -> None:
    """Customers can neither take nor close cases."""
    for word in (conversation.confirming(), conversation.closing()):
        customer = conversation.customer
        customer.refused(customer.say(word), "refuse-customer-staff-word")
    conversation.stays_unheard()


@negative("refusal-one-send", "refusal-keeps-connection", when=USUAL, lays=Basis.REFUSED)
def test_after_a_refusal_the_next_message_is_accepted(
    conversation: Conversation, fresh: Fresh
) -> None:
    """A refusal is one Send, and the connection goes on: what is said next is accepted."""
    customer = conversation.customer
    customer.answer(customer.say_bytes(b"{"), "refusal-one-send")
    sent = customer.say(text(fresh("still here")))
    customer.accepted(sent, "refusal-one-send", missing="refusal-keeps-connection")


@negative("out-error-on-failure", "error-clean", when=USUAL, stands_on=Basis.REFUSED)
def test_error_shows_nothing_of_the_server(conversation: Conversation, fresh: Fresh) -> None:
    """Every Error says why, and shows no stack trace and no path of the server's machine."""
    customer = conversation.customer
    bodies = [body.replace("@", fresh()) for each in UNREADABLE.values() for body in each]
    for body in bodies:
        answer = customer.answer(customer.say_bytes(body.encode()))
        error = str(answer.frame.get("Error") or "")
        if not answer.accepted and not error.strip():
            raise broken("out-error-on-failure", "a reason", repr(error), pointer="/Error")
        _check_clean(error)


def _check_clean(error: str) -> None:
    if leak := leak_in(error):
        raise broken("error-clean", "no sign of the server's inside", leak, pointer="/Error")


@negative("error-clean", when=(*USUAL, TITLES, is_set("data.unknown_product")))
def test_refused_number_shows_nothing_of_the_server(
    conversation: Conversation, profile: Profile
) -> None:
    """Why a number is refused is said without the server's inside."""
    wrong = title(TitleType.PRO, profile.data.unknown_product)
    _check_clean(_error_of(conversation.customer, wrong))


@negative("error-clean", when=(*USUAL, FRAME_BINDING))
def test_refused_staff_is_shown_nothing_of_the_server(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Why staff may not say, take or close something is said without the server's inside."""
    idle, profile, sn = door.staff(), conversation.bench.profile, conversation.customer.sn
    nobody = f"nobody-{fresh()}"
    for wrong in (text(fresh()), confirming(profile, nobody), closing(profile, sn)):
        _check_clean(_error_of(idle, wrong))


def _error_of(chatter: Chatter, wrong: InMsg) -> str:
    answer = chatter.answer(chatter.say(wrong))
    return "" if answer.accepted else str(answer.frame.get("Error"))


@negative(*REFUSAL, when=USUAL, stands_on=Basis.REFUSED)
def test_many_refusals_are_borne(conversation: Conversation, fresh: Fresh) -> None:
    """However often one client is refused, its connection goes on."""
    customer = conversation.customer
    bodies = [body for bodies in UNREADABLE.values() for body in bodies]
    for turn in range(MANY):
        body = bodies[turn % len(bodies)].replace("@", fresh())
        customer.answer(customer.say_bytes(body.encode()), "refusal-keeps-connection")
    _check_usable(conversation, "refusal-keeps-connection")


@negative("refusal-one-send", "delivery-refused-never", when=USUAL, stands_on=Basis.REFUSED)
def test_bad_input_between_good_is_refused_alone(conversation: Conversation, fresh: Fresh) -> None:
    """Of three messages in one write only the bad one in the middle is refused."""
    customer, good = conversation.customer, [text(fresh(word)) for word in ("first", "third")]
    first, bad, third = say_together(customer, good[0], b"{", good[1])
    customer.accepted(first)
    customer.refused(bad, "refuse-json-syntax")
    customer.accepted(third, "refusal-one-send")
    conversation.stays_unheard()


@negative("refusal-one-send", when=USUAL, stands_on=Basis.REFUSED)
def test_each_of_many_bad_ones_is_refused(conversation: Conversation, fresh: Fresh) -> None:
    """Different bad messages in one write get one refusal each."""
    customer = conversation.customer
    bodies = [bodies[0].replace("@", fresh()).encode() for bodies in UNREADABLE.values()]
    for sent in say_together(customer, *bodies):
        customer.answer(sent, "refusal-one-send")
    customer.hear_out()


@negative("refusal-one-send", "login-first", when=(*USUAL, LOGIN_FRAMES), stands_on=Basis.REFUSED)
def test_bad_input_before_the_login_is_read(door: Door) -> None:
    """Bad input that is sent at once is refused behind the Login."""
    customer = door.knock(door.account(Role.CUSTOMER))
    sent = customer.say_bytes(b"{")
    door.log_in(customer)
    customer.refused(sent, "refusal-one-send")
    customer.catch_up()


@negative("refuse-json-syntax", when=USUAL, stands_on=Basis.REFUSED)
def test_long_bad_input_is_refused(conversation: Conversation) -> None:
    """What is no JSON is refused also where it is as long as a message may be."""
    size = conversation.bench.profile.limits.max_message_bytes
    customer = conversation.customer
    customer.refused(customer.say_bytes(b"[" * min(size, 60_000)), "refuse-json-syntax")
    _check_usable(conversation, "refusal-keeps-connection")


@negative("survive-odd-json", when=USUAL, stands_on=Basis.REFUSED)
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_json_is_survived(
    conversation: Conversation, fresh: Callable[..., str], odd: str
) -> None:
    """JSON that can be argued about is accepted or refused, once, and the connection goes on."""
    customer = conversation.customer
    customer.answer(customer.say_bytes(odd.replace("@", fresh()).encode()), "survive-odd-json")
    _check_usable(conversation, "survive-odd-json")


@negative("refuse-json-syntax", "refuse-member-type", "refuse-unknown-type", when=(CLOSES,))
def test_bad_input_closes(door: Door) -> None:
    """Where bad input closes the connection it does so with 1008, or 1007 for what is no JSON."""
    account = door.account(Role.CUSTOMER)
    for slug in ("refuse-json-syntax", "refuse-member-type", "refuse-unknown-type"):
        customer = door.enter(account)
        customer.channel.send_text(UNREADABLE[slug][0].encode(), customer.patience())
        end = customer.channel.drain(customer.patience())
        if end is None or end.code not in (POLICY_VIOLATION, INVALID_DATA):
            raise broken(slug, "close 1008 or 1007", str(end) if end else "an open connection")


def _each_refused(conversation: Conversation, slug: str) -> None:
    customer = conversation.customer
    for body in UNREADABLE[slug]:
        content = conversation.bench.fresh()
        sent = customer.say_bytes(body.replace("@", content).encode())
        if not customer.refused(sent, slug):
            return  # an empty Error is the judge's finding
    _check_usable(conversation, "refusal-keeps-connection")
    conversation.stays_unheard()


def _check_usable(conversation: Conversation, slug: str) -> None:
    end = conversation.customer.channel.ended
    if end is not None:
        raise broken(slug, "an open connection", f"ended by {end}")
    conversation.customer.catch_up()
