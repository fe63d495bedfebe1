"""What is said reaches all connections of an account, and each that follows (D15, D19)."""

from collections.abc import Callable

from harness.conformance.conditions import CASES, DEVICES, FRAME_BINDING, READS, REPLAYS
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import say_all
from harness.conformance.deliveries import fits
from harness.conformance.door import Door
from harness.conformance.spec import case
from harness.conformance.stops import broken
from schemas.messages import text

Fresh = Callable[..., str]


@case("device-echo", when=(DEVICES,))
def test_other_device_receives_what_is_said(
    conversation: Conversation, door: Door, fresh: Fresh
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
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """What staff says reaches each connection of the customer, once."""
    conversation.customer.catch_up()
    other = door.enter(conversation.customer.account, alone=False)
    other.catch_up()
    mark, message = other.now, text(fresh("to all of you"))
    conversation.staff.tell(message)
    other.receives(conversation.staff, message, since=mark)
    other.catch_up()


@case("delivery-stored", "delivery-once", "delivery-order", when=(DEVICES,))
def test_three_devices_receive_everything(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Each of a customer's three connections receives all that staff says, once and in order."""
    customer, staff = conversation.customer, conversation.staff
    customer.catch_up()
    devices = [customer, *(door.enter(customer.account, alone=False) for _ in range(2))]
    for device in devices:
        device.catch_up()
    marks, messages = [device.now for device in devices], [text(fresh()) for _ in range(5)]
    say_all(staff, messages)
    for device, mark in zip(devices, marks, strict=True):
        device.receives(staff, *messages, since=mark)


@case("delivery-stored", "delivery-once", "device-echo", when=(DEVICES,))
def test_two_devices_speak_in_turns(conversation: Conversation, door: Door, fresh: Fresh) -> None:
    """What either of two devices says reaches staff once, and the other device."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    for number in range(6):
        speaker, listener = (customer, other) if number % 2 else (other, customer)
        message, mark = text(fresh(f"turn {number}")), staff.now
        speaker.tell(message)
        if speaker is other:
            customer.said.append(message)
        staff.receives_one(customer, message, since=mark)
        if listener.receives_content(message) is None:
            raise broken("device-echo", "a Receive on the account's other connection", "none")


@case("delivery-stored", when=(DEVICES,))
def test_a_device_that_leaves_takes_nothing_with_it(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """When one of two devices has left, the other still receives what staff says."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    other.leave()
    mark, messages = customer.now, [text(fresh("still there?")) for _ in range(2)]
    say_all(staff, messages)
    customer.receives(staff, *messages, since=mark)


@case("delivery-stored", when=(DEVICES, CASES, FRAME_BINDING))
def test_devices_outlive_the_closing_of_the_case(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Each connection of a customer is told of the closing, and of what is said once it is taken
    again."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    marks = [(device, device.now) for device in (customer, other)]
    messages = [conversation.closing(), conversation.confirming(), text(fresh("me again"))]
    for message in messages:
        staff.tell(message)
    for device, mark in marks:
        device.receives(staff, *messages, since=mark)


@case("delivery-stored", "delivery-once", "delivery-order", when=(REPLAYS, READS))
def test_customer_reconnects_in_the_middle(conversation: Conversation, fresh: Fresh) -> None:
    """What staff says before, while and after the customer is away arrives, all in order."""
    staff, before, mark = conversation.staff, text(fresh("before")), conversation.customer.now
    staff.tell(before)
    conversation.customer.receives(staff, before, since=mark)
    conversation.customer.tell(text(fresh("back in a minute"), read=True))
    conversation.customer.leave()
    missed = [text(fresh("meanwhile")) for _ in range(3)]
    say_all(staff, missed)
    customer = conversation.customer_returns(unread=3)
    new = [text(fresh("again")) for _ in range(3)]
    say_all(staff, new)
    customer.receives(staff, *missed, *new)


@case("delivery-stored", "delivery-once", "delivery-order", when=(REPLAYS, READS, FRAME_BINDING))
def test_staff_reconnects_in_the_middle(conversation: Conversation, fresh: Fresh) -> None:
    """What the customer says before, while and after staff is away arrives, all in order."""
    customer, before = conversation.customer, text(fresh("before"))
    customer.tell(before)
    conversation.staff.receives(customer, before)
    conversation.staff.tell(text(fresh("one moment"), read=True))
    conversation.staff.leave()
    missed = [text(fresh("meanwhile")) for _ in range(3)]
    say_all(customer, missed)
    staff = conversation.staff_returns(unread=3)
    new = [text(fresh("again")) for _ in range(3)]
    say_all(customer, new)
    staff.receives(customer, *missed, *new)
