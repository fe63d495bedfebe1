"""Taking and closing cases (decisions D7, D13, D14, D17)."""

from collections.abc import Callable

import pytest

from harness.conformance.chatter import RECEIPT_MODES, Chatter
from harness.conformance.conditions import (
    ACKS,
    CASES,
    ECHOES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
    SAME_MSG,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.deliveries import differing
from harness.conformance.door import Door
from harness.conformance.sayings import saying
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import spell
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from schemas.messages import receipt, text
from schemas.words import MessageType

Fresh = Callable[..., str]

REFUSALS = (ACKS, ERROR_FRAMES)
NO_WORDS: dict[str, dict[str, object]] = {
    "absent": {},
    "empty": {"titletype": ""},
    "capitals": {"titletype": "CONFIRM"},
    "topic": {"titletype": "order"},
}


@case(
    "confirm-binds",
    lays=Basis.ATTENDED,
    stands_on=Basis.LOGGED_IN,
    when=(FRAME_BINDING,),
)
def test_confirm_is_accepted(conversation: Conversation) -> None:
    """An idle staff member's confirm of a customer who is logged in is accepted and binds it."""
    staff = conversation.staff
    if conversation.bench.profile.dialect.read_receipt in RECEIPT_MODES:
        staff.accepted(staff.say(receipt()), "confirm-binds")
    staff.catch_up()


@case("confirm-binds", when=(FRAME_BINDING,))
def test_after_the_confirm_staff_can_send(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """What staff sends after its confirm reaches that customer."""
    mark, words = conversation.customer.now, text(fresh("您好"))
    conversation.staff.accepted(conversation.staff.say(words), "confirm-binds")
    conversation.customer.receives(conversation.staff, words, since=mark)


@case("confirm-delivered", when=(FRAME_BINDING, CASES))
def test_customer_receives_the_confirm(conversation: Conversation) -> None:
    """The customer receives the staff member's confirm."""
    if conversation.customer.receives_content(conversation.confirming()) is None:
        raise broken("confirm-delivered", "a Receive with the confirm", "none")


@case("assignment-delivered", when=(FRAME_BINDING, CASES))
def test_customer_receives_the_assignment(conversation: Conversation) -> None:
    """The customer receives the message that closes the case."""
    conversation.end()
    if conversation.customer.receives_content(conversation.closing()) is None:
        raise broken("assignment-delivered", "a Receive with the assignment", "none")


@case("assignment-unbinds", "staff-unbound-refused", when=(FRAME_BINDING, CASES, *REFUSALS))
def test_after_the_assignment_staff_cannot_send(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """After closing the case the staff connection is idle, and what it says is refused."""
    conversation.end()
    sent = conversation.staff.say(text(fresh("too late")))
    conversation.staff.refused(sent, "assignment-unbinds")


@case("staff-unbound-refused", when=(FRAME_BINDING, *REFUSALS))
def test_unbound_staff_cannot_send(staff: Chatter, fresh: Callable[..., str]) -> None:
    """What a staff connection says before it has confirmed anybody is refused."""
    staff.refused(staff.say(text(fresh("hello?"))), "staff-unbound-refused")


@case("confirm-first-wins", when=(FRAME_BINDING, OFFERS, ACKS))
def test_second_confirm_of_a_customer_is_refused(conversation: Conversation, door: Door) -> None:
    """A customer who is attended to cannot be confirmed by another staff member."""
    rival = door.staff()
    rival.refused(rival.say(conversation.confirming()), "confirm-first-wins")


@case("confirm-bound-refused", when=(FRAME_BINDING, ACKS))
def test_bound_staff_cannot_confirm_another(conversation: Conversation, door: Door) -> None:
    """A staff connection that has a case cannot take a second one."""
    word = confirming(conversation.bench.profile, door.customer().sn)
    conversation.staff.refused(conversation.staff.say(word), "confirm-bound-refused")


@case("confirm-unknown-refused", when=(FRAME_BINDING, OFFERS, ACKS))
def test_unknown_customer_cannot_be_confirmed(
    staff: Chatter, profile: Profile, fresh: Callable[..., str]
) -> None:
    """A confirm of an sn that never logged in is refused."""
    word = confirming(profile, f"nobody-{fresh()}")
    staff.refused(staff.say(word), "confirm-unknown-refused")


@case("assignment-foreign-refused", when=(FRAME_BINDING, CASES, ACKS))
def test_case_of_another_cannot_be_closed(conversation: Conversation, door: Door) -> None:
    """Staff cannot close the case of a customer to whom it is not bound."""
    rival = door.staff()
    rival.refused(rival.say(conversation.closing()), "assignment-foreign-refused")


@case("case-reopens", when=(FRAME_BINDING, CASES))
def test_closed_case_can_be_taken_again(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """After closing, a new confirm opens the conversation anew."""
    conversation.end()
    staff = conversation.staff
    staff.accepted(staff.say(conversation.confirming()), "case-reopens")
    conversation.open = True
    staff.accepted(staff.say(text(fresh("back again"))), "case-reopens")


@case("confirm-binds", when=(FRAME_BINDING,))
def test_customer_can_be_taken_when_staff_has_gone(conversation: Conversation, door: Door) -> None:
    """When the staff connection that is bound has gone, another one can confirm the customer."""
    conversation.staff.leave()
    successor = door.staff()
    successor.accepted(successor.say(conversation.confirming()), "confirm-binds")
    conversation.staff = successor


@case("confirm-binds", when=(FRAME_BINDING,))
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_confirm_binds_with_either_read(
    door: Door, profile: Profile, fresh: Fresh, read: bool
) -> None:
    """A confirm binds whether it marks what was said before as read or not."""
    customer, staff = door.customer(), door.staff()
    staff.accepted(staff.say(confirming(profile, customer.sn, read=read)), "confirm-binds")
    words = text(fresh("at your service"))
    staff.accepted(staff.say(words), "confirm-binds")
    if customer.receives_content(words) is None:
        raise broken("confirm-binds", "what staff says reaches the customer", "nothing")
    customer.catch_up()


@case("ack-echo", when=(FRAME_BINDING, CASES, ECHOES))
def test_staff_words_are_echoed(conversation: Conversation) -> None:
    """The Send of a staff word repeats its type, its word and whom it names."""
    staff, customer = conversation.staff, conversation.customer
    for word in (conversation.closing(), conversation.confirming()):
        msg = staff.tell(word)
        for member in ("type", "titletype", "content"):
            sent = getattr(word, member)
            if msg.get(member) != sent:
                raise broken("ack-echo", repr(sent), msg.get(member), pointer=f"/msg/{member}")
    customer.catch_up()


@case("sender-identity", "send-type-word", when=(FRAME_BINDING, CASES))
def test_customer_sees_who_takes_the_case(conversation: Conversation) -> None:
    """The confirm that the customer receives names the staff member who sent it."""
    staff, profile = conversation.staff, conversation.bench.profile
    event = conversation.customer.receives_content(conversation.confirming())
    msg = event.msg if event is not None else {}
    wanted = {"SendSn": staff.sn, "SendName": staff.account.name}
    for member, value in wanted.items():
        if value and msg.get(member) != value:
            raise broken("sender-identity", value, msg.get(member), pointer=f"/msg/{member}")
    if msg.get("SendType") != profile.dialect.send_types[1]:
        raise broken("send-type-word", profile.dialect.send_types[1], msg.get("SendType"))


@case("same-msg", when=(FRAME_BINDING, CASES, SAME_MSG, ECHOES))
def test_staff_words_are_the_same_everywhere(conversation: Conversation) -> None:
    """The Send and the Receive of the closing word show equal members."""
    staff, word = conversation.staff, conversation.closing()
    conversation.open = False
    echoed = staff.accepted(staff.say(word), "assignment-unbinds")
    event = conversation.customer.receives_content(word)
    for member in differing(echoed, event.msg) if event is not None else ():
        raise broken("same-msg", repr(echoed.get(member)), event and event.msg.get(member))


@negative("refuse-titletype", when=(FRAME_BINDING, *REFUSALS))
@pytest.mark.parametrize("word", NO_WORDS)
def test_staff_word_must_be_one_of_the_two(
    door: Door, profile: Profile, fresh: Fresh, word: str
) -> None:
    """A staff message without one of the two words is refused, and binds nobody."""
    customer, staff = door.customer(), door.staff()
    named = confirming(profile, customer.sn).content
    members = {"type": "staff", "content": named, "read": False, **NO_WORDS[word]}
    staff.refused(staff.say_bytes(spell(**members)), "refuse-titletype")
    staff.refused(staff.say(text(fresh("bound?"))), "refuse-titletype")
    customer.catch_up()


@negative("staff-unbound-refused", when=(FRAME_BINDING, *REFUSALS))
@pytest.mark.parametrize("kind", [MessageType.IMAGE, MessageType.TITLE])
def test_unbound_staff_cannot_send_other_kinds(staff: Chatter, kind: MessageType) -> None:
    """Neither pictures nor topics are taken from staff that attends to nobody."""
    if kind not in staff.bench.profile.dialect.types:
        raise NotApplicable(f"dialect.types has no {kind}")
    staff.refused(staff.say(saying(staff.bench, kind)), "staff-unbound-refused")


@negative("assignment-foreign-refused", when=(FRAME_BINDING, CASES, ACKS))
def test_case_that_nobody_has_taken_cannot_be_closed(
    staff: Chatter, door: Door, profile: Profile
) -> None:
    """Staff cannot close the case of a customer to whom nobody attends."""
    customer = door.customer()
    staff.refused(staff.say(closing(profile, customer.sn)), "assignment-foreign-refused")
    customer.catch_up()


@negative("assignment-unbinds", "assignment-foreign-refused", when=(FRAME_BINDING, CASES, ACKS))
def test_case_can_be_closed_once(conversation: Conversation) -> None:
    """A case that was closed cannot be closed again."""
    conversation.end()
    again = conversation.staff.say(conversation.closing())
    conversation.staff.refused(again, "assignment-unbinds")


@case("case-reopens", when=(FRAME_BINDING, CASES))
def test_closed_case_can_be_taken_by_another(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """After closing, another staff member can take the customer's case."""
    conversation.end()
    conversation.staff = successor = door.staff()
    successor.accepted(successor.say(conversation.confirming()), "case-reopens")
    conversation.open = True
    mark, words = conversation.customer.now, text(fresh("I go on from here"))
    successor.accepted(successor.say(words), "case-reopens")
    conversation.customer.receives(successor, words, since=mark)


@case("assignment-unbinds", when=(FRAME_BINDING, CASES))
def test_staff_can_take_another_after_closing(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """A staff connection that has closed a case can take the next customer's."""
    conversation.end()
    staff, profile, other = conversation.staff, conversation.bench.profile, door.customer()
    said_here = list(staff.said)
    staff.accepted(staff.say(confirming(profile, other.sn)), "assignment-unbinds")
    words = text(fresh("next, please"))
    staff.accepted(staff.say(words), "assignment-unbinds")
    other.receives_content(words)
    staff.accepted(staff.say(closing(profile, other.sn)))
    other.catch_up()
    staff.said = said_here
