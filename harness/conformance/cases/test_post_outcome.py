"""What becomes of a message by plain HTTP: like one by socket, or nothing (decision D20)."""

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import (
    COUNTS,
    DEVICES,
    ECHOES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
    POSTS,
    READS,
    SAME_MSG,
    one_token,
    speaks,
)
from harness.conformance.contents import EDGES, WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.counting import is_told
from harness.conformance.deliveries import differing
from harness.conformance.door import Door
from harness.conformance.pool import taker
from harness.conformance.post import (
    FORM,
    JSON,
    Mail,
    check_accepted,
    check_refused,
    check_status,
    frame_in,
    posted,
)
from harness.conformance.sayings import saying
from harness.conformance.spec import Basis, case, negative
from harness.conformance.stops import NotApplicable, broken
from harness.target import Account, Secret
from schemas.messages import InMsg, encode, text
from schemas.words import MessageType

Fresh = Callable[..., str]


@case("post-accepted", "delivery-stored", "delivery-order", when=(POSTS,))
def test_posts_and_frames_keep_their_order(
    conversation: Conversation, mail: Mail, fresh: Fresh
) -> None:
    """What is posted and what is sent in turns reaches staff in the order of the answers."""
    customer, staff, messages = conversation.customer, conversation.staff, list[InMsg]()
    for number in range(6):
        messages.append(text(fresh(f"turn {number}")))
        if number % 2:
            posted(mail, customer, messages[-1])
        else:
            customer.tell(messages[-1])
            staff.receives_content(messages[-1])
    staff.receives(customer, *messages)


@case("post-accepted", when=(POSTS,))
@pytest.mark.parametrize("kind", [MessageType.IMAGE, MessageType.TITLE], ids=str)
def test_other_kinds_can_be_posted(
    conversation: Conversation, mail: Mail, kind: MessageType
) -> None:
    """An image and a topic by POST reach staff, too."""
    if reason := speaks(kind)(conversation.bench.profile):
        raise NotApplicable(reason)
    message = saying(conversation.bench, kind)
    posted(mail, conversation.customer, message)
    if conversation.staff.receives_content(message) is None:
        raise broken("post-accepted", "a Receive at the staff member's", "none")


@case("post-accepted", "post-form", "content-text", when=(POSTS,))
@pytest.mark.parametrize(
    ("media", "slug"), [(JSON, "post-accepted"), (FORM, "post-form")], ids=["json", "form"]
)
def test_posted_words_arrive_unchanged(
    conversation: Conversation, mail: Mail, fresh: Fresh, media: str, slug: str
) -> None:
    """Words of all scripts, markup, line ends and blanks arrive as they were posted."""
    customer, edges = conversation.customer, [f"{edge}{fresh()}{edge}" for edge in EDGES.values()]
    messages = [text(words) for words in (*map(fresh, WORDS.values()), *edges)]
    for message in messages:
        members = {"type": "text", "content": message.content, "read": "false"}
        body = encode(message) if media == JSON else urlencode(members).encode()
        check_accepted(mail.post(customer.account, body, media), slug)
        customer.said.append(message)
    conversation.staff.receives(customer, *messages)


@case("device-echo", when=(POSTS, DEVICES))
def test_sockets_see_what_is_posted(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """The customer's connection receives what its account posts, as from another device."""
    message = text(fresh("by post"))
    posted(mail, conversation.customer, message)
    if conversation.customer.receives_content(message) is None:
        raise broken("device-echo", "a Receive on the account's connection", "none")


@case("post-accepted", when=(POSTS,))
def test_a_customer_without_a_connection_can_post(
    conversation: Conversation, mail: Mail, fresh: Fresh
) -> None:
    """What a customer posts while it has no connection reaches staff."""
    customer, message = conversation.customer, text(fresh("just a call"))
    customer.catch_up()
    customer.leave()
    posted(mail, customer, message)
    if conversation.staff.receives_content(message) is None:
        raise broken("post-accepted", "a Receive at the staff member's", "none")
    conversation.customer_returns(unread=0)


@case("post-accepted", stands_on=Basis.DELIVERED, when=(POSTS, OFFERS, FRAME_BINDING))
def test_what_is_posted_is_offered(case_run: CaseRun, door: Door, mail: Mail, fresh: Fresh) -> None:
    """What a customer posts with nobody bound is offered to an idle staff member."""
    staff, customer = door.staff(), case_run.alone()
    message = text(fresh("anybody?"))
    posted(mail, customer, message)
    taker([staff], customer, message, "post-accepted")


@case("unread-count", when=(POSTS, COUNTS))
def test_what_is_posted_counts(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """Posted messages that staff has not read count like others."""
    customer, staff = conversation.customer, conversation.staff
    for number in (1, 2, 3):
        mark, message = staff.now, text(fresh())
        posted(mail, customer, message)
        event = staff.receives_one(customer, message, since=mark)
        is_told(event, number, "unread-count")


@case("read-marks", when=(POSTS, COUNTS, READS))
def test_a_post_reads_nothing(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A POST with ``read`` true marks nothing: its connection has been sent nothing."""
    customer, staff = conversation.customer, conversation.staff
    customer.tell(text(fresh("read so far"), read=True))
    first, second = text(fresh("one")), text(fresh("two"))
    staff.tell(first)
    customer.receives_content(first)
    posted(mail, customer, text(fresh("by post"), read=True))
    mark = customer.now
    staff.tell(second)
    is_told(customer.receives_one(staff, second, since=mark), 2, "read-marks")


@case("same-msg", "sender-identity", when=(POSTS, SAME_MSG, ECHOES))
def test_posted_message_is_the_same_everywhere(
    conversation: Conversation, mail: Mail, fresh: Fresh
) -> None:
    """The answer to a POST and the Receive show equal members, and the account that posted."""
    customer, message = conversation.customer, text(fresh("same"))
    answer = mail.post(customer.account, encode(message), JSON)
    check_accepted(answer, "post-accepted")
    customer.said.append(message)
    msg = frame_in(answer).get("msg")
    answered = msg if isinstance(msg, dict) else {}
    delivered = conversation.staff.receives_one(customer, message).msg
    for member in differing(answered, delivered):
        expected, actual = repr(answered.get(member)), delivered.get(member)
        raise broken("same-msg", expected, actual, pointer=f"/msg/{member}")
    if answered.get("SendSn") != customer.sn:
        raise broken("sender-identity", customer.sn, answered.get("SendSn"), pointer="/msg/SendSn")


@negative("post-authenticated", "delivery-refused-never", when=(POSTS, one_token))
def test_what_nobody_posted_reaches_nobody(
    conversation: Conversation, mail: Mail, fresh: Fresh
) -> None:
    """What came with a wrong token is delivered to nobody."""
    account = conversation.customer.account
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    answer = mail.post(wrong, encode(text(fresh("not me"))), JSON)
    check_status(answer, "post-authenticated", 401)
    conversation.stays_unheard()


# What is refused


@negative("post-refused", "delivery-refused-never", when=(POSTS, ERROR_FRAMES))
@pytest.mark.parametrize(
    "members",
    [
        {"type": "text", "content": ""},
        {"type": "image", "content": "", "read": True},
        {"type": "title", "content": "P-1", "titletype": "no-such-topic"},
        {"type": "staff", "content": "C-1", "titletype": "confirm"},
        {"type": "text", "content": 7},
        {"type": "text", "content": "words", "read": "perhaps"},
    ],
    ids=["empty", "empty-image", "topic", "staff-word", "content-type", "read-type"],
)
def test_what_sockets_refuse_posts_refuse(
    conversation: Conversation, mail: Mail, members: dict[str, object]
) -> None:
    """Bad input by POST is refused with a reason, and reaches nobody."""
    check_refused(mail.post(conversation.customer.account, orjson.dumps(members), JSON))
    conversation.stays_unheard()
