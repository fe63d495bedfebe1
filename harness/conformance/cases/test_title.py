"""Topics: products, orders and the rest (decision D16)."""

from collections.abc import Callable, Mapping

import pytest

from harness.conformance.chatter import Msg
from harness.conformance.conditions import ACKS, ECHOES, INFO, SAME_MSG, is_set, speaks
from harness.conformance.conversation import Conversation
from harness.conformance.deliveries import differing
from harness.conformance.spec import case, negative
from harness.conformance.stops import NotApplicable, broken
from schemas.messages import InMsg, title
from schemas.words import MessageType, TitleType

TITLES = speaks(MessageType.TITLE)
PRODUCTS, ORDERS = is_set("data.products"), is_set("data.orders")
INFO_MEMBERS = ("name", "status", "price")


def _topic(conversation: Conversation, topic: TitleType) -> InMsg:
    """A title with a number that exists for this customer."""
    data = conversation.bench.profile.data
    numbers = data.products if topic is TitleType.PRO else data.orders
    if isinstance(numbers, Mapping):
        numbers = numbers.get(conversation.customer.sn, ())
    if not numbers:
        raise NotApplicable(f"the profile knows no {topic} number for {conversation.customer.sn}")
    return title(topic, numbers[0])


@case("in-titletype-word", "content-title", "delivery-stored", when=(TITLES, PRODUCTS))
def test_product_reaches_staff(conversation: Conversation) -> None:
    """A product number that exists is accepted and arrives unchanged."""
    message = _topic(conversation, TitleType.PRO)
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("in-titletype-word", "content-title", "delivery-stored", when=(TITLES, ORDERS))
def test_order_reaches_staff(conversation: Conversation) -> None:
    """An order number that exists is accepted and arrives unchanged."""
    message = _topic(conversation, TitleType.ORDER)
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("title-info", when=(TITLES, PRODUCTS, INFO, ECHOES))
def test_product_has_info(conversation: Conversation) -> None:
    """The Send of a product title has name, status and price in ``info``."""
    _check_info(conversation.customer.tell(_topic(conversation, TitleType.PRO)))


@case("title-info", when=(TITLES, ORDERS, INFO, ECHOES))
def test_order_has_info(conversation: Conversation) -> None:
    """The Send of an order title has name, status and price in ``info``."""
    _check_info(conversation.customer.tell(_topic(conversation, TitleType.ORDER)))


def _check_info(msg: Msg) -> None:
    info = msg.get("info")
    if not isinstance(info, dict):
        raise broken("title-info", "an object", info, pointer="/msg/info")
    for member in INFO_MEMBERS:
        if not info.get(member):
            raise broken("title-info", "a text", info.get(member), pointer=f"/msg/info/{member}")


@case("title-other-words", "content-title", when=(TITLES,))
def test_other_topic_takes_words(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A title about something else is accepted, and arrives."""
    topics = conversation.bench.profile.data.other_topics
    message = title(TitleType.OTHER, topics[0] if topics else fresh("配送時間"))
    conversation.customer.accepted(conversation.customer.say(message), "title-other-words")
    conversation.staff.receives(conversation.customer, message)


@case("info-elsewhere-null", when=(TITLES, ECHOES))
def test_other_topic_has_no_info(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``info`` is null on a title about something else."""
    topics = conversation.bench.profile.data.other_topics
    message = title(TitleType.OTHER, topics[0] if topics else fresh("發票"))
    msg = conversation.customer.tell(message)
    if msg.get("info") is not None:
        raise broken("info-elsewhere-null", "null", msg.get("info"), pointer="/msg/info")


@negative(
    "title-unknown-product",
    "title-unknown-order",
    "delivery-refused-never",
    when=(TITLES, ACKS),
)
@pytest.mark.parametrize("topic", [TitleType.PRO, TitleType.ORDER])
def test_unknown_number_is_refused(conversation: Conversation, topic: TitleType) -> None:
    """A title with a number that does not exist is refused and delivered to nobody."""
    data = conversation.bench.profile.data
    product = topic is TitleType.PRO
    number = data.unknown_product if product else data.unknown_order
    slug = "title-unknown-product" if product else "title-unknown-order"
    if not number:
        raise NotApplicable(f"data.{'unknown_product' if product else 'unknown_order'} is empty")
    message = title(topic, number)
    conversation.customer.refused(conversation.customer.say(message), slug)
    conversation.stays_unheard()


@case("ack-echo", "content-title", when=(TITLES, PRODUCTS, ECHOES))
def test_send_repeats_the_topic(conversation: Conversation) -> None:
    """The Send of a title repeats its type, its number and its topic."""
    message = _topic(conversation, TitleType.PRO)
    msg = conversation.customer.tell(message)
    for member, sent in (("type", message.type), ("titletype", message.titletype)):
        if msg.get(member) != sent:
            raise broken("ack-echo", repr(sent), msg.get(member), pointer=f"/msg/{member}")


@case("same-msg", when=(TITLES, PRODUCTS, SAME_MSG, ECHOES))
def test_title_is_the_same_everywhere(conversation: Conversation) -> None:
    """The Send and the Receive of a title show equal members, ``info`` included."""
    message = _topic(conversation, TitleType.PRO)
    echoed = conversation.customer.tell(message)
    delivered = conversation.staff.receives_one(conversation.customer, message).msg
    for member in differing(echoed, delivered):
        raise broken(
            "same-msg", repr(echoed.get(member)), delivered.get(member), pointer=f"/msg/{member}"
        )
