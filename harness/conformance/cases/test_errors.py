"""Bad input: refused once, without any effect on anybody (decisions D10, D17, D26)."""

import re
from collections.abc import Callable

import pytest

from harness.conformance.conditions import (
    ACKS,
    ERROR_FRAMES,
    FRAME_BINDING,
    RECEIPTS,
    being,
    speaks,
)
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import negative
from harness.conformance.stops import broken
from schemas.messages import text
from schemas.modes import BadInput
from schemas.words import MessageType, Role

POLICY_VIOLATION, INVALID_DATA = 1008, 1007
CLOSES = being("dialect.on_bad_input", BadInput.CLOSE)
REFUSAL = ("refusal-one-send", "refusal-keeps-connection", "delivery-refused-never")
USUAL = (ERROR_FRAMES, ACKS)
_LEAKS = re.compile(
    r"Traceback \(most recent|\bat [\w.$<>]+\([^)]*\)|\.(?:py|cs|java|php)[:\"' ]|line \d+"
    r"|[A-Za-z]:\\\\?\w|/(?:home|usr|var|srv|opt|app)/|System\.\w+Exception"
)

UNREADABLE = {
    "refuse-json-syntax": ('{"type":"text",', "hello", '{"type":"text","content":"@" "read":true}'),
    "refuse-trailing-bytes": (
        '{"type":"text","content":"@","read":false} x',
        '{"type":"text","content":"@","read":false}{}',
    ),
    "refuse-nan": (
        '{"type":"text","content":"@","read":false,"x":NaN}',
        '{"type":"text","content":"@","read":false,"x":-Infinity}',
    ),
    "refuse-non-object": ("[]", '"text"', "7", "null", "true"),
    "refuse-member-type": (
        '{"type":"text","content":7,"read":false}',
        '{"type":"text","content":"@","read":"true"}',
        '{"type":["text"],"content":"@","read":false}',
        '{"type":"text","content":"@","read":false,"titletype":1}',
        '{"type":"text","content":{"a":"@"},"read":false}',
    ),
    "refuse-unknown-type": (
        '{"type":"TEXT","content":"@","read":false}',
        '{"type":"video","content":"@","read":false}',
        '{"content":"@","read":false}',
    ),
    "refuse-titletype": (
        '{"type":"title","content":"@","read":false}',
        '{"type":"title","content":"@","read":false,"titletype":"PRO"}',
        '{"type":"title","content":"@","read":false,"titletype":"confirm"}',
    ),
    "refuse-empty-content": (
        '{"type":"text","content":"","read":false}',
        '{"type":"text"}',
        '{"type":"image","content":"","read":true}',
        '{"type":"title","content":"","read":true,"titletype":"other"}',
    ),
}
ODD = {
    "duplicate members": '{"type":"text","content":"@","content":"@","read":false}',
    "byte order mark": '\ufeff{"type":"text","content":"@","read":false}',
    "lone surrogate": '{"type":"text","content":"@\\ud800","read":false}',
    "nul": '{"type":"text","content":"@\\u0000","read":false}',
    "deep": '{"type":"text","content":"@","read":false,"x":' + "[" * 100 + "]" * 100 + "}",
    "huge number": '{"type":"text","content":"@","read":false,"x":1e9999}',
}


@negative(*REFUSAL, "refuse-json-syntax", when=USUAL)
def test_syntax_error_is_refused(conversation: Conversation) -> None:
    """What is no JSON is refused by one Send with Result false; the connection goes on."""
    _each_refused(conversation, "refuse-json-syntax")


@negative(*REFUSAL, "refuse-trailing-bytes", when=USUAL)
def test_trailing_bytes_are_refused(conversation: Conversation) -> None:
    """Bytes after the object are refused."""
    _each_refused(conversation, "refuse-trailing-bytes")


@negative(*REFUSAL, "refuse-nan", when=USUAL)
def test_nan_is_refused(conversation: Conversation) -> None:
    """NaN and Infinity, which are no JSON, are refused."""
    _each_refused(conversation, "refuse-nan")


@negative(*REFUSAL, "refuse-non-object", when=USUAL)
def test_what_is_no_object_is_refused(conversation: Conversation) -> None:
    """Arrays, strings, numbers, null and true are refused."""
    _each_refused(conversation, "refuse-non-object")


@negative(*REFUSAL, "refuse-member-type", when=USUAL)
def test_wrong_member_type_is_refused(conversation: Conversation) -> None:
    """A member of another JSON type than the page's is refused."""
    _each_refused(conversation, "refuse-member-type")


@negative(*REFUSAL, "refuse-unknown-type", when=USUAL)
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


@negative("refusal-one-send", "refusal-keeps-connection", when=USUAL)
def test_after_a_refusal_the_next_message_is_accepted(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A refusal is one Send, and the connection goes on: what is said next is accepted."""
    customer = conversation.customer
    customer.refused(customer.say_bytes(b"{"), "refuse-json-syntax")
    sent = customer.say(text(fresh("still here")))
    customer.accepted(sent, "refusal-one-send", missing="refusal-keeps-connection")


@negative("error-clean", when=USUAL)
def test_error_shows_nothing_of_the_server(conversation: Conversation) -> None:
    """Error texts show no stack trace, no exception and no path of the server's machine."""
    customer = conversation.customer
    for texts in UNREADABLE.values():
        error = str(customer.answer(customer.say_bytes(texts[0].encode())).frame.get("Error"))
        if leak := _LEAKS.search(error):
            raise broken("error-clean", "no sign of the server's inside", leak[0], pointer="/Error")


@negative("survive-odd-json", when=USUAL)
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
