"""One message has one form, on whichever way it comes to whom (decision D22)."""

from collections.abc import Callable, Iterator, Sequence

from harness.conformance.absences import away
from harness.conformance.bench import Bench
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter, Msg
from harness.conformance.conditions import (
    CASES,
    DEVICES,
    ECHOES,
    FRAME_BINDING,
    OFFERS,
    READS,
    REPLAYS,
    SAME_MSG,
)
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import attend
from harness.conformance.deliveries import differing
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.pool import taker
from harness.conformance.sayings import of_each_kind
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from schemas.messages import InMsg, text, title
from schemas.words import MessageType, TitleType

Fresh = Callable[..., str]

SAME = (SAME_MSG, ECHOES)


def _forms(bench: Bench) -> list[InMsg]:
    """A message of each kind, and a product where every customer may name one."""
    return [*of_each_kind(bench), *_products(bench)]


def _products(bench: Bench) -> Iterator[InMsg]:
    products = bench.profile.data.products
    if MessageType.TITLE in bench.profile.dialect.types and isinstance(products, tuple):
        yield from (title(TitleType.PRO, number) for number in products[:1])


def _told(sender: Chatter, messages: Sequence[InMsg]) -> list[Msg]:
    """What each ``Send`` showed."""
    return [sender.tell(message) for message in messages]


def _check_same(
    echoed: Sequence[Msg], listener: Chatter, sender: Chatter, messages: Sequence[InMsg]
) -> None:
    """Whether ``listener`` is sent ``messages``, each as its ``Send`` showed it."""
    for one, event in zip(echoed, listener.receives(sender, *messages), strict=True):
        for member in differing(one, event.msg):
            expected, actual = repr(one.get(member)), event.msg.get(member)
            raise broken("same-msg", expected, actual, pointer=f"/msg/{member}", frame=shown(event))


@case("same-msg", "delivery-once", when=(*SAME, DEVICES))
def test_other_device_is_shown_the_same(conversation: Conversation, door: Door) -> None:
    """A customer's other device is shown just what the Send showed, of every kind, once."""
    customer = conversation.customer
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    said = _forms(conversation.bench)
    echoed = _told(customer, said)
    other.catch_up(reading=False)
    _check_same(echoed, other, customer, said)


@case("same-msg", stands_on=Basis.DELIVERED, when=(*SAME, OFFERS, FRAME_BINDING))
def test_offer_shows_the_same(case_run: CaseRun, door: Door) -> None:
    """Idle staff is offered just what the Send showed: what waited for it, and what follows."""
    customer, waiting, following = case_run.alone(), *(_forms(case_run.bench) for _ in range(2))
    echoed = _told(customer, waiting)
    staff = door.staff()
    taker([staff], customer, waiting[0], "offer-waits")
    echoed += _told(customer, following)
    _check_same(echoed, staff, customer, [*waiting, *following])


@case(
    "same-msg",
    stands_on=Basis.DELIVERED,
    when=(*SAME, OFFERS, REPLAYS, READS, FRAME_BINDING),
)
def test_replay_to_staff_shows_the_same(case_run: CaseRun, door: Door) -> None:
    """Staff that was not offered a case is replayed just what the Send showed, of every kind."""
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    said = _forms(case_run.bench)
    echoed = _told(customer, said)
    offered = taker(staff, customer, said[0], "offer-idle-staff")
    other = next(each for each in staff if each is not offered)
    attend(other, customer, read=False)
    _check_same(echoed, other, customer, said)


@case("sender-identity", when=(REPLAYS, READS, CASES, FRAME_BINDING))
def test_replay_names_who_said_it(conversation: Conversation, door: Door, fresh: Fresh) -> None:
    """What one staff member said is replayed as its own while another attends by now."""
    away(conversation, fresh)
    former, words = conversation.staff, [text(fresh("from me")), text(fresh("from me, now"))]
    first = [words[0], conversation.closing()]
    for message in first:
        former.tell(message)
    successor = conversation.taken_over_by(door.staff(conversation.customer.sn), unread=0)
    successor.tell(words[1])
    customer = conversation.customer_returns(unread=len(successor.said))
    customer.missed = [*first, *successor.said]
    customer.receives(former, *first)
    customer.receives(successor, *successor.said)
