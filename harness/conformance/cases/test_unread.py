"""What ``NoReadQty`` counts, and what reading does to it (decisions D10, D11)."""

from collections.abc import Callable

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import NO_SUCH_TYPE
from harness.conformance.conditions import (
    ACKS,
    CASES,
    COUNTS,
    ERROR_FRAMES,
    FRAME_BINDING,
    READS,
    RECEIPTS,
    REPLAYS,
    TOTAL_REPLAY,
    being,
    is_set,
    on,
    speaks,
)
from harness.conformance.conversation import Conversation
from harness.conformance.counting import is_told, says, tells
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.sayings import saying
from harness.conformance.spec import case
from harness.conformance.stops import NotApplicable, broken
from harness.conformance.unread_play import Move, Turn, UnreadCounts, moves
from schemas.messages import InMsg, encode, receipt, text, title
from schemas.modes import ReadReceipt
from schemas.words import MessageType, Role, TitleType

Fresh = Callable[..., str]


PLAY, LONG_PLAY = 30, 150


@case("unread-count", when=(COUNTS,))
def test_staff_is_told_how_many(conversation: Conversation, fresh: Fresh) -> None:
    """Each message of the customer that staff has not read counts one more."""
    for number in (1, 2, 3):
        says(conversation.customer, conversation.staff, fresh(), number, "unread-count")


@case("unread-count", when=(COUNTS,))
def test_customer_is_told_how_many(conversation: Conversation, fresh: Fresh) -> None:
    """Each message of staff that the customer has not read counts one more."""
    before = conversation.unread_by_customer
    for number in (1, 2, 3):
        says(conversation.staff, conversation.customer, fresh(), before + number, "unread-count")


@case("read-marks", when=(COUNTS, READS))
def test_answer_with_read_true_marks(conversation: Conversation, fresh: Fresh) -> None:
    """An answer with ``read`` true marks what has arrived; counting begins anew."""
    customer, staff = conversation.customer, conversation.staff
    for number in (1, 2):
        says(customer, staff, fresh(), number, "unread-count")
    staff.tell(text(fresh("seen"), read=True))
    says(customer, staff, fresh(), 1, "read-marks")


@case("read-marks", "receipt-acknowledged", when=(COUNTS, RECEIPTS, ACKS))
def test_pure_receipt_marks(conversation: Conversation, fresh: Fresh) -> None:
    """A pure receipt is answered, and marks what has arrived."""
    customer, staff = conversation.customer, conversation.staff
    for number in (1, 2):
        says(staff, customer, fresh(), number, "unread-count")
    customer.accepted(customer.say(receipt()), "receipt-acknowledged")
    says(staff, customer, fresh(), 1, "read-marks")


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
    says(customer, staff, fresh(), 1, "unread-count")
    staff.tell(text(fresh("not looking")))
    says(customer, staff, fresh(), 2, "read-false-keeps")


@case("unread-own-messages", when=(COUNTS,))
def test_own_messages_do_not_count(conversation: Conversation, fresh: Fresh) -> None:
    """What staff said itself is not among what staff has not read."""
    for _ in range(3):
        conversation.staff.tell(text(fresh("mine")))
    says(conversation.customer, conversation.staff, fresh(), 1, "unread-own-messages")


@case("refused-marks-nothing", when=(COUNTS, READS, ACKS, ERROR_FRAMES))
def test_refused_message_marks_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A refused message with ``read`` true leaves the count as it is."""
    customer, staff = conversation.customer, conversation.staff
    says(customer, staff, fresh(), 1, "unread-count")
    wrong = encode(InMsg(NO_SUCH_TYPE, fresh(), read=True))
    staff.refused(staff.say_bytes(wrong), "refuse-unknown-type")
    says(customer, staff, fresh(), 2, "refused-marks-nothing")


@case("unread-count", when=(COUNTS,))
def test_count_goes_past_nine(conversation: Conversation, fresh: Fresh) -> None:
    """A dozen messages that staff has not read count to twelve."""
    for number in range(1, 13):
        says(conversation.customer, conversation.staff, fresh(), number, "unread-count")


@case("unread-count", when=(COUNTS,))
def test_other_conversations_do_not_count(case_run: CaseRun, fresh: Fresh) -> None:
    """What is unread in one conversation does not count in another."""
    one, other = case_run.converse(), case_run.converse()
    for number in (1, 2):
        says(one.customer, one.staff, fresh(), number, "unread-count")
    says(other.customer, other.staff, fresh(), 1, "unread-count")


@case("unread-count", when=(COUNTS, RECEIPTS, ACKS))
def test_each_side_reads_for_itself(conversation: Conversation, fresh: Fresh) -> None:
    """When staff reads, what the customer has not read stays unread."""
    customer, staff = conversation.customer, conversation.staff
    says(staff, customer, fresh(), 1, "unread-count")
    says(customer, staff, fresh(), 1, "unread-count")
    staff.accepted(staff.say(receipt()))
    says(staff, customer, fresh(), 2, "unread-count")


@case(
    "refused-marks-nothing",
    when=(COUNTS, READS, ACKS, speaks(MessageType.TITLE), is_set("data.unknown_product")),
)
def test_refused_title_marks_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A title with an unknown number and ``read`` true leaves the count as it is."""
    customer, staff = conversation.customer, conversation.staff
    before = conversation.unread_by_customer
    says(staff, customer, fresh(), before + 1, "unread-count")
    number = conversation.bench.profile.data.unknown_product
    wrong = title(TitleType.PRO, number, read=True)
    customer.refused(customer.say(wrong), "title-unknown-product")
    says(staff, customer, fresh(), before + 2, "refused-marks-nothing")


# Random play against the model


def _play(conversation: Conversation, fresh: Fresh, seed: int, length: int) -> None:
    """Make moves out of ``seed``; after each, the other side is told what the model says."""
    mode = conversation.bench.profile.dialect.read_receipt
    counts = UnreadCounts(mode, customer=conversation.unread_by_customer)
    pair = {Role.CUSTOMER: conversation.customer, Role.STAFF: conversation.staff}
    for number, move in enumerate(moves(seed, length, mode), 1):
        speaker, listener = pair[move.side], pair[move.side.other]
        mark, message = listener.now, _moved(move, fresh)
        speaker.tell(message)
        expected = counts.made(move)
        if expected is None:
            continue
        event = listener.receives_one(speaker, message, since=mark)
        told = event.frame.get("NoReadQty")
        if told != expected:
            where = f"{told} (seed {seed}, move {number} of {length}: {move})"
            raise broken(
                "unread-count", str(expected), where, pointer="/NoReadQty", frame=shown(event)
            )


def _moved(move: Move, fresh: Fresh) -> InMsg:
    return receipt() if move.turn is Turn.RECEIPT else text(fresh(), read=move.turn is not Turn.SAY)


@case("unread-count", when=(COUNTS, ACKS, on("dialect.read_receipt")))
@pytest.mark.parametrize("seed", [11, 22, 33])
def test_random_play_counts_right(conversation: Conversation, fresh: Fresh, seed: int) -> None:
    """Through thirty moves of both sides, chosen at random, every count is the model's."""
    _play(conversation, fresh, seed, PLAY)


@case("unread-count", when=(COUNTS, ACKS, on("dialect.read_receipt")), slow=True)
@pytest.mark.parametrize("seed", range(101, 105))
def test_long_random_play_counts_right(conversation: Conversation, fresh: Fresh, seed: int) -> None:
    """Through a hundred and fifty moves of both sides every count is the model's."""
    _play(conversation, fresh, seed, LONG_PLAY)


# What counts


@case("unread-count", when=(COUNTS,))
@pytest.mark.parametrize("kind", [MessageType.IMAGE, MessageType.TITLE], ids=str)
def test_other_kinds_count(conversation: Conversation, fresh: Fresh, kind: MessageType) -> None:
    """Images and topics that staff has not read count like texts."""
    if reason := speaks(kind)(conversation.bench.profile):
        raise NotApplicable(reason)
    customer, staff = conversation.customer, conversation.staff
    tells(customer, staff, saying(conversation.bench, kind), 1, "unread-count")
    says(customer, staff, fresh(), 2, "unread-count")


@case("unread-count", when=(COUNTS, FRAME_BINDING, CASES))
def test_staff_words_count(conversation: Conversation, fresh: Fresh) -> None:
    """The customer is told of a closing, and of a new confirm, with one more unread each."""
    customer, staff = conversation.customer, conversation.staff
    before = conversation.unread_by_customer
    says(staff, customer, fresh(), before + 1, "unread-count")
    tells(staff, customer, conversation.closing(), before + 2, "unread-count")
    tells(staff, customer, conversation.confirming(), before + 3, "unread-count")


@case("read-marks", when=(COUNTS, READS))
@pytest.mark.parametrize("kind", [MessageType.IMAGE, MessageType.TITLE], ids=str)
def test_other_kinds_mark(conversation: Conversation, fresh: Fresh, kind: MessageType) -> None:
    """An image or a topic with ``read`` true marks what has arrived, as a text does."""
    if reason := speaks(kind)(conversation.bench.profile):
        raise NotApplicable(reason)
    customer, staff = conversation.customer, conversation.staff
    before = conversation.unread_by_customer
    says(staff, customer, fresh(), before + 1, "unread-count")
    message = saying(conversation.bench, kind)
    reading = InMsg(message.type, message.content, True, message.titletype)
    tells(customer, staff, reading, 1, "unread-count")
    says(staff, customer, fresh(), 1, "read-marks")


@case("unread-count", when=(COUNTS, RECEIPTS, ACKS))
def test_reading_twice_changes_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A second receipt, with nothing unread, is accepted, and counting begins at one."""
    customer, staff = conversation.customer, conversation.staff
    says(customer, staff, fresh(), 1, "unread-count")
    for _ in range(2):
        staff.accepted(staff.say(receipt()), "receipt-acknowledged")
    says(customer, staff, fresh(), 1, "unread-count")
    says(customer, staff, fresh(), 2, "unread-count")


@case("unread-count", when=(COUNTS, REPLAYS, READS, TOTAL_REPLAY))
def test_the_count_outlives_the_connection(conversation: Conversation, fresh: Fresh) -> None:
    """What the customer left unread counts on when it has logged in again."""
    customer, staff = conversation.customer, conversation.staff
    customer.tell(text(fresh("nothing unread"), read=True))
    for number in (1, 2):
        says(staff, customer, fresh(), number, "unread-count")
    returned = conversation.customer_returns(unread=2)
    returned.catch_up(reading=False)
    says(staff, returned, fresh(), 3, "unread-count")


@case("unread-count", when=(COUNTS, REPLAYS, READS, FRAME_BINDING))
def test_the_count_passes_to_the_next_staff(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """What one staff member left unread counts for the next who takes the case."""
    customer = conversation.customer
    for number in (1, 2):
        says(customer, conversation.staff, fresh(), number, "unread-count")
    conversation.staff.leave()
    successor = conversation.taken_over_by(door.staff(customer.sn), unread=2)
    successor.catch_up(reading=False)
    says(customer, successor, fresh(), 3, "unread-count")


# Other ways of reading


@case("unread-count", when=(COUNTS, being("dialect.read_receipt", ReadReceipt.DELIVERED), ACKS))
def test_a_delivered_receipt_counts_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """Where receipts are delivered, one arrives with empty content and is not counted."""
    customer, staff = conversation.customer, conversation.staff
    says(customer, staff, fresh(), 1, "unread-count")
    mark = staff.now
    customer.accepted(customer.say(receipt()), "receipt-acknowledged")
    event = staff.participant.delivery(lambda msg: not msg.get("content"), staff.patience(), mark)
    if event is None:
        raise broken("unread-count", "a Receive with the receipt", "none")
    is_told(event, 1, "unread-count")
    says(customer, staff, fresh(), 2, "unread-count")
