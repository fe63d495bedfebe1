"""What is said arrives: once, in order, at the right place (decisions D19, D22)."""

from collections.abc import Callable

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import NO_SUCH_TYPE, Chatter
from harness.conformance.conditions import (
    ACKS,
    ECHOES,
    ERROR_FRAMES,
    READS,
    RECEIPTS,
    REPLAYS,
    SAME_MSG,
    speaks,
)
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import check_nothing_of, check_separate, say_all
from harness.conformance.deliveries import differing
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.sayings import of_each_kind, saying
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import require_room
from harness.conformance.stops import NotApplicable, broken
from schemas.messages import InMsg, encode, receipt, text
from schemas.words import MessageType, Role

Fresh = Callable[..., str]

MANY, BURST = 20, 100

LARGE = 9_000

SPARE = 200  # for what a message has beside its content

SIDES = pytest.mark.parametrize("side", list(Role), ids=str)


def _facing(conversation: Conversation, side: Role) -> tuple[Chatter, Chatter]:
    """Who speaks for ``side``, and who listens."""
    pair = (conversation.customer, conversation.staff)
    return pair if side is Role.CUSTOMER else pair[::-1]


@case("delivery-stored", lays=Basis.DELIVERED, stands_on=Basis.ANSWERED)
def test_both_sides_receive(conversation: Conversation, fresh: Fresh) -> None:
    """What the customer says reaches the staff member, and the other way round."""
    customer, staff = conversation.customer, conversation.staff
    mark = customer.now
    asked, answered = text(fresh("anybody there?")), text(fresh("yes"))
    customer.tell(asked)
    staff.receives(customer, asked)
    staff.tell(answered)
    customer.receives(staff, answered, since=mark)


@case("delivery-stored", "delivery-once", "delivery-order")
def test_many_arrive_once_and_in_order(conversation: Conversation, fresh: Fresh) -> None:
    """Twenty messages sent without waiting arrive once each, in the order of sending."""
    customer, staff = conversation.customer, conversation.staff
    for sender, receiver in ((customer, staff), (staff, customer)):
        mark = receiver.now
        messages = [text(fresh()) for _ in range(MANY)]
        say_all(sender, messages)
        receiver.receives(sender, *messages, since=mark)


@case("delivery-stored", "delivery-order")
def test_both_talk_at_once(conversation: Conversation, fresh: Fresh) -> None:
    """When both sides send at the same time, each still receives all of the other's in order."""
    customer, staff = conversation.customer, conversation.staff
    mark = customer.now
    asked = [text(fresh("q")) for _ in range(MANY)]
    answered = [text(fresh("a")) for _ in range(MANY)]
    turns = [
        (customer.say(question), staff.say(answer))
        for question, answer in zip(asked, answered, strict=True)
    ]
    for question, answer in turns:
        customer.accepted(question)
        staff.accepted(answer)
    staff.receives(customer, *asked)
    customer.receives(staff, *answered, since=mark)


@case("same-msg", when=(SAME_MSG, ECHOES))
def test_message_is_the_same_everywhere(conversation: Conversation, fresh: Fresh) -> None:
    """The Send and the Receive of one message show equal members."""
    message = text(fresh("same"))
    echoed = conversation.customer.tell(message)
    delivery = conversation.staff.receives_one(conversation.customer, message)
    for member in differing(echoed, delivery.msg):
        expected, actual = echoed.get(member), delivery.msg.get(member)
        raise broken(
            "same-msg", repr(expected), actual, pointer=f"/msg/{member}", frame=shown(delivery)
        )


@case("isolation", stands_on=Basis.DELIVERED)
def test_conversations_do_not_mix(case_run: CaseRun, fresh: Fresh) -> None:
    """Of two conversations at the same time nobody receives anything of the other."""
    pairs = [case_run.converse() for _ in range(2)]
    for _ in range(3):
        for pair in pairs:
            for sender in (pair.customer, pair.staff):
                sender.tell(text(fresh("private")))
    check_separate(pairs)


@case("ack-one-per-message", "delivery-stored", when=(ACKS,))
def test_long_talk_is_answered_and_delivered(conversation: Conversation, fresh: Fresh) -> None:
    """In fifty turns of question and answer nothing is missed."""
    customer, staff = conversation.customer, conversation.staff
    for _ in range(50):
        customer.tell(text(fresh("ping"), read=True))
        staff.tell(text(fresh("pong"), read=True))


@case("isolation", when=(REPLAYS, READS))
def test_a_login_brings_nothing_of_others(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Who logs in is sent nothing that another customer has not read."""
    newcomer = door.account(Role.CUSTOMER)
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()
    private = text(fresh("for you alone"))
    conversation.staff.tell(private)
    listener = door.enter(newcomer)
    listener.catch_up()
    check_nothing_of(listener, [private])
    conversation.customer_returns(unread=1)


@case("delivery-stored", "delivery-once", "delivery-order")
@SIDES
def test_a_burst_arrives(conversation: Conversation, fresh: Fresh, side: Role) -> None:
    """A hundred messages sent as fast as they go arrive once each, in order."""
    sender, receiver = _facing(conversation, side)
    mark, messages = receiver.now, [text(fresh()) for _ in range(BURST)]
    say_all(sender, messages)
    receiver.catch_up(reading=False)
    receiver.receives(sender, *messages, since=mark)


@case("delivery-stored", "delivery-order")
@SIDES
def test_large_and_small_keep_their_order(
    conversation: Conversation, fresh: Fresh, side: Role
) -> None:
    """A short message never overtakes a long one that was sent before it."""
    sender, receiver = _facing(conversation, side)
    require_room(sender, LARGE + SPARE)
    sizes = (LARGE, 0, 0, LARGE, 0, LARGE)
    mark, messages = receiver.now, [text(fresh("x" * size)) for size in sizes]
    say_all(sender, messages)
    receiver.receives(sender, *messages, since=mark)


@case("delivery-stored", "delivery-order")
def test_kinds_keep_their_order(conversation: Conversation) -> None:
    """Texts, images and topics arrive in the order in which they were sent, mixed as they are."""
    messages = [message for _ in range(3) for message in of_each_kind(conversation.bench)]
    say_all(conversation.customer, messages)
    conversation.staff.receives(conversation.customer, *messages)


@case("delivery-stored")
@pytest.mark.parametrize("kind", [MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE], ids=str)
def test_equal_messages_all_arrive(conversation: Conversation, kind: MessageType) -> None:
    """What is said three times arrives three times."""
    if reason := speaks(kind)(conversation.bench.profile):
        raise NotApplicable(reason)
    messages = [saying(conversation.bench, kind)] * 3
    say_all(conversation.customer, messages)
    conversation.staff.receives(conversation.customer, *messages)


@case("receive-not-own", when=(ACKS,))
@SIDES
def test_nobody_receives_its_own_words(
    conversation: Conversation, fresh: Fresh, side: Role
) -> None:
    """Who says something is answered by Send, and gets no Receive of it."""
    sender, _ = _facing(conversation, side)
    for _ in range(3):
        sender.tell(text(fresh("said")))
    sender.catch_up()
    for event in sender.received(sender):
        raise broken("receive-not-own", "a Send alone", "a Receive too", frame=shown(event))


@negative("delivery-stored", "delivery-refused-never", when=(ACKS, ERROR_FRAMES))
def test_neighbours_of_a_refused_message_arrive(conversation: Conversation, fresh: Fresh) -> None:
    """What is said just before and just after a refused message arrives; what was refused not."""
    customer = conversation.customer
    before, after = text(fresh("before")), text(fresh("after"))
    first = customer.say(before)
    wrong = customer.say_bytes(encode(InMsg(NO_SUCH_TYPE, fresh("wrong"))))
    last = customer.say(after)
    customer.accepted(first)
    customer.refused(wrong, "refuse-unknown-type")
    customer.accepted(last)
    conversation.staff.receives(customer, before, after)
    conversation.stays_unheard()


@case("delivery-stored", "delivery-order", "receipt-not-delivered", when=(RECEIPTS, ACKS))
def test_receipts_between_messages_disturb_nothing(
    conversation: Conversation, fresh: Fresh
) -> None:
    """Messages with pure receipts between them arrive as if there were none."""
    customer, staff = conversation.customer, conversation.staff
    messages = [text(fresh()) for _ in range(5)]
    say_all(customer, [each for message in messages for each in (message, receipt())])
    staff.receives(customer, *messages)
    for event in staff.received(customer):
        if not event.msg.get("content"):
            raise broken("receipt-not-delivered", "none", "a Receive", frame=shown(event))
