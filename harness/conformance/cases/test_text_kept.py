"""Words that are kept say later what they said at first, whoever they wait for (decisions D12, D13,
D15, D21): what goes through a store or to another device takes another way than a live delivery."""

from collections.abc import Callable, Iterator

from harness.conformance.absences import away
from harness.conformance.bench import Bench
from harness.conformance.case_run import CaseRun
from harness.conformance.conditions import DEVICES, FRAME_BINDING, OFFERS, READS, REPLAYS
from harness.conformance.contents import WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import attend, say_all
from harness.conformance.door import Door
from harness.conformance.pool import taker
from harness.conformance.spec import Basis, case
from schemas.messages import InMsg, image, text
from schemas.words import MessageType

Fresh = Callable[..., str]

LONG = (300, 4_200, 8_200)
"""Just over the sizes of columns that databases are fond of."""

SPARE = 200  # for what a message has beside its content


def _everything(bench: Bench) -> list[InMsg]:
    """Words of all kinds, long ones and a picture, as far as the target takes them."""
    return list(_words(bench))[: bench.profile.limits.max_backlog // 2 or None]


def _words(bench: Bench) -> Iterator[InMsg]:
    limits = bench.profile.limits
    yield from (text(bench.fresh(words)) for words in WORDS.values())
    for size in LONG:
        if size + SPARE <= limits.max_message_bytes:
            yield text(bench.fresh("x" * size))
    yield text(f"  {bench.fresh('between')}\n\n")
    if MessageType.IMAGE in bench.profile.dialect.types and not bench.profile.data.images:
        yield image(f"/Upload/{bench.fresh()} 圖.JPG")


@case("content-text", "content-image", when=(REPLAYS, READS))
def test_missed_words_arrive_unchanged(conversation: Conversation, fresh: Fresh) -> None:
    """What a customer has missed is replayed as it was said, whatever it is made of."""
    away(conversation, fresh)
    missed = _everything(conversation.bench)
    say_all(conversation.staff, missed)
    customer = conversation.customer_returns(unread=len(missed))
    customer.receives(conversation.staff, *missed)


@case("content-text", "content-image", when=(REPLAYS, READS, FRAME_BINDING))
def test_words_said_to_nobody_arrive_unchanged(conversation: Conversation) -> None:
    """What a customer says with nobody bound comes as it was said to who takes the case next."""
    conversation.end()
    conversation.staff.leave()
    said = _everything(conversation.bench)
    say_all(conversation.customer, said)
    staff = conversation.staff_returns(unread=len(said))
    staff.receives(conversation.customer, *said)


@case("content-text", "content-image", stands_on=Basis.DELIVERED, when=(OFFERS, FRAME_BINDING))
def test_offered_words_arrive_unchanged(case_run: CaseRun, door: Door) -> None:
    """Idle staff is offered a customer's words as they were said."""
    staff, customer = door.staff(), case_run.alone()
    said = _everything(case_run.bench)
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
    said = _everything(case_run.bench)
    say_all(customer, said)
    offered = taker(staff, customer, said[0], "offer-idle-staff")
    other = next(each for each in staff if each is not offered)
    other.missed = said
    attend(other, customer, read=False)
    other.receives(customer, *said)


@case("content-text", "content-image", when=(DEVICES,))
def test_words_of_another_device_arrive_unchanged(conversation: Conversation, door: Door) -> None:
    """A customer's other device is shown its words as they were said."""
    customer = conversation.customer
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    said = _everything(conversation.bench)
    mark = other.now
    say_all(customer, said)
    other.receives(customer, *said, since=mark)
