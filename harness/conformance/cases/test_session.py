"""How a connection is used: many messages at once, early, late, in pieces, on several connections
(decisions D6, D15, D19, D21)."""

from collections.abc import Callable

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.wire import Shape
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ACKS, DEVICES, ERROR_FRAMES, LOGIN_FRAMES, RECEIPTS
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import check_separate
from harness.conformance.door import Door
from harness.conformance.sayings import of_each_kind
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import fragments, say_spelled, say_together
from harness.conformance.stops import broken
from schemas.messages import InMsg, encode, receipt, text

Fresh = Callable[..., str]

AT_ONCE = 8
TURNS = 4
QUIET_S = 45.0


@case("ack-one-per-message", "ack-order", when=(ACKS,))
def test_messages_in_one_write_are_answered_one_by_one(
    conversation: Conversation, fresh: Fresh
) -> None:
    """Several messages that arrive together get an answer each, in their order."""
    customer = conversation.customer
    messages = [text(fresh("together")) for _ in range(AT_ONCE)]
    for sent in say_together(customer, *messages):
        customer.accepted(sent)


@case("ack-one-per-message", "ack-order", "in-type-word", when=(ACKS,))
def test_kinds_in_one_write_are_answered_one_by_one(conversation: Conversation) -> None:
    """Texts, images and topics that arrive together get an answer each, in their order."""
    customer, bench = conversation.customer, conversation.bench
    for sent in say_together(customer, *of_each_kind(bench), *of_each_kind(bench)):
        customer.accepted(sent)


@case("ack-order", "receipt-acknowledged", when=(ACKS, RECEIPTS))
def test_receipts_between_messages_are_answered_in_order(
    conversation: Conversation, fresh: Fresh
) -> None:
    """A receipt between two messages gets its answer between theirs."""
    customer = conversation.customer
    parts = (text(fresh("one")), receipt(), text(fresh("two")), receipt())
    for sent in say_together(customer, *parts):
        customer.accepted(sent, "receipt-acknowledged")


@case("delivery-order", "delivery-once")
def test_both_sides_write_at_once(conversation: Conversation, fresh: Fresh) -> None:
    """What both sides send in one write each arrives in order on the other side."""
    sides = (conversation.customer, conversation.staff)
    turns = [
        (side, say_together(side, *(text(fresh("both")) for _ in range(AT_ONCE)))) for side in sides
    ]
    for side, all_sent in turns:
        for sent in all_sent:
            side.accepted(sent)


@case("ack-one-per-message", "rfc-fragments-joined")
@pytest.mark.parametrize("whole", [False, True], ids=["frames", "bytes"])
def test_message_in_pieces_is_one_message(
    conversation: Conversation, fresh: Fresh, whole: bool
) -> None:
    """However a message is cut, into frames by its sender or into bytes on its way, it is one."""
    customer, message = conversation.customer, text(fresh("piece by piece"))
    if whole:
        customer.accepted(say_spelled(customer, message, encode(message), Shape.BYTEWISE))
        return
    half = len(encode(message)) // 2
    frames = fragments(encode(message), [half])
    sent = customer.participant.say_frames([*frames], Shape.PIECEWISE)
    customer.accepted(sent, "rfc-fragments-joined")
    customer.said.append(message)


@case("login-first", "ack-one-per-message", when=(LOGIN_FRAMES, RECEIPTS, ACKS))
def test_message_before_the_login_is_read_is_answered_behind_it(door: Door) -> None:
    """Who does not wait for its Login gets that first all the same, and then its answer."""
    account = door.customer().account
    eager = door.knock(account, alone=False)
    sent = eager.say(receipt())
    door.log_in(eager)
    eager.accepted(sent)


@case("ack-one-per-message", "device-echo", when=(ACKS, DEVICES))
def test_connections_of_one_account_are_answered_apart(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Of several connections of one account each gets the answers to its own messages alone."""
    first = conversation.customer
    devices = [first, *(door.enter(first.account, alone=False) for _ in range(2))]
    said = [(device, text(fresh("mine"))) for device in devices for _ in range(2)]
    for device, message in said:
        device.tell(message)
    for device in devices:
        theirs = [message for sender, message in said if sender is not device]
        _check_shown(device, theirs)
    conversation.customer.said = [message for _, message in said]


def _check_shown(device: Chatter, messages: list[InMsg]) -> None:
    for message in messages:
        if device.receives_content(message) is None:
            raise broken("device-echo", f"a Receive of {message.content!r}", "none")
    device.hear_out()


@case("login-concurrent", "delivery-stored", when=(DEVICES,))
def test_leaving_ends_one_connection_alone(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """When one connection of an account leaves, the other goes on sending and receiving."""
    customer, staff = conversation.customer, conversation.staff
    door.enter(customer.account, alone=False).leave()
    customer.catch_up()
    mark, words = customer.now, text(fresh("still there?"))
    staff.tell(words)
    customer.receives(staff, words, since=mark)
    customer.tell(text(fresh("yes")))


@case("isolation")
def test_conversations_at_once_stay_apart(case_run: CaseRun, fresh: Fresh) -> None:
    """Two conversations that talk at the same time see nothing of each other."""
    both = (case_run.converse(), case_run.converse())
    for _ in range(TURNS):
        talkers = [side for each in both for side in (each.customer, each.staff)]
        for talker, sent in [(side, side.say(text(fresh("private")))) for side in talkers]:
            talker.accepted(sent)
    check_separate(both)


@case("delivery-stored", "ack-one-per-message")
def test_conversation_goes_on_over_many_logins(conversation: Conversation, fresh: Fresh) -> None:
    """A customer who comes back again and again goes on with the same conversation."""
    for _ in range(TURNS):
        conversation.customer.tell(text(fresh("me again")))
        conversation.customer_returns(unread=0)
    conversation.staff.receives(conversation.customer, *conversation.customer.said)


@case("ack-one-per-message", when=(ACKS,))
def test_pings_between_messages_change_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A message behind pings and pongs is answered like any other."""
    customer = conversation.customer
    for payload in (b"", b"1", b"x" * 125):
        customer.channel.ping(payload, customer.patience())
        customer.tell(text(fresh("after a ping")))


@negative("ack-order", "refusal-one-send", when=(ACKS, ERROR_FRAMES), stands_on=Basis.REFUSED)
def test_good_and_bad_in_one_write_keep_their_order(
    conversation: Conversation, fresh: Fresh
) -> None:
    """Good and bad messages that alternate in one write are accepted and refused in that order."""
    customer = conversation.customer
    good = [text(fresh("good")) for _ in range(TURNS)]
    sent = say_together(customer, *(part for each in good for part in (each, b"{")))
    for taken, bad in zip(sent[::2], sent[1::2], strict=True):
        customer.accepted(taken)
        customer.refused(bad, "refusal-one-send")


@case("ack-one-per-message", "delivery-stored", slow=True)
def test_long_silence_changes_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """After three quarters of a minute without a word both sides still talk and receive."""
    ends = Deadline.after(QUIET_S)
    sides = (conversation.customer, conversation.staff)
    while ends.left_s > 0:
        for side in sides:
            side.participant.hear(ends.sooner(1.0))
    for sender, receiver in (sides, sides[::-1]):
        mark, words = receiver.now, text(fresh("still there"))
        sender.tell(words)
        receiver.receives(sender, words, since=mark)
