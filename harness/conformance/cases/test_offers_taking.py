"""Who may take a customer to whom nobody attends, and who of several does (decision D13)."""

from collections.abc import Callable

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    ACKS,
    CASES,
    COUNTS,
    DEVICES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
    READS,
    texts_told_apart,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.crowd import attend
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.pool import say_unattended, taker, takers_now
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import text

Fresh = Callable[..., str]

ROUNDS = 50
POOL = (OFFERS, FRAME_BINDING)


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_other_offers_of_the_winner_pass_on(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Whoever confirms one of two customers it was offered leaves the other to somebody idle."""
    staff, customers = door.staff(), [case_run.alone(), case_run.alone()]
    for customer in customers:
        message = say_unattended(customer, fresh("me first"))
        taker([staff], customer, message, "offer-passes-on")
    idle = door.staff()
    attend(staff, customers[0])
    taker([idle], customers[1], message, "offer-passes-on")


@case("offer-idle-staff", stands_on=Basis.DELIVERED, when=(*POOL, texts_told_apart))
def test_a_confirm_ends_the_offer_elsewhere(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Who was offered a customer hears nothing more of it once somebody else has confirmed."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    first = taker(staff, customer, say_unattended(customer, fresh("hello")), "offer-idle-staff")
    winner = next(member for member in staff if member is not first)
    attend(winner, customer)
    message = text(fresh("for the winner"))
    customer.tell(message)
    winner.receives_content(message)
    if takers_now([first], customer, message):
        raise broken("offer-idle-staff", "one staff connection", "the former offer's too")


@case("confirm-binds", stands_on=Basis.DELIVERED, when=POOL)
def test_absent_customer_can_be_confirmed(case_run: CaseRun, door: Door) -> None:
    """A customer who has logged in once and is away can be confirmed."""
    staff, customer = door.staff(), case_run.alone()
    customer.leave()
    attend(staff, customer)


@case("confirm-first-wins", when=(*POOL, ACKS, DEVICES))
def test_own_account_cannot_confirm_again(conversation: Conversation, door: Door) -> None:
    """A customer cannot be confirmed by another connection of the account that has it."""
    again = door.enter(conversation.staff.account, alone=False)
    again.refused(again.say(conversation.confirming()), "confirm-first-wins")


def _race(rivals: list[Chatter], customer: Chatter) -> tuple[Chatter, Chatter]:
    """Both confirm the customer at one instant, in this order; the winner and the loser."""
    word = confirming(customer.bench.profile, customer.sn)
    sent = [rival.say(word) for rival in rivals]
    answers = [rival.answer(each) for rival, each in zip(rivals, sent, strict=True)]
    match [answer.accepted for answer in answers]:
        case [True, False]:
            return rivals[0], rivals[1]
        case [False, True]:
            return rivals[1], rivals[0]
        case outcome:
            raise broken("confirm-first-wins", "one of two accepted", f"{sum(outcome)} accepted")


@case(
    "confirm-first-wins",
    "delivery-refused-never",
    stands_on=Basis.DELIVERED,
    when=(*POOL, ACKS, ERROR_FRAMES, CASES),
)
def test_of_two_confirms_at_one_instant_one_wins(
    case_run: CaseRun, door: Door, profile: Profile
) -> None:
    """In fifty races of two staff members exactly one wins; the other, and nobody else, is told."""
    rivals, customer = [door.staff(), door.staff()], case_run.alone()
    mark, winners = customer.now, list[str]()
    for _ in range(ROUNDS):
        winner, _loser = _race(rivals, customer)
        winners.append(winner.sn)
        winner.tell(closing(profile, customer.sn))
        rivals.reverse()
    customer.catch_up()
    told = [
        event.msg.get("SendSn")
        for event in customer.participant.deliveries(mark)
        if event.msg.get("titletype") == profile.dialect.staff.assign
    ]
    if told != winners:
        raise broken("delivery-refused-never", f"{ROUNDS} confirms", f"{len(told)}, or others'")


@case("confirm-binds", stands_on=Basis.DELIVERED, when=(*POOL, ACKS, ERROR_FRAMES))
def test_who_lost_a_race_can_take_another(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """The loser is idle still: it can confirm another customer, and speak to it."""
    rivals, customer, other = [door.staff(), door.staff()], case_run.alone(), case_run.alone()
    _, loser = _race(rivals, customer)
    attend(loser, other)
    words = text(fresh("at your service"))
    loser.accepted(loser.say(words), "confirm-binds")
    if other.receives_content(words) is None:
        raise broken("confirm-binds", "a Receive at the customer's", "none")


@case("read-marks", "read-false-keeps", stands_on=Basis.DELIVERED, when=(*POOL, COUNTS, READS))
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_a_confirm_reads_what_was_offered(
    case_run: CaseRun, door: Door, fresh: Fresh, read: bool
) -> None:
    """A confirm with ``read`` true marks what its connection was offered; with false nothing."""
    staff, customer = door.staff(), case_run.alone()
    taker([staff], customer, say_unattended(customer, fresh("one")), "offer-idle-staff")
    attend(staff, customer, read=read)
    message = text(fresh("two"))
    customer.tell(message)
    event = staff.receives_one(customer, message, since=staff.now)
    expected, told = (1 if read else 2), event.frame.get("NoReadQty")
    if told != expected:
        slug = "read-marks" if read else "read-false-keeps"
        raise broken(slug, str(expected), told, pointer="/NoReadQty", frame=shown(event))
