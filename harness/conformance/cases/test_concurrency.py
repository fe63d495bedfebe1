"""Many conversations at once, and many cases taken at once: nothing mixes (decisions D13, D19)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import (
    ACKS,
    CASES,
    COUNTS,
    DEVICES,
    FRAME_BINDING,
    OFFERS,
    REPLAYS,
    texts_told_apart,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.counting import is_told
from harness.conformance.crowd import attend, check_nothing_of, check_separate, say_in_turns
from harness.conformance.door import Door
from harness.conformance.pool import say_unattended, taker
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import text

Fresh = Callable[..., str]

CASES_TAKEN = (FRAME_BINDING, CASES)


@case("isolation", stands_on=Basis.DELIVERED)
def test_four_conversations_do_not_mix(case_run: CaseRun, fresh: Fresh) -> None:
    """Of four conversations with everybody speaking at once nobody receives another's words."""
    pairs = [case_run.converse() for _ in range(4)]
    everybody = [each for pair in pairs for each in (pair.customer, pair.staff)]
    for _ in range(3):
        say_in_turns([(each, text(fresh("between us"))) for each in everybody])
    check_separate(pairs)


@case("isolation", stands_on=Basis.DELIVERED, when=(FRAME_BINDING, CASES))
def test_the_next_customer_hears_nothing_of_the_last(
    case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh
) -> None:
    """When staff serves one customer after another, neither is sent what concerns the other."""
    first, second, staff = case_run.alone(), case_run.alone(), door.staff()
    for served, other in ((first, second), (second, first)):
        attend(staff, served)
        private = [text(fresh("for me alone")), text(fresh("all done"))]
        served.tell(private[0])
        staff.receives_content(private[0])
        staff.tell(private[1])
        staff.tell(closing(profile, served.sn))
        served.catch_up()
        other.catch_up()
        check_nothing_of(other, private)


@case("isolation", when=(FRAME_BINDING, CASES))
def test_former_staff_hears_nothing_more(
    conversation: Conversation, case_run: CaseRun, door: Door, fresh: Fresh
) -> None:
    """Staff that serves another customer by now is not sent what its former customer says."""
    former, other = conversation.staff, case_run.alone()
    conversation.customer.tell(text(fresh("first")))
    conversation.end()
    attend(former, other)
    conversation.taken_over_by(door.staff(), unread=0)
    private = [text(fresh("between us two")) for _ in range(3)]
    for message in private:
        conversation.customer.tell(message)
    former.catch_up()
    check_nothing_of(former, private)


@case("isolation", "delivery-stored", when=(DEVICES,))
def test_one_account_serves_two_customers_apart(
    conversation: Conversation, case_run: CaseRun, door: Door, fresh: Fresh
) -> None:
    """Two connections of one staff account get the words of their own customers alone."""
    one, two = conversation.customer, case_run.alone()
    second = door.enter(conversation.staff.account, two.sn, alone=False)
    attend(second, two)
    mine, others = text(fresh("to the first")), text(fresh("to the second"))
    one.tell(mine)
    two.tell(others)
    conversation.staff.receives(one, mine)
    second.receives(two, others)
    for listener, private in ((conversation.staff, others), (second, mine)):
        listener.catch_up()
        check_nothing_of(listener, [private])


@case(
    "unread-count",
    stands_on=Basis.DELIVERED,
    when=(COUNTS, OFFERS, FRAME_BINDING, texts_told_apart),
)
def test_offers_of_two_customers_count_apart(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Idle staff that is offered two customers is told of each how much of its own is unread."""
    staff, customers = door.staff(), [case_run.alone(), case_run.alone()]
    for number in (1, 2, 3):
        for customer in customers:
            message = say_unattended(customer, fresh("anybody?"))
            taker([staff], customer, message, "offer-idle-staff")
            told = staff.received(customer)[-1]
            is_told(told, number, "unread-count")


@case("delivery-stored", "isolation", stands_on=Basis.DELIVERED, when=(*CASES_TAKEN, REPLAYS))
def test_one_serves_a_queue(case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh) -> None:
    """Eight customers speak at once with nobody there; one staff member serves one by one."""
    customers = [case_run.alone() for _ in range(8)]
    asked = {each.sn: [text(fresh("in the queue")) for _ in range(2)] for each in customers}
    for number in range(2):
        say_in_turns([(each, asked[each.sn][number]) for each in customers])
    staff = door.staff()
    for customer in customers:
        attend(staff, customer)
        staff.catch_up()
        staff.receives(customer, *asked[customer.sn])
        staff.tell(text(fresh("this one is for you")))
        staff.tell(closing(profile, customer.sn))
    answers = [each for each in staff.said if case_run.bench.is_ours(each.content)]
    for customer, answer in zip(customers, answers, strict=True):
        customer.receives_content(answer)
        customer.catch_up()
        check_nothing_of(customer, [each for each in answers if each is not answer])


@case("confirm-binds", "isolation", stands_on=Basis.DELIVERED, when=CASES_TAKEN)
def test_four_cases_taken_at_one_instant(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Four staff members that confirm four customers at once each get their own."""
    pairs = [(case_run.alone(), door.staff()) for _ in range(4)]
    sent = [member.say(confirming(door.bench.profile, each.sn)) for each, member in pairs]
    for (_, member), each in zip(pairs, sent, strict=True):
        member.accepted(each, "confirm-binds")
    words = [text(fresh("hello")) for _ in pairs]
    turns = [(member, each) for (_, member), each in zip(pairs, words, strict=True)]
    say_in_turns(turns, "confirm-binds")
    for (customer, _), mine in zip(pairs, words, strict=True):
        if customer.receives_content(mine) is None:
            raise broken("confirm-binds", "a Receive at the customer's", "none")
        check_nothing_of(customer, [each for each in words if each is not mine])


@case("confirm-binds", "isolation", stands_on=Basis.DELIVERED, when=(*CASES_TAKEN, OFFERS, ACKS))
def test_swapped_customers_at_one_instant(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Two staff members may each confirm, at once, the customer whom the other was offered."""
    staff, customers = [door.staff(), door.staff()], [case_run.alone(), case_run.alone()]
    first = say_unattended(customers[0], fresh("me"))
    offered = taker(staff, customers[0], first, "offer-idle-staff")
    other = next(each for each in staff if each is not offered)
    pairs = [(other, customers[0]), (offered, customers[1])]
    sent = [each.say(confirming(door.bench.profile, whom.sn)) for each, whom in pairs]
    for (member, _), each in zip(pairs, sent, strict=True):
        member.accepted(each, "confirm-binds")
    private = [text(fresh("between us")) for _ in pairs]
    say_in_turns([(whom, each) for (_, whom), each in zip(pairs, private, strict=True)])
    for (member, _), mine in zip(pairs, private, strict=True):
        if member.receives_content(mine) is None:
            raise broken("confirm-binds", "the customer's words", "none")
        check_nothing_of(member, [each for each in private if each is not mine])
