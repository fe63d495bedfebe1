"""Bad input of staff, and what others are told of bad input: nothing (decisions D10, D17)."""

from collections.abc import Callable

from harness.conformance.bad_input import UNREADABLE
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    ACKS,
    CASES,
    DEVICES,
    ERROR_FRAMES,
    FRAME_BINDING,
    RECEIPTS,
    speaks,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.deliveries import fits
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.spec import Basis, negative
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import text
from schemas.words import MessageType

Fresh = Callable[..., str]

REFUSAL = ("refusal-one-send", "refusal-keeps-connection", "delivery-refused-never")
USUAL = (ERROR_FRAMES, ACKS)
TITLES = speaks(MessageType.TITLE)


@negative("refusal-one-send", "refusal-keeps-connection", when=(*USUAL, FRAME_BINDING, CASES))
def test_idle_staff_is_refused_alike(staff: Chatter, door: Door, profile: Profile) -> None:
    """Bad input of an idle staff connection is refused once; it can still take a case."""
    customer = door.customer()
    staff.answer(staff.say_bytes(b"{"), "refusal-one-send")
    taken = staff.say(confirming(profile, customer.sn))
    staff.accepted(taken, "refusal-keeps-connection", missing="refusal-keeps-connection")
    staff.accepted(staff.say(closing(profile, customer.sn)))
    customer.catch_up()


@negative(*REFUSAL, *UNREADABLE, when=(*USUAL, TITLES, RECEIPTS), stands_on=Basis.REFUSED)
def test_bad_input_of_staff_is_refused(conversation: Conversation, fresh: Fresh) -> None:
    """Every kind of bad input is refused from staff too, and the customer is told nothing of it."""
    staff, customer, mark = conversation.staff, conversation.customer, conversation.customer.now
    for slug, bodies in UNREADABLE.items():
        for body in bodies:
            staff.refused(staff.say_bytes(body.replace("@", fresh()).encode()), slug)
    words = text(fresh("behind them all"))
    staff.accepted(staff.say(words), missing="refusal-keeps-connection")
    customer.receives_content(words)
    for event in customer.received(staff, mark):
        if not fits(customer.rules, words, event.msg):
            raise broken("delivery-refused-never", "the next words alone", shown(event))


@negative(when=(*USUAL, DEVICES), stands_on=Basis.REFUSED)
def test_other_devices_hear_nothing_of_a_refusal(conversation: Conversation, door: Door) -> None:
    """Neither the other side nor the account's other device is told of bad input."""
    customer = conversation.customer
    second = door.enter(customer.account, alone=False)
    for listener in (second, conversation.staff):
        listener.hear_out()
    marks = [(listener, listener.now) for listener in (second, conversation.staff)]
    customer.answer(customer.say_bytes(b"{"), "refusal-one-send")
    for listener, mark in marks:
        listener.hear_out()
        if listener.channel.ended is not None or listener.now != mark:
            told = f"{listener.now - mark} messages, or the end"
            raise broken("bystanders-unharmed", "nothing", told)


@negative("delivery-stored", when=USUAL, stands_on=Basis.REFUSED)
def test_other_conversations_go_on(case_run: CaseRun, fresh: Fresh) -> None:
    """While one client sends bad input, another conversation loses nothing."""
    bad, good = case_run.converse(), case_run.converse()
    mark = good.customer.now
    said = [text(fresh("calm")) for _ in range(3)]
    for words, bodies in zip(said, UNREADABLE.values(), strict=False):
        sent = bad.customer.say_bytes(bodies[0].encode())
        good.staff.tell(words)
        bad.customer.answer(sent, "refusal-one-send")
    good.customer.receives(good.staff, *said, since=mark)
