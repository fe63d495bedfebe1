"""Who gets a message of a customer to whom nobody attends (decision D13)."""

from collections import Counter
from collections.abc import Callable

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import CASES, FRAME_BINDING, OFFERS, READS, speaks
from harness.conformance.conversation import Conversation, closing
from harness.conformance.crowd import attend
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.pool import not_offered, say_unattended, taker, takers, takers_now
from harness.conformance.sayings import saying
from harness.conformance.spec import Basis, case
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from schemas.messages import text
from schemas.words import MessageType, Role

Fresh = Callable[..., str]


POOL = (OFFERS, FRAME_BINDING)


@case("offer-idle-staff", stands_on=Basis.DELIVERED, when=POOL)
def test_message_is_offered_to_one(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message that nobody attends to reaches one idle staff connection, not two."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    message = say_unattended(customer, fresh("anybody?"))
    found = takers(staff, customer, message)
    if not found:
        raise not_offered(customer, "offer-idle-staff")
    if len(found) > 1:
        raise broken("offer-idle-staff", "one staff connection", f"{len(found)}")


@case("offer-follow-up", stands_on=Basis.DELIVERED, when=POOL)
def test_later_messages_follow(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Later messages of an offered conversation reach the same connection."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    first = takers(staff, customer, say_unattended(customer, fresh("one")))
    if not first:
        raise not_offered(customer, "offer-follow-up")
    later = takers(staff, customer, say_unattended(customer, fresh("two")))
    if later != first:
        raise broken("offer-follow-up", "the connection that has the offer", "another, or none")


@case("offer-waits", stands_on=Basis.DELIVERED, when=POOL)
def test_message_waits_for_staff(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message sent with no staff about is offered to the next who logs in."""
    newcomer, customer = door.account(Role.STAFF), case_run.alone()
    message = say_unattended(customer, fresh("I can wait"))
    if not takers([door.enter(newcomer)], customer, message):
        raise not_offered(customer, "offer-waits")


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_offer_passes_on(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """When the staff connection that has an offer leaves, another idle one gets it."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    message = say_unattended(customer, fresh("do not go"))
    found = takers(staff, customer, message)
    if not found:
        raise not_offered(customer, "offer-passes-on")
    rest = [member for member in staff if member not in found]
    for member in found:
        member.leave()
    if rest and not takers(rest, customer, message):
        raise not_offered(customer, "offer-passes-on")


@case("offer-round-robin", stands_on=Basis.DELIVERED, when=POOL)
def test_offers_go_round(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Two conversations are offered to the two idle staff connections, one each."""
    if not door.bench.owns_the_pool:
        raise NotApplicable("the staff of others may be idle too, and have its turn")
    staff, customers = [door.staff(), door.staff()], [case_run.alone(), case_run.alone()]
    found: list[Chatter] = []
    for customer in customers:
        found += takers(staff, customer, say_unattended(customer, fresh("me too")))
    if set(map(id, found)) != set(map(id, staff)):
        raise broken("offer-round-robin", "one offer for each", f"{len(found)} for one")


@case("offer-waits", "delivery-stored", stands_on=Basis.DELIVERED, when=POOL)
def test_message_outlives_its_sender(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message sent with no staff about is offered even when its sender has left meanwhile."""
    customer = case_run.alone()
    message = say_unattended(customer, fresh("bye"))
    customer.leave()
    if not takers([door.staff()], customer, message):
        raise not_offered(customer, "offer-waits")


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_what_staff_left_unread_is_offered_again(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """When bound staff leaves, what it has not read is offered to an idle one."""
    customer, idle = conversation.customer, door.staff()
    message = text(fresh("are you there?"))
    customer.tell(message)
    conversation.staff.receives(customer, message)
    conversation.staff.leave()
    if not takers([idle], customer, message):
        raise not_offered(customer, "offer-passes-on")
    idle.leave()
    conversation.staff_returns(unread=1)


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_offer_comes_again_to_who_comes_again(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A staff member that leaves with an offer and logs in again is offered it again."""
    staff, customer = door.staff(), case_run.alone()
    message = say_unattended(customer, fresh("do not forget me"))
    taker([staff], customer, message, "offer-passes-on")
    staff.leave()
    taker([door.enter(staff.account)], customer, message, "offer-passes-on")


@case("offer-waits", stands_on=Basis.DELIVERED, when=POOL)
def test_all_that_wait_are_offered(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Of three conversations that wait, the next idle staff member is offered every one."""
    customers = [case_run.alone() for _ in range(3)]
    waiting = [say_unattended(customer, fresh("in the queue")) for customer in customers]
    staff = [door.staff()]
    for customer, message in zip(customers, waiting, strict=True):
        taker(staff, customer, message, "offer-waits")


@case("offer-idle-staff", stands_on=Basis.DELIVERED, when=POOL)
@pytest.mark.parametrize("kind", [MessageType.IMAGE, MessageType.TITLE], ids=str)
def test_other_kinds_are_offered(case_run: CaseRun, door: Door, kind: MessageType) -> None:
    """A conversation that begins with an image or a topic is offered like any other."""
    if reason := speaks(kind)(door.bench.profile):
        raise NotApplicable(reason)
    staff, customer = door.staff(), case_run.alone()
    message = saying(door.bench, kind)
    customer.tell(message)
    taker([staff], customer, message, "offer-idle-staff")


@case("offer-round-robin", stands_on=Basis.DELIVERED, when=POOL)
def test_six_offers_go_round_three(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Of six conversations each of three idle staff connections is offered two."""
    if not door.bench.owns_the_pool:
        raise NotApplicable("the staff of others may be idle too, and have its turn")
    staff, offered = [door.staff() for _ in range(3)], Counter[str]()
    for _ in range(6):
        customer = case_run.alone()
        message = say_unattended(customer, fresh("next"))
        offered[taker(staff, customer, message, "offer-round-robin").sn] += 1
    if set(offered.values()) != {2}:
        raise broken("offer-round-robin", "two offers for each of three", sorted(offered.values()))


@case("isolation", "offer-waits", stands_on=Basis.DELIVERED, when=(*POOL, CASES))
def test_bound_staff_is_offered_nothing(
    conversation: Conversation, case_run: CaseRun, fresh: Fresh
) -> None:
    """A message of another customer waits while all staff is bound, until somebody is idle."""
    staff, customer = conversation.staff, case_run.alone()
    message = say_unattended(customer, fresh("is nobody free?"))
    staff.catch_up()
    for event in staff.received(customer):
        raise broken("isolation", "no offer while bound", "a Receive", frame=shown(event))
    conversation.end()
    taker([staff], customer, message, "offer-waits")


@case("offer-follow-up", stands_on=Basis.DELIVERED, when=POOL)
def test_offer_outlives_the_customers_connection(
    case_run: CaseRun, door: Door, fresh: Fresh
) -> None:
    """What a customer says after it has logged in anew follows to whom it was offered before."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    first = taker(staff, customer, say_unattended(customer, fresh("one")), "offer-follow-up")
    customer.leave()
    again = door.enter(customer.account)
    if takers(staff, again, say_unattended(again, fresh("two"))) != [first]:
        raise broken("offer-follow-up", "the connection that has the offer", "another, or none")


@case("delivery-once", "offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_nothing_is_offered_twice_to_one_connection(
    case_run: CaseRun, door: Door, fresh: Fresh
) -> None:
    """What comes free again, unread, goes to somebody who has not been sent it yet."""
    first, customer = door.staff(), case_run.alone()
    message = say_unattended(customer, fresh("once is enough"))
    taker([first], customer, message, "offer-passes-on")
    second = door.staff()
    attend(second, customer, read=False)
    second.leave()
    third = door.staff()
    taker([third], customer, message, "offer-passes-on")
    first.catch_up(reading=False)
    first.receives(customer, message)


@case("replay-read-not", stands_on=Basis.DELIVERED, when=(*POOL, READS, CASES))
def test_what_staff_has_read_is_not_offered_again(
    case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh
) -> None:
    """When a case is closed with all of it read, nothing of it is offered to anybody."""
    staff, idle, customer = door.staff(), door.staff(), case_run.alone()
    attend(staff, customer)
    message = text(fresh("thank you"))
    customer.tell(message)
    staff.receives(customer, message)
    staff.tell(closing(profile, customer.sn, read=True))
    staff.leave()
    if takers_now([idle], customer, message):
        raise broken("replay-read-not", "nothing that was read", "an offer")


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=(*POOL, CASES))
def test_what_was_unread_at_closing_is_offered(
    case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh
) -> None:
    """When a case is closed and its last message not read, an idle one is offered that."""
    staff, customer = door.staff(), case_run.alone()
    attend(staff, customer, read=False)
    message = text(fresh("one more thing"))
    customer.tell(message)
    staff.receives(customer, message)
    idle = door.staff()
    staff.tell(closing(profile, customer.sn, read=False))
    taker([idle], customer, message, "offer-passes-on")


@case("case-reopens", stands_on=Basis.DELIVERED, when=(*POOL, CASES))
def test_next_message_after_closing_is_offered(
    case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh
) -> None:
    """What a customer says after its case was closed is offered anew."""
    staff, customer = door.staff(), case_run.alone()
    attend(staff, customer)
    staff.tell(closing(profile, customer.sn))
    message = say_unattended(customer, fresh("hello again"))
    taker([staff], customer, message, "case-reopens")
