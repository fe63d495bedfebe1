"""The shape of server messages, whatever they say (the page's tables; decision D3)."""

from collections.abc import Callable, Mapping

import pytest

from harness.conformance.bad_input import UNREADABLE
from harness.conformance.chatter import NO_SUCH_TYPE
from harness.conformance.conditions import ACKS, DEVICES, ERROR_FRAMES, INFO, PLACES, REPLAYS
from harness.conformance.contents import WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.sayings import saying
from harness.conformance.spec import Basis, case, collector, negative
from harness.conformance.stops import NotApplicable
from schemas.clauses import register
from schemas.messages import InMsg, encode, text, title
from schemas.words import MessageType, TitleType

Fresh = Callable[..., str]

PAGE = tuple(slug for slug in register() if slug.startswith("out-"))
REST = tuple(
    slug
    for slug, entry in register().items()
    if slug not in PAGE and not (entry.untestable or entry.source.startswith("RFC"))
)

OUTER = (
    "out-msgstatus-type",
    "out-msgstatus-word",
    "out-result-type",
    "out-msg-type",
    "out-error-type",
    "out-noreadqty-type",
    "out-member-spelling",
)
MSG = (
    "out-msg-sendsn-type",
    "out-msg-sendname-type",
    "out-msg-sendtype-type",
    "out-msg-type-type",
    "out-msg-content-type",
    "out-msg-time-type",
    "out-msg-read-type",
    "out-msg-titletype-type",
    "out-msg-location-type",
    "out-msg-info-type",
    "out-type-word",
    "out-titletype-word",
)
LOCATION = tuple(slug for slug in PAGE if slug.startswith("out-msg-location-") and slug not in MSG)
INFO_MEMBERS = tuple(slug for slug in PAGE if slug.startswith("out-msg-info-") and slug not in MSG)
JSON = (
    "out-text-message",
    "out-json-object",
    "out-byte-order-mark",
    "out-duplicate-member",
    "out-lone-surrogate",
)
KINDS = ("text", "image", "title", "product", "order")


@case("out-error-on-failure", when=(ERROR_FRAMES, ACKS))
def test_refusal_says_why(conversation: Conversation) -> None:
    """A Send with Result false has a non-empty Error."""
    wrong = encode(InMsg(NO_SUCH_TYPE, "why not"))
    conversation.customer.refused(conversation.customer.say_bytes(wrong), "refuse-unknown-type")


@case("out-no-error-on-success", "out-result-present", "out-msgstatus-present", when=(ACKS,))
def test_success_has_no_error(conversation: Conversation, fresh: Fresh) -> None:
    """A Send with Result true has no Error."""
    conversation.customer.tell(text(fresh("fine")))


@case("out-receive-unread-count", "out-receive-msg")
def test_receive_has_count_and_message(conversation: Conversation, fresh: Fresh) -> None:
    """A Receive carries NoReadQty and the message."""
    message = text(fresh("count me"))
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("out-unread-only-in-receive", "out-unread-zero-elsewhere", when=(ACKS,))
def test_only_receive_has_a_count(conversation: Conversation, fresh: Fresh) -> None:
    """Login and Send carry no NoReadQty."""
    conversation.customer.tell(text(fresh("no count")))


@case(*OUTER, *MSG)
@pytest.mark.parametrize("kind", KINDS)
def test_frames_have_their_members(conversation: Conversation, kind: str) -> None:
    """The members of every kind of message have the page's JSON types, spelling and words."""
    _exchange(conversation, kind)


@case(*LOCATION, when=(PLACES,))
def test_location_has_its_members(conversation: Conversation) -> None:
    """Where a location is shown, its members have the page's JSON types."""
    for kind in ("text", "product"):
        _exchange(conversation, kind)


@case(*INFO_MEMBERS, when=(INFO,))
@pytest.mark.parametrize("kind", ["product", "order"])
def test_info_has_its_members(conversation: Conversation, kind: str) -> None:
    """Where info is shown, its members have the page's JSON types."""
    _exchange(conversation, kind)


@case(*JSON)
def test_json_of_the_server_is_plain(conversation: Conversation, fresh: Fresh) -> None:
    """Frames about all kinds of characters are one JSON object each, that every parser reads."""
    for words in (WORDS["emoji"], WORDS["rare characters"], WORDS["markup"], WORDS["lines"]):
        conversation.customer.tell(text(fresh(words)))
    conversation.staff.receives(conversation.customer, *conversation.customer.said)


@case(*OUTER, "out-receive-unread-count", "out-receive-msg", when=(REPLAYS,))
def test_replayed_frames_have_their_members(conversation: Conversation, fresh: Fresh) -> None:
    """What was missed comes in frames like all others."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()
    conversation.staff.tell(text(fresh("you missed this")))
    conversation.customer_returns(unread=1)


@case(*OUTER, when=(DEVICES,))
def test_frames_of_other_devices_have_their_members(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """What another device of one's own said comes in a frame like all others."""
    second = door.enter(conversation.customer.account, alone=False)
    words = text(fresh("from the other one"))
    conversation.customer.tell(words)
    second.receives_content(words)


@negative(*OUTER, "out-error-on-failure", when=(ERROR_FRAMES, ACKS), stands_on=Basis.REFUSED)
def test_refusals_have_their_members(conversation: Conversation) -> None:
    """The outer members of a refusal have the page's JSON types and spelling."""
    customer = conversation.customer
    for bodies in UNREADABLE.values():
        customer.answer(customer.say_bytes(bodies[0].encode()))


def _exchange(conversation: Conversation, kind: str) -> None:
    """Both sides say something of ``kind``, and receive it."""
    customer, staff = conversation.customer, conversation.staff
    for sender, receiver in ((customer, staff), (staff, customer)):
        mark, message = receiver.now, _said(conversation, kind)
        sender.tell(message)
        receiver.receives(sender, message, since=mark)


def _said(conversation: Conversation, kind: str) -> InMsg:
    """Something of ``kind``; NotApplicable where there is nothing of it to say."""
    bench = conversation.bench
    word = MessageType(kind) if kind in tuple(MessageType) else MessageType.TITLE
    if word not in bench.profile.dialect.types:
        raise NotApplicable(f"dialect.types has no {word}")
    if kind in ("text", "image", "title"):
        return saying(bench, word)
    data = bench.profile.data
    numbers = data.products if kind == "product" else data.orders
    if isinstance(numbers, Mapping):
        numbers = numbers.get(conversation.customer.sn, ())
    if not numbers:
        raise NotApplicable(f"the profile knows no {kind} for {conversation.customer.sn}")
    return title(TitleType.PRO if kind == "product" else TitleType.ORDER, numbers[0])


@collector(*PAGE)
def test_every_message_fits_the_page() -> None:
    """No message of the server, in any case, breaks what the page's tables and samples say."""


@collector(*REST, passive=True)
def test_nothing_else_is_broken() -> None:
    """No case came across a broken clause that it was not looking for."""
