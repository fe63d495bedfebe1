"""What is said arrives: once, in order, at the right place (decisions D15, D19, D22)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter, shown
from harness.conformance.conditions import ACKS, DEVICES, ECHOES, READS, REPLAYS, SAME_MSG
from harness.conformance.conversation import Conversation
from harness.conformance.deliveries import differing, fits
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from schemas.messages import InMsg, text

MANY = 20


@case("delivery-stored", lays=Basis.DELIVERED, stands_on=Basis.ANSWERED)
def test_both_sides_receive(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """What the customer says reaches the staff member, and the other way round."""
    customer, staff = conversation.customer, conversation.staff
    mark = customer.now
    asked, answered = text(fresh("anybody there?")), text(fresh("yes"))
    customer.tell(asked)
    staff.receives(customer, asked)
    staff.tell(answered)
    customer.receives(staff, answered, since=mark)


@case("delivery-stored", "delivery-once", "delivery-order")
def test_many_arrive_once_and_in_order(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Twenty messages sent without waiting arrive once each, in the order of sending."""
    customer, staff = conversation.customer, conversation.staff
    for sender, receiver in ((customer, staff), (staff, customer)):
        mark = receiver.now
        messages = [text(fresh()) for _ in range(MANY)]
        _say_all(sender, messages)
        receiver.receives(sender, *messages, since=mark)


def _say_all(sender: Chatter, messages: list[InMsg]) -> None:
    for sent in [sender.say(message) for message in messages]:
        sender.accepted(sent)


@case("delivery-stored", "delivery-order")
def test_both_talk_at_once(conversation: Conversation, fresh: Callable[..., str]) -> None:
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
def test_message_is_the_same_everywhere(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
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
def test_conversations_do_not_mix(case_run: CaseRun, fresh: Callable[..., str]) -> None:
    """Of two conversations at the same time nobody receives anything of the other."""
    pairs = [case_run.converse() for _ in range(2)]
    said: dict[int, list[InMsg]] = {id(pair): [] for pair in pairs}
    for _ in range(3):
        for pair in pairs:
            for sender in (pair.customer, pair.staff):
                message = text(fresh("private"))
                sender.tell(message)
                said[id(pair)].append(message)
    for pair, other in (pairs, pairs[::-1]):
        for listener in (pair.customer, pair.staff):
            listener.catch_up()
            _check_nothing_of(listener, said[id(other)])


def _check_nothing_of(listener: Chatter, private: list[InMsg]) -> None:
    tokens = [message.content.partition(" ")[0] for message in private]
    for event in listener.participant.deliveries():
        if any(token in str(event.msg.get("content")) for token in tokens):
            raise broken(
                "isolation", "nothing of another's conversation", "a Receive", frame=shown(event)
            )


@case("device-echo", when=(DEVICES,))
def test_other_device_receives_what_is_said(
    conversation: Conversation, door: Door, fresh: Callable[..., str]
) -> None:
    """Another connection of the customer receives what the first one sends."""
    customer = conversation.customer
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    mark, message = other.now, text(fresh("from my phone"))
    customer.tell(message)
    event = other.participant.delivery(
        lambda msg: fits(other.rules, message, msg), other.patience(), mark
    )
    if event is None:
        raise broken("device-echo", "a Receive on the account's other connection", "none")


@case("delivery-stored", "delivery-once", when=(DEVICES,))
def test_every_device_receives_the_answer(
    conversation: Conversation, door: Door, fresh: Callable[..., str]
) -> None:
    """What staff says reaches each connection of the customer, once."""
    conversation.customer.catch_up()
    other = door.enter(conversation.customer.account, alone=False)
    other.catch_up()
    mark, message = other.now, text(fresh("to all of you"))
    conversation.staff.tell(message)
    other.receives(conversation.staff, message, since=mark)
    other.catch_up()


@case("ack-one-per-message", "delivery-stored", when=(ACKS,))
def test_long_talk_is_answered_and_delivered(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """In fifty turns of question and answer nothing is missed."""
    customer, staff = conversation.customer, conversation.staff
    for _ in range(50):
        customer.tell(text(fresh("ping"), read=True))
        staff.tell(text(fresh("pong"), read=True))


@case("isolation", when=(REPLAYS, READS))
def test_a_login_brings_nothing_of_others(
    conversation: Conversation, door: Door, fresh: Callable[..., str]
) -> None:
    """Who logs in is sent nothing that another customer has not read."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()
    private = text(fresh("for you alone"))
    conversation.staff.tell(private)
    _check_nothing_of(door.customer(), [private])
    conversation.customer_returns(unread=1)
