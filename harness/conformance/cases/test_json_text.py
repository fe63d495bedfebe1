"""The JSON of client messages as text: what every parser takes, refuses, or may do either with.

The texts are the corpus ``schemas/json_texts.toml``; a token goes into each content (RFC 8259;
decisions D17, D18).
"""

import json
from collections.abc import Callable

import pytest

from harness.blocking.wire import Cause
from harness.conformance.chatter import RECEIPT_MODES
from harness.conformance.conversation import Conversation
from harness.conformance.refusing import check_refused, check_survived
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import marked, say_spelled, say_unasked
from harness.conformance.stops import NotApplicable, broken
from schemas.json_texts import JsonText, client_texts
from schemas.messages import InMsg, is_receipt
from schemas.words import MessageType

Fresh = Callable[..., str]

MEANING = ("refuse-member-type", "refuse-unknown-type", "refuse-titletype", "refuse-empty-content")

FIRST = frozenset(
    {
        "cut-off",
        "trailing-comma",
        "single-quotes",
        "comment",
        "raw-line-break",
        "raw-nul",
        "unknown-escape",
        "leading-zero",
        "unclosed-arrays",
        "utf-16",
        "nan-in-content",
        "minus-infinity",
        "second-line",
        "trailing-nul",
        "trailing-words",
        "array-of-message",
        "message-in-a-string",
        "deep-array",
        "duplicate-type",
        "duplicate-escaped",
        "swapped-surrogates",
        "nesting-65",
        "nesting-5000",
        "huge-negative",
        "huge-integer",
    }
)
"""The bad and the arguable texts that are always tried; the others are slow by their number."""


def _texts(*clauses: str, slow: bool | None = None) -> pytest.MarkDecorator:
    """A case for each text of which ``clauses`` speak: of one tier, or of both."""
    named = {text.name.removeprefix("client-"): text for text in client_texts()}
    chosen = {
        name: text
        for name, text in named.items()
        if text.clauses[0] in clauses and (slow is None or (name not in FIRST) is slow)
    }
    return pytest.mark.parametrize("text", chosen.values(), ids=chosen)


@case("ack-one-per-message")
@_texts("ack-one-per-message")
def test_layout_means_nothing(conversation: Conversation, fresh: Fresh, text: JsonText) -> None:
    """Blanks, order and escaped letters change nothing of what a message says."""
    _check_taken(conversation, text, fresh())


@case("content-text")
@_texts("content-text")
def test_content_is_any_string(conversation: Conversation, fresh: Fresh, text: JsonText) -> None:
    """A content is what its escapes and characters say, whatever they are."""
    _check_taken(conversation, text, fresh())


@case("ignore-unknown-member", "ignore-titletype", "null-is-absent")
@_texts("ignore-unknown-member", "ignore-titletype", "null-is-absent")
def test_what_means_nothing_is_passed_over(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """Unknown members, a titletype on a text, null and absence are taken for nothing said."""
    _check_taken(conversation, text, fresh())


@negative("refuse-json-syntax", "delivery-refused-never", stands_on=Basis.REFUSED)
@_texts("refuse-json-syntax", slow=False)
def test_no_json_is_refused(conversation: Conversation, fresh: Fresh, text: JsonText) -> None:
    """What is no JSON is refused and reaches nobody."""
    _check_refused(conversation, text, fresh())


@negative("refuse-json-syntax", "delivery-refused-never", stands_on=Basis.REFUSED, slow=True)
@_texts("refuse-json-syntax", slow=True)
def test_more_that_is_no_json_is_refused(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """What is no JSON is refused and reaches nobody."""
    _check_refused(conversation, text, fresh())


@negative("refuse-trailing-bytes", "delivery-refused-never", stands_on=Basis.REFUSED)
@_texts("refuse-trailing-bytes", slow=False)
def test_more_than_one_object_is_refused(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """An object with anything but blanks behind it is refused and reaches nobody."""
    _check_refused(conversation, text, fresh())


@negative("refuse-nan", "delivery-refused-never", stands_on=Basis.REFUSED)
@_texts("refuse-nan", slow=False)
def test_no_number_is_refused(conversation: Conversation, fresh: Fresh, text: JsonText) -> None:
    """NaN and Infinity are refused wherever they stand."""
    _check_refused(conversation, text, fresh())


@negative("refuse-non-object", "delivery-refused-never", stands_on=Basis.REFUSED)
@_texts("refuse-non-object", slow=False)
def test_no_object_is_refused(conversation: Conversation, fresh: Fresh, text: JsonText) -> None:
    """JSON that is no object is refused, a message inside it or not."""
    _check_refused(conversation, text, fresh())


@negative(
    "refuse-trailing-bytes",
    "refuse-nan",
    "refuse-non-object",
    "delivery-refused-never",
    stands_on=Basis.REFUSED,
    slow=True,
)
@_texts("refuse-trailing-bytes", "refuse-nan", "refuse-non-object", slow=True)
def test_more_that_is_no_object_is_refused(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """What is JSON in part, or JSON of another kind, is refused."""
    _check_refused(conversation, text, fresh())


@negative(*MEANING, "delivery-refused-never", stands_on=Basis.REFUSED, slow=True)
@_texts(*MEANING, slow=True)
def test_an_object_that_is_no_message_is_refused(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """An object whose members are not those of a message is refused."""
    _check_refused(conversation, text, fresh())


@negative("survive-odd-json", stands_on=Basis.REFUSED)
@_texts("survive-odd-json", slow=False)
def test_arguable_json_is_survived(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """What parsers read differently is accepted or refused once; the connection lives."""
    check_survived(conversation, marked(text.data, fresh()))


@negative("survive-odd-json", stands_on=Basis.REFUSED, slow=True)
@_texts("survive-odd-json", slow=True)
def test_more_arguable_json_is_survived(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """What parsers read differently is accepted or refused once; the connection lives."""
    check_survived(conversation, marked(text.data, fresh()))


@negative("rfc-client-utf8", slow=True)
@_texts("rfc-client-utf8")
def test_what_is_no_utf8_ends_the_connection(
    conversation: Conversation, fresh: Fresh, text: JsonText
) -> None:
    """A text message that is no UTF-8 ends the connection."""
    customer = conversation.customer
    say_unasked(customer, marked(text.data, fresh()))
    end = customer.channel.drain(customer.patience())
    if end is None or end.cause is Cause.OURS:
        raise broken(text.clauses[0], "the end of the connection", "an open connection")
    conversation.customer_returns(unread=0)


def _check_taken(conversation: Conversation, text: JsonText, token: str) -> None:
    data = marked(text.data, token)
    message = _message(json.loads(data))
    knows_receipts = conversation.bench.profile.dialect.read_receipt in RECEIPT_MODES
    if is_receipt(message) and not knows_receipts:
        raise NotApplicable("dialect.read_receipt knows no receipts")
    customer = conversation.customer
    customer.accepted(say_spelled(customer, message, data), text.clauses[0])


def _check_refused(conversation: Conversation, text: JsonText, token: str) -> None:
    types = conversation.bench.profile.dialect.types
    other = next(
        (kind for kind in ("image", "title") if f'"type":"{kind}"'.encode() in text.data), ""
    )
    if other and MessageType(other) not in types:
        raise NotApplicable(f"dialect.types has no {other}")
    check_refused(conversation, text.clauses[0], marked(text.data, token))


def _message(members: dict[str, object]) -> InMsg:
    """The message that these members are: null counts as absent (D17)."""
    titletype = members.get("titletype")
    return InMsg(
        str(members["type"]),
        str(members.get("content") or ""),
        members.get("read") is True,
        str(titletype) if titletype is not None else None,
    )
