"""Many at once: conversations, logins, confirms, closings (decisions D13, D15, D19)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import CASES, DEVICES, FRAME_BINDING
from harness.conformance.conversation import Conversation, closing
from harness.conformance.crowd import attend, check_nothing_of, check_separate, say_in_turns
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case
from harness.target import Profile
from schemas.messages import text

Fresh = Callable[..., str]


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
