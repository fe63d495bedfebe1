"""Taking and closing cases (decisions D7, D13, D14, D17)."""

from collections.abc import Callable

from harness.conformance.chatter import RECEIPT_MODES, Chatter
from harness.conformance.conditions import (
    ACKS,
    CASES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
)
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import receipt, text

REFUSALS = (ACKS, ERROR_FRAMES)


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
