"""Which members a client message has, of which types, with which words (decisions D1, D2, D17)."""

from collections.abc import Callable

import pytest

from harness.conformance.conditions import (
    ACKS,
    COUNTS,
    FRAME_BINDING,
    RECEIPTS,
    speaks,
)
from harness.conformance.conditions import (
    READS as MARKS,
)
from harness.conformance.conversation import Conversation
from harness.conformance.counting import says
from harness.conformance.refusing import check_refused
from harness.conformance.sayings import saying
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import say_spelled, spell
from harness.conformance.stops import NotApplicable
from harness.target import Profile
from schemas.messages import InMsg, receipt, text, title
from schemas.words import TOPIC_WORDS, MessageType, TitleType

Fresh = Callable[..., str]
Members = dict[str, object]

TITLES = speaks(MessageType.TITLE)
KINDS = (MessageType.TEXT, MessageType.IMAGE)
READS: tuple[Members, ...] = ({}, {"read": None}, {"read": False}, {"read": True})
STRAY: dict[str, Members] = {
    "absent": {},
    "null": {"titletype": None},
    "empty": {"titletype": ""},
    "topic": {"titletype": "pro"},
    "staff word": {"titletype": "confirm"},
    "unknown": {"titletype": "天氣 ☔"},
}
NO_TOPIC: dict[str, Members] = {
    "absent": {},
    "null": {"titletype": None},
    "empty": {"titletype": ""},
    "capitals": {"titletype": "PRO"},
    "confirm": {"titletype": "confirm"},
    "assignment": {"titletype": "assignment"},
}
NO_TYPE: dict[str, Members] = {
    "absent": {},
    "null": {"type": None},
    "capitals": {"type": "TEXT"},
    "leading blank": {"type": " text"},
    "line end": {"type": "text\n"},
    "look-alike": {"type": "t\u0435xt"},
    "zero width": {"type": "te\u200bxt"},
}
NO_CONTENT: dict[str, Members] = {
    "absent": {},
    "null": {"content": None},
    "empty": {"content": ""},
}
OTHER_TYPES: dict[str, tuple[object, ...]] = {
    "type": (0, True, ["text"], {"text": True}),
    "content": (7, 0.5, True, False, ["@"], {"text": "@"}),
    "read": ("true", "false", "", 0, 1, [], {}),
    "titletype": (0, 1, True, ["pro"], {"pro": 1}),
}
OTHER_SPELLINGS: dict[str, tuple[str, Members]] = {
    "type": ("refuse-unknown-type", {"Type": "text", "content": "@"}),
    "content": ("refuse-empty-content", {"type": "text", "CONTENT": "@"}),
    "titletype": ("refuse-titletype", {"type": "title", "content": "@", "titleType": "other"}),
}
STRANGERS: dict[str, Members] = {
    "nested": {"style": {"bold": [True, {"at": [0, 4]}], "font": None}},
    "many": {f"member{number}": number for number in range(200)},
    "long name": {"n" * 2_000: 1},
    "of the answer": {"MsgStatus": "Login", "Result": False, "Error": "no", "NoReadQty": 7},
    "other letter case": {"Type": "dance", "CONTENT": 5, "READ": "yes", "TitleType": ["pro"]},
    "strange names": {"": 0, " type": "dance", "類型": "舞", "$ref": "#"},
}


def _taken(conversation: Conversation, breaks: str, *said: tuple[InMsg, Members]) -> None:
    """The customer's messages are accepted when they are spelled with these members."""
    customer, limit = conversation.customer, conversation.bench.profile.limits.max_message_bytes
    spelled = [(message, spell(**members)) for message, members in said]
    if (size := max(len(data) for _, data in spelled)) > limit:
        raise NotApplicable(f"a message of {size} bytes is over limits.max_message_bytes")
    for sent in [say_spelled(customer, message, data) for message, data in spelled]:
        customer.accepted(sent, breaks)


def _picked(kind: MessageType, profile: Profile) -> None:
    if kind not in profile.dialect.types:
        raise NotApplicable(f"dialect.types has no {kind}")


@case("ignore-titletype", "null-is-absent")
@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("kind", KINDS)
def test_titletype_means_nothing_here(
    conversation: Conversation, kind: MessageType, stray: str
) -> None:
    """Texts and images are taken whatever their titletype, or with none."""
    _picked(kind, conversation.bench.profile)
    titletype = str(STRAY[stray].get("titletype") or "") or None
    said = list[tuple[InMsg, Members]]()
    for read in READS[2:] if titletype else READS:
        content = saying(conversation.bench, kind).content
        members = {"type": kind, "content": content, **STRAY[stray], **read}
        said.append((InMsg(kind, content, bool(read.get("read")), titletype), members))
    _taken(conversation, "ignore-titletype" if titletype else "null-is-absent", *said)


@case("in-titletype-word", "null-is-absent", when=(TITLES,))
@pytest.mark.parametrize("topic", TOPIC_WORDS)
def test_title_is_taken_with_any_read(conversation: Conversation, topic: TitleType) -> None:
    """A title with its topic is taken with each way to write ``read``."""
    said = list[tuple[InMsg, Members]]()
    for read in READS:
        other = saying(conversation.bench, MessageType.TITLE).content
        content = _number(conversation, topic) or other
        members = {"type": "title", "content": content, "titletype": topic, **read}
        said.append((title(topic, content, read=bool(read.get("read"))), members))
    _taken(conversation, "in-titletype-word", said[2], said[3])
    _taken(conversation, "null-is-absent", said[0], said[1])


def _number(conversation: Conversation, topic: TitleType) -> str:
    """A number of ``topic`` that exists for this customer; "" where any words will do."""
    if topic is TitleType.OTHER:
        return ""
    data = conversation.bench.profile.data
    numbers = data.products if topic is TitleType.PRO else data.orders
    mine = numbers if isinstance(numbers, tuple) else numbers.get(conversation.customer.sn, ())
    if not mine:
        raise NotApplicable(f"the profile knows no {topic} number for {conversation.customer.sn}")
    return mine[-1]


@negative("refuse-titletype", "delivery-refused-never", when=(TITLES,), stands_on=Basis.REFUSED)
@pytest.mark.parametrize("wrong", NO_TOPIC)
def test_title_without_a_topic_is_refused(
    conversation: Conversation, fresh: Fresh, wrong: str
) -> None:
    """A title whose titletype is none of the three topics is refused, whatever ``read`` says."""
    texts = [
        spell(type="title", content=fresh("topic"), **NO_TOPIC[wrong], **read) for read in READS
    ]
    check_refused(conversation, "refuse-titletype", *texts)


@negative("refuse-unknown-type", "delivery-refused-never", stands_on=Basis.REFUSED)
@pytest.mark.parametrize("wrong", NO_TYPE)
def test_no_such_type_is_refused(conversation: Conversation, fresh: Fresh, wrong: str) -> None:
    """What is none of the types letter by letter is refused, whatever ``read`` says."""
    texts = [spell(content=fresh("type"), **NO_TYPE[wrong], **read) for read in READS]
    check_refused(conversation, "refuse-unknown-type", *texts)


@negative("refuse-member-type", "delivery-refused-never", stands_on=Basis.REFUSED)
@pytest.mark.parametrize("member", OTHER_TYPES)
def test_member_of_another_type_is_refused(
    conversation: Conversation, fresh: Fresh, member: str
) -> None:
    """A member that is a number, a boolean, an array or an object in the wrong place is refused."""
    right: Members = {"type": "text", "content": fresh("typed"), "read": False, "titletype": None}
    texts = [spell(**{**right, member: value}) for value in OTHER_TYPES[member]]
    check_refused(conversation, "refuse-member-type", *texts)


@negative(
    "refuse-customer-staff-word",
    "delivery-refused-never",
    when=(FRAME_BINDING,),
    stands_on=Basis.REFUSED,
)
@pytest.mark.parametrize("word", ["confirm", "assignment"])
def test_customer_has_no_staff_words(conversation: Conversation, word: str) -> None:
    """A customer's staff word about its own case is refused, whatever ``read`` says."""
    sn = conversation.customer.sn
    texts = [spell(type="staff", content=sn, titletype=word, **read) for read in READS]
    check_refused(conversation, "refuse-customer-staff-word", *texts)


@negative("refuse-empty-content", "delivery-refused-never", stands_on=Basis.REFUSED)
@pytest.mark.parametrize("kind", ["text", "image", "title"])
def test_empty_content_is_no_message(conversation: Conversation, kind: str) -> None:
    """Content that is empty, null or absent is refused where it makes no receipt."""
    _picked(MessageType(kind), conversation.bench.profile)
    topic: Members = {"titletype": "other"} if kind == "title" else {}
    reads = READS[:3] if kind == "text" else READS
    texts = [
        spell(type=kind, **topic, **none, **read) for none in NO_CONTENT.values() for read in reads
    ]
    check_refused(conversation, "refuse-empty-content", *texts)


@case("null-is-absent", when=(RECEIPTS,))
@pytest.mark.parametrize("none", ["absent", "null"])
def test_receipt_has_no_content(conversation: Conversation, none: str) -> None:
    """``read`` true without content is a receipt, however the absence is written."""
    members = {"type": "text", "read": True, **NO_CONTENT[none]}
    _taken(conversation, "null-is-absent", (receipt(), members))


@negative(
    "refuse-unknown-type",
    "refuse-empty-content",
    "refuse-titletype",
    "delivery-refused-never",
    when=(TITLES,),
    stands_on=Basis.REFUSED,
)
@pytest.mark.parametrize("member", OTHER_SPELLINGS)
def test_member_in_another_letter_case_is_another(
    conversation: Conversation, fresh: Fresh, member: str
) -> None:
    """A member whose name is spelled in another letter case is not there."""
    slug, members = OTHER_SPELLINGS[member]
    filled = {name: fresh() if value == "@" else value for name, value in members.items()}
    check_refused(conversation, slug, spell(**filled))


@case("ignore-unknown-member")
@pytest.mark.parametrize("strangers", STRANGERS)
def test_strangers_among_members_are_ignored(
    conversation: Conversation, fresh: Fresh, strangers: str
) -> None:
    """Members that the page does not name change nothing, before the known ones or behind them."""
    extra, messages = STRANGERS[strangers], (text(fresh("before")), text(fresh("behind")))
    before, behind = ({"type": "text", "content": each.content} for each in messages)
    said = (messages[0], {**extra, **before}), (messages[1], {**behind, **extra})
    _taken(conversation, "ignore-unknown-member", *said)


# What is absent is not what it was before


@case("read-false-keeps", "null-is-absent", when=(COUNTS, MARKS, ACKS))
def test_absent_read_is_not_that_of_before(conversation: Conversation, fresh: Fresh) -> None:
    """A message without ``read`` marks nothing, although the one before it did."""
    customer, staff = conversation.customer, conversation.staff
    customer.tell(text(fresh("read so far"), read=True))
    says(staff, customer, fresh(), 1, "unread-count")
    message = text(fresh("without a word of read"))
    customer.accepted(
        say_spelled(customer, message, spell(type="text", content=message.content)),
        "null-is-absent",
    )
    says(staff, customer, fresh(), 2, "read-false-keeps")


LACKING: dict[str, tuple[str, Members]] = {
    "type": ("refuse-unknown-type", {"content": "@", "titletype": "other"}),
    "content": ("refuse-empty-content", {"type": "title", "titletype": "other"}),
    "titletype": ("refuse-titletype", {"type": "title", "content": "@"}),
}


@negative(
    "refuse-unknown-type",
    "refuse-empty-content",
    "refuse-titletype",
    when=(TITLES,),
    stands_on=Basis.REFUSED,
)
@pytest.mark.parametrize("member", LACKING)
def test_absent_member_is_not_that_of_before(conversation: Conversation, member: str) -> None:
    """A title that lacks a member is refused, although the one before it was whole."""
    conversation.customer.tell(saying(conversation.bench, MessageType.TITLE))
    slug, members = LACKING[member]
    given = {"content": conversation.bench.fresh()} if "content" in members else {}
    check_refused(conversation, slug, spell(**{**members, **given}))
