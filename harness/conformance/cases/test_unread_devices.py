"""What ``NoReadQty`` tells several connections of one account (decisions D10, D11, D15)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import ACKS, COUNTS, DEVICES, RECEIPTS, on
from harness.conformance.conversation import Conversation
from harness.conformance.counting import is_told, says, tells
from harness.conformance.crowd import attend
from harness.conformance.door import Door
from harness.conformance.spec import case
from harness.conformance.stops import broken
from schemas.messages import receipt, text
from schemas.modes import UnreadScope

Fresh = Callable[..., str]


@case("unread-own-messages", when=(COUNTS, DEVICES))
def test_own_words_elsewhere_change_no_count(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """A device is told the same number with what its own account says elsewhere."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    before = conversation.unread_by_customer
    says(staff, customer, fresh(), before + 1, "unread-count")
    for _ in range(2):
        message = text(fresh("mine"))
        customer.tell(message)
        event = other.receives_content(message)
        if event is None:
            raise broken("device-echo", "a Receive on the account's other connection", "none")
        is_told(event, before + 1, "unread-own-messages")


@case("unread-count", when=(COUNTS, DEVICES))
def test_all_devices_are_told_the_same(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Both connections of a customer are told the number of its side."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    before = conversation.unread_by_customer
    for number in (1, 2, 3):
        mark, message = other.now, text(fresh())
        tells(staff, customer, message, before + number, "unread-count")
        is_told(other.receives_one(staff, message, since=mark), before + number, "unread-count")


@case("read-marks", when=(COUNTS, DEVICES, RECEIPTS, ACKS))
def test_a_device_reads_for_its_account(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """What one connection of a customer has read is unread on none of the others."""
    customer = conversation.customer_returns(unread=0, alone=False)
    staff = conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    for number in (1, 2):
        mark, message = other.now, text(fresh())
        tells(staff, customer, message, number, "unread-count")
        other.receives_one(staff, message, since=mark)
    other.accepted(other.say(receipt()), "receipt-acknowledged")
    says(staff, customer, fresh(), 1, "read-marks")


@case("unread-count", when=(DEVICES, on("dialect.unread_scope")))
def test_the_scope_is_as_the_profile_says(
    conversation: Conversation, case_run: CaseRun, door: Door, fresh: Fresh
) -> None:
    """Staff with two customers is told of the one conversation, or of both, as declared."""
    scope = conversation.bench.profile.dialect.unread_scope
    one, two = conversation.customer, case_run.alone()
    second = door.enter(conversation.staff.account, two.sn, alone=False)
    attend(second, two)
    if scope is UnreadScope.CONVERSATION:
        second.catch_up()
        second.begin_anew()  # of what an earlier case has left where its URL bound it
    for number in (1, 2):
        both = 2 * number if scope is UnreadScope.ACCOUNT else number
        first = both - 1 if scope is UnreadScope.ACCOUNT else number
        says(one, conversation.staff, fresh(), first, "unread-count")
        says(two, second, fresh(), both, "unread-count")
