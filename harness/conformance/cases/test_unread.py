"""What ``NoReadQty`` counts, and what reading does to it (decisions D10, D11)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import NO_SUCH_TYPE, Chatter, shown
from harness.conformance.conditions import (
    ACKS,
    COUNTS,
    ERROR_FRAMES,
    READS,
    RECEIPTS,
    is_set,
    speaks,
)
from harness.conformance.conversation import Conversation
from harness.conformance.spec import case
from harness.conformance.stops import broken
from schemas.messages import InMsg, encode, receipt, text, title
from schemas.words import MessageType, TitleType

Fresh = Callable[..., str]


def _says(sender: Chatter, receiver: Chatter, words: str, count: int, slug: str) -> None:
    """``sender`` says ``words`` and ``receiver`` is told ``count`` with them."""
    mark, message = receiver.now, text(words)
    sender.tell(message)
    event = receiver.receives_one(sender, message, since=mark)
    told = event.frame.get("NoReadQty")
    if told != count:
        raise broken(slug, str(count), told, pointer="/NoReadQty", frame=shown(event))


@case("unread-count", when=(COUNTS,))
def test_staff_is_told_how_many(conversation: Conversation, fresh: Fresh) -> None:
    """Each message of the customer that staff has not read counts one more."""
    for number in (1, 2, 3):
        _says(conversation.customer, conversation.staff, fresh(), number, "unread-count")


@case("unread-count", when=(COUNTS,))
def test_customer_is_told_how_many(conversation: Conversation, fresh: Fresh) -> None:
    """Each message of staff that the customer has not read counts one more."""
    before = conversation.unread_by_customer
    for number in (1, 2, 3):
        _says(conversation.staff, conversation.customer, fresh(), before + number, "unread-count")


@case("read-marks", when=(COUNTS, READS))
def test_answer_with_read_true_marks(conversation: Conversation, fresh: Fresh) -> None:
    """An answer with ``read`` true marks what has arrived; counting begins anew."""
    customer, staff = conversation.customer, conversation.staff
    for number in (1, 2):
        _says(customer, staff, fresh(), number, "unread-count")
    staff.tell(text(fresh("seen"), read=True))
    _says(customer, staff, fresh(), 1, "read-marks")


@case("read-marks", "receipt-acknowledged", when=(COUNTS, RECEIPTS, ACKS))
def test_pure_receipt_marks(conversation: Conversation, fresh: Fresh) -> None:
    """A pure receipt is answered, and marks what has arrived."""
    customer, staff = conversation.customer, conversation.staff
    for number in (1, 2):
        _says(staff, customer, fresh(), number, "unread-count")
    customer.accepted(customer.say(receipt()), "receipt-acknowledged")
    _says(staff, customer, fresh(), 1, "read-marks")


@case("receipt-not-delivered", when=(RECEIPTS,))
def test_receipt_is_delivered_to_nobody(conversation: Conversation, fresh: Fresh) -> None:
    """After a pure receipt the other side's next message is the next words."""
    for sender, receiver in (
        (conversation.customer, conversation.staff),
        (conversation.staff, conversation.customer),
    ):
        mark, after = receiver.now, text(fresh("after the receipt"))
        sender.accepted(sender.say(receipt()))
        sender.tell(after)
        receiver.receives_one(sender, after, since=mark)
        for event in receiver.received(sender, mark):
            if not event.msg.get("content"):
                raise broken("receipt-not-delivered", "none", "a Receive", frame=shown(event))


@case("read-false-keeps", when=(COUNTS, READS))
def test_answer_with_read_false_marks_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """An answer with ``read`` false leaves the count as it is."""
    customer, staff = conversation.customer, conversation.staff
    _says(customer, staff, fresh(), 1, "unread-count")
    staff.tell(text(fresh("not looking")))
    _says(customer, staff, fresh(), 2, "read-false-keeps")


@case("unread-own-messages", when=(COUNTS,))
def test_own_messages_do_not_count(conversation: Conversation, fresh: Fresh) -> None:
    """What staff said itself is not among what staff has not read."""
    for _ in range(3):
        conversation.staff.tell(text(fresh("mine")))
    _says(conversation.customer, conversation.staff, fresh(), 1, "unread-own-messages")


@case("refused-marks-nothing", when=(COUNTS, READS, ACKS, ERROR_FRAMES))
def test_refused_message_marks_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A refused message with ``read`` true leaves the count as it is."""
    customer, staff = conversation.customer, conversation.staff
    _says(customer, staff, fresh(), 1, "unread-count")
    wrong = encode(InMsg(NO_SUCH_TYPE, fresh(), read=True))
    staff.refused(staff.say_bytes(wrong), "refuse-unknown-type")
    _says(customer, staff, fresh(), 2, "refused-marks-nothing")


@case("unread-count", when=(COUNTS,))
def test_count_goes_past_nine(conversation: Conversation, fresh: Fresh) -> None:
    """A dozen messages that staff has not read count to twelve."""
    for number in range(1, 13):
        _says(conversation.customer, conversation.staff, fresh(), number, "unread-count")


@case("unread-count", when=(COUNTS,))
def test_other_conversations_do_not_count(case_run: CaseRun, fresh: Fresh) -> None:
    """What is unread in one conversation does not count in another."""
    one, other = case_run.converse(), case_run.converse()
    for number in (1, 2):
        _says(one.customer, one.staff, fresh(), number, "unread-count")
    _says(other.customer, other.staff, fresh(), 1, "unread-count")


@case("unread-count", when=(COUNTS, RECEIPTS, ACKS))
def test_each_side_reads_for_itself(conversation: Conversation, fresh: Fresh) -> None:
    """When staff reads, what the customer has not read stays unread."""
    customer, staff = conversation.customer, conversation.staff
    _says(staff, customer, fresh(), 1, "unread-count")
    _says(customer, staff, fresh(), 1, "unread-count")
    staff.accepted(staff.say(receipt()))
    _says(staff, customer, fresh(), 2, "unread-count")


@case(
    "refused-marks-nothing",
    when=(COUNTS, READS, ACKS, speaks(MessageType.TITLE), is_set("data.unknown_product")),
)
def test_refused_title_marks_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A title with an unknown number and ``read`` true leaves the count as it is."""
    customer, staff = conversation.customer, conversation.staff
    before = conversation.unread_by_customer
    _says(staff, customer, fresh(), before + 1, "unread-count")
    number = conversation.bench.profile.data.unknown_product
    wrong = title(TitleType.PRO, number, read=True)
    customer.refused(customer.say(wrong), "title-unknown-product")
    _says(staff, customer, fresh(), before + 2, "refused-marks-nothing")
