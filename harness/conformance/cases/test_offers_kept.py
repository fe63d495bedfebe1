"""What is offered is what was said, on whichever way it comes to whom (decisions D13, D22)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import (
    ACKS,
    ECHOES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
    READS,
    REPLAYS,
    SAME_MSG,
)
from harness.conformance.crowd import attend, say_all
from harness.conformance.door import Door
from harness.conformance.likeness import check_same, everything, forms, told
from harness.conformance.pool import say_unattended, taker
from harness.conformance.spec import Basis, case, negative
from harness.conformance.stops import broken

Fresh = Callable[..., str]

SAME = (SAME_MSG, ECHOES)


@case("content-text", "content-image", stands_on=Basis.DELIVERED, when=(OFFERS, FRAME_BINDING))
def test_offered_words_arrive_unchanged(case_run: CaseRun, door: Door) -> None:
    """Idle staff is offered a customer's words as they were said."""
    staff, customer = door.staff(), case_run.alone()
    said = everything(case_run.bench)
    say_all(customer, said[:1])
    taker([staff], customer, said[0], "offer-idle-staff")
    say_all(customer, said[1:])
    staff.receives(customer, *said)


@case(
    "content-text",
    "content-image",
    "replay-unread",
    stands_on=Basis.DELIVERED,
    when=(REPLAYS, READS, OFFERS, FRAME_BINDING),
)
def test_words_offered_to_another_arrive_unchanged(case_run: CaseRun, door: Door) -> None:
    """Staff that takes a case which was offered to a colleague is sent the words as they were."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    said = everything(case_run.bench)
    say_all(customer, said)
    offered = taker(staff, customer, said[0], "offer-idle-staff")
    other = next(each for each in staff if each is not offered)
    other.missed = said
    attend(other, customer, read=False)
    other.receives(customer, *said)


@case("same-msg", stands_on=Basis.DELIVERED, when=(*SAME, OFFERS, FRAME_BINDING))
def test_offer_shows_the_same(case_run: CaseRun, door: Door) -> None:
    """Idle staff is offered just what the Send showed: what waited for it, and what follows."""
    customer, waiting, following = case_run.alone(), *(forms(case_run.bench) for _ in range(2))
    echoed = told(customer, waiting)
    staff = door.staff()
    taker([staff], customer, waiting[0], "offer-waits")
    echoed += told(customer, following)
    check_same(echoed, staff, customer, [*waiting, *following])


@case(
    "same-msg",
    stands_on=Basis.DELIVERED,
    when=(*SAME, OFFERS, REPLAYS, READS, FRAME_BINDING),
)
def test_replay_to_staff_shows_the_same(case_run: CaseRun, door: Door) -> None:
    """Staff that was not offered a case is replayed just what the Send showed, of every kind."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    said = forms(case_run.bench)
    echoed = told(customer, said)
    offered = taker(staff, customer, said[0], "offer-idle-staff")
    other = next(each for each in staff if each is not offered)
    other.missed = said
    attend(other, customer, read=False)
    check_same(echoed, other, customer, said)


@negative(
    "offer-follow-up", stands_on=Basis.DELIVERED, when=(FRAME_BINDING, ERROR_FRAMES, ACKS, OFFERS)
)
def test_refused_confirm_leaves_the_offers(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Staff that was refused one customer goes on being offered what another one says."""
    taken, staff, customer = case_run.converse(), door.staff(), case_run.alone()
    first = say_unattended(customer, fresh("anybody?"))
    taker([staff], customer, first, "offer-idle-staff")
    staff.refused(staff.say(taken.confirming()), "confirm-first-wins")
    second = say_unattended(customer, fresh("hello?"))
    if staff.receives_content(second) is None:
        raise broken("offer-follow-up", "a Receive where the first was offered", "none")
