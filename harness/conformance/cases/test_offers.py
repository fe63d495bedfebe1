"""Who gets a message of a customer to whom nobody attends (decision D13)."""

from collections.abc import Callable

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import FRAME_BINDING, OFFERS
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case
from harness.conformance.stops import Inconclusive, NotApplicable, Stop, broken
from schemas.messages import InMsg, text
from schemas.words import Role

Fresh = Callable[..., str]
POOL = (OFFERS, FRAME_BINDING)


def _say_unattended(customer: Chatter, words: str) -> InMsg:
    message = text(words)
    customer.tell(message)
    return message


def _takers(staff: list[Chatter], customer: Chatter, message: InMsg) -> list[Chatter]:
    """Which of ``staff`` have been sent ``message``, once somebody has or patience is over."""
    patience = customer.bench.patience("delivery-stored")
    while not patience.passed:
        for member in staff:
            member.catch_up(reading=False)
        takers = [member for member in staff if member.has_received(customer, message)]
        if takers:
            return takers
    return []


def _not_offered(customer: Chatter, slug: str) -> Stop:
    """Nobody of ours was offered it: somebody else may have been, where the pool is shared."""
    if customer.bench.owns_the_pool:
        return broken(slug, "a Receive on an idle staff connection", "none")
    return Inconclusive("no staff of ours was offered the message; somebody else may have been")


@case("offer-idle-staff", stands_on=Basis.DELIVERED, when=POOL)
def test_message_is_offered_to_one(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message that nobody attends to reaches one idle staff connection, not two."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    message = _say_unattended(customer, fresh("anybody?"))
    takers = _takers(staff, customer, message)
    if not takers:
        raise _not_offered(customer, "offer-idle-staff")
    if len(takers) > 1:
        raise broken("offer-idle-staff", "one staff connection", f"{len(takers)}")


@case("offer-follow-up", stands_on=Basis.DELIVERED, when=POOL)
def test_later_messages_follow(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Later messages of an offered conversation reach the same connection."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    first = _takers(staff, customer, _say_unattended(customer, fresh("one")))
    if not first:
        raise _not_offered(customer, "offer-follow-up")
    later = _takers(staff, customer, _say_unattended(customer, fresh("two")))
    if later != first:
        raise broken("offer-follow-up", "the connection that has the offer", "another, or none")


@case("offer-waits", stands_on=Basis.DELIVERED, when=POOL)
def test_message_waits_for_staff(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message sent with no staff about is offered to the next who logs in."""
    newcomer, customer = door.account(Role.STAFF), case_run.alone()
    message = _say_unattended(customer, fresh("I can wait"))
    if not _takers([door.enter(newcomer)], customer, message):
        raise _not_offered(customer, "offer-waits")


@case("offer-passes-on", stands_on=Basis.DELIVERED, when=POOL)
def test_offer_passes_on(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """When the staff connection that has an offer leaves, another idle one gets it."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    message = _say_unattended(customer, fresh("do not go"))
    takers = _takers(staff, customer, message)
    if not takers:
        raise _not_offered(customer, "offer-passes-on")
    rest = [member for member in staff if member not in takers]
    for member in takers:
        member.leave()
    if rest and not _takers(rest, customer, message):
        raise _not_offered(customer, "offer-passes-on")


@case("offer-round-robin", stands_on=Basis.DELIVERED, when=POOL)
def test_offers_go_round(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Two conversations are offered to the two idle staff connections, one each."""
    if not door.bench.owns_the_pool:
        raise NotApplicable("the staff of others may be idle too, and have its turn")
    staff, customers = [door.staff(), door.staff()], [case_run.alone(), case_run.alone()]
    takers: list[Chatter] = []
    for customer in customers:
        takers += _takers(staff, customer, _say_unattended(customer, fresh("me too")))
    if set(map(id, takers)) != set(map(id, staff)):
        raise broken("offer-round-robin", "one offer for each", f"{len(takers)} for one")


@case("offer-waits", "delivery-stored", stands_on=Basis.DELIVERED, when=POOL)
def test_message_outlives_its_sender(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """A message sent with no staff about is offered even when its sender has left meanwhile."""
    customer = case_run.alone()
    message = _say_unattended(customer, fresh("bye"))
    customer.leave()
    if not _takers([door.staff()], customer, message):
        raise _not_offered(customer, "offer-waits")


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
    if not _takers([idle], customer, message):
        raise _not_offered(customer, "offer-passes-on")
    idle.leave()
    conversation.staff_returns(unread=1)
