"""Topics: products, orders and the rest (decision D16)."""

from collections.abc import Callable, Mapping

import pytest
from msgspec.structs import replace

from harness.conformance.chatter import Msg
from harness.conformance.conditions import (
    ACKS,
    COUNTS,
    ECHOES,
    INFO,
    READS,
    REPLAYS,
    SAME_MSG,
    is_set,
    speaks,
)
from harness.conformance.contents import WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.counting import says
from harness.conformance.deliveries import differing
from harness.conformance.listener import shown
from harness.conformance.sayings import of_each_kind
from harness.conformance.spec import case, negative
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from schemas.messages import InMsg, text, title
from schemas.words import TOPIC_WORDS, MessageType, TitleType

TITLES = speaks(MessageType.TITLE)
PRODUCTS, ORDERS = is_set("data.products"), is_set("data.orders")
UNKNOWN = is_set("data.unknown_product")
MANY = 20
INFO_MEMBERS = ("name", "status", "price")


def any_topic(profile: Profile) -> str | None:
    """Any words may be a topic."""
    return "data.other_topics lists the topics" if profile.data.other_topics else None


def _topic(conversation: Conversation, topic: TitleType) -> InMsg:
    """A title with a number that exists for this customer."""
    return title(topic, _numbers(conversation, topic)[0])


def _numbers(conversation: Conversation, topic: TitleType) -> tuple[str, ...]:
    """The numbers that exist for this customer; NotApplicable where there is none."""
    data = conversation.bench.profile.data
    numbers = data.products if topic is TitleType.PRO else data.orders
    if isinstance(numbers, Mapping):
        numbers = numbers.get(conversation.customer.sn, ())
    if not numbers:
        raise NotApplicable(f"the profile knows no {topic} number for {conversation.customer.sn}")
    return numbers


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


@case("read-marks", when=(COUNTS, READS, ACKS))
def test_other_kinds_of_staff_mark(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A picture or a topic of staff with ``read`` true marks what has arrived, as a text does."""
    customer, staff = conversation.customer, conversation.staff
    for message in of_each_kind(conversation.bench):
        says(customer, staff, fresh(), 1, "read-marks")
        staff.tell(replace(message, read=True))
    says(customer, staff, fresh(), 1, "read-marks")


@case("info-elsewhere-null", when=(TITLES, PRODUCTS, ECHOES))
def test_info_belongs_to_its_title_alone(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """What either side says behind a product's title has no info of that product."""
    conversation.customer.tell(_topic(conversation, TitleType.PRO))
    for speaker in (conversation.customer, conversation.staff, conversation.customer):
        msg = speaker.tell(text(fresh("about that")))
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


@case("content-title", "delivery-stored", when=(TITLES,))
@pytest.mark.parametrize("topic", TOPIC_WORDS)
def test_topic_of_staff_reaches_the_customer(
    conversation: Conversation, fresh: Callable[..., str], topic: TitleType
) -> None:
    """Staff can name a topic as well, and the customer receives it."""
    customer, mark = conversation.customer, conversation.customer.now
    message = _about(conversation, topic, fresh)
    conversation.staff.tell(message)
    customer.receives(conversation.staff, message, since=mark)


@case("in-titletype-word", "out-titletype-word", when=(TITLES,))
@pytest.mark.parametrize("topic", TOPIC_WORDS)
def test_topic_is_taken_with_either_read(
    conversation: Conversation, fresh: Callable[..., str], topic: TitleType
) -> None:
    """A topic is taken and delivered whether it marks what has arrived as read or not."""
    conversation.staff.tell(text(fresh("what is it about?")))
    for read in (False, True):
        message = replace(_about(conversation, topic, fresh), read=read)
        conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, *conversation.customer.said)


def _about(conversation: Conversation, topic: TitleType, fresh: Callable[..., str]) -> InMsg:
    """A title of any topic, with what may be said about it."""
    if topic is not TitleType.OTHER:
        return _topic(conversation, topic)
    topics = conversation.bench.profile.data.other_topics
    return title(topic, topics[0] if topics else fresh("付款方式"))


@case("in-titletype-word", "content-title", when=(TITLES,))
@pytest.mark.parametrize("topic", [TitleType.PRO, TitleType.ORDER])
def test_every_listed_number_is_taken(conversation: Conversation, topic: TitleType) -> None:
    """The numbers that the profile lists exist: each is taken, and arrives unchanged."""
    numbers = _numbers(conversation, topic)[:MANY]
    messages = [title(topic, number) for number in numbers]
    for sent in [conversation.customer.say(message) for message in messages]:
        conversation.customer.accepted(sent)
    conversation.staff.receives(conversation.customer, *messages)


@case("delivery-once", "delivery-stored", when=(TITLES, PRODUCTS))
def test_same_number_twice_is_two_messages(conversation: Conversation) -> None:
    """A number that is named twice arrives twice."""
    message = _topic(conversation, TitleType.PRO)
    for _ in range(2):
        conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message, message)


@case("title-info", "same-msg", when=(TITLES, PRODUCTS, INFO, SAME_MSG, REPLAYS, READS))
def test_replayed_title_has_its_info(conversation: Conversation) -> None:
    """A title that was missed is replayed with the same ``info``."""
    conversation.customer.tell(text(conversation.bench.fresh("brb"), read=True))
    conversation.customer.leave()
    message = _topic(conversation, TitleType.PRO)
    said = conversation.staff.tell(message)
    customer = conversation.customer_returns(unread=1)
    replayed = customer.receives_one(conversation.staff, message).msg
    _check_info(replayed)
    for member in differing(said, replayed) if said else ():
        raise broken("same-msg", repr(said.get(member)), replayed.get(member), pointer=member)


@case("title-other-words", "content-title", when=(TITLES, any_topic))
@pytest.mark.parametrize("words", ["emoji", "markup", "decomposed"])
def test_other_topic_takes_any_words(
    conversation: Conversation, fresh: Callable[..., str], words: str
) -> None:
    """A title about something else takes all scripts and markup, and arrives unchanged."""
    message = title(TitleType.OTHER, fresh(WORDS[words]))
    conversation.customer.accepted(conversation.customer.say(message), "title-other-words")
    conversation.staff.receives(conversation.customer, message)


@case("title-other-words", "info-elsewhere-null", when=(TITLES, any_topic, PRODUCTS, ECHOES))
def test_number_as_other_topic_is_words(conversation: Conversation) -> None:
    """A product number named as something else is mere words: it is taken, and has no info."""
    number = _topic(conversation, TitleType.PRO).content
    customer = conversation.customer
    msg = customer.accepted(customer.say(title(TitleType.OTHER, number)), "title-other-words")
    if msg.get("info") is not None:
        raise broken("info-elsewhere-null", "null", msg.get("info"), pointer="/msg/info")


@negative("title-unknown-product", "refusal-keeps-connection", when=(TITLES, ACKS, UNKNOWN))
def test_refused_number_leaves_the_conversation(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Behind a refused number the connection goes on, and a right number is taken."""
    customer, data = conversation.customer, conversation.bench.profile.data
    wrong = customer.say(title(TitleType.PRO, data.unknown_product))
    customer.refused(wrong, "title-unknown-product")
    sent = customer.say(text(fresh("then another")))
    customer.accepted(sent, missing="refusal-keeps-connection")
    conversation.stays_unheard()


@negative("title-unknown-product", "delivery-refused-never", when=(TITLES, ACKS, UNKNOWN))
def test_unknown_number_of_staff_is_refused(conversation: Conversation) -> None:
    """A number that does not exist is refused from staff too."""
    staff, data = conversation.staff, conversation.bench.profile.data
    wrong = staff.say(title(TitleType.PRO, data.unknown_product))
    staff.refused(wrong, "title-unknown-product")
    mark, after = conversation.customer.now, text(conversation.bench.fresh("after"))
    staff.tell(after)
    conversation.customer.receives_content(after)
    for event in conversation.customer.received(staff, mark):
        if event.msg.get("type") == MessageType.TITLE:
            raise broken("delivery-refused-never", "nothing of it", "a Receive", frame=shown(event))
