"""Steps of several connections that meet, and whatever order they come in (D13, D15, D19)."""

from collections.abc import Callable, Sequence

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
    REPLAYS,
    texts_told_apart,
)
from harness.conformance.conversation import Conversation, closing, confirming
from harness.conformance.crowd import attend, enter_at_once, say_all, say_in_turns
from harness.conformance.deliveries import fits
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import InMsg, text
from schemas.modes import ContentMode
from schemas.words import MessageType, Role

Fresh = Callable[..., str]

CASES_TAKEN = (FRAME_BINDING, CASES)


def _check_arrivals(listener: Chatter, messages: Sequence[InMsg], since: int) -> None:
    """Whether ``messages`` of one connection have come, or come now, once each and in order.

    Whatever stands between them is other connections' matter.
    """
    patience = listener.bench.patience("delivery-stored")
    while not all(_places(listener, messages, since)) and listener.participant.hear(patience):
        pass
    listener.hear_out()
    places = _places(listener, messages, since)
    if not all(places):
        raise broken("delivery-stored", f"{len(messages)} arrivals", f"{sum(map(bool, places))}")
    known = listener.rules.contents[MessageType.TEXT] is not ContentMode.ANY
    if known and any(len(each) > 1 for each in places):
        raise broken("delivery-once", "one arrival each", f"{max(map(len, places))} of one")
    if places != sorted(places):
        raise broken("delivery-order", "the order of sending", "another")


def _places(listener: Chatter, messages: Sequence[InMsg], since: int) -> list[list[int]]:
    arrived = [event.msg for event in listener.participant.deliveries(since)]
    return [
        [at for at, msg in enumerate(arrived) if fits(listener.rules, message, msg)]
        for message in messages
    ]


# Several connections


@case("login-accepted", "login-first", stands_on=Basis.LOGGED_IN)
def test_many_log_in_at_one_instant(door: Door) -> None:
    """Ten customers that open their connections at the same instant are all let in."""
    for chatter in enter_at_once(door, [door.account(Role.CUSTOMER) for _ in range(10)]):
        chatter.catch_up()


@case("login-concurrent", "delivery-stored", "delivery-once", when=(DEVICES,))
def test_one_token_logs_in_six_times_at_once(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """Six connections that one account opens at the same instant all receive what staff says."""
    devices = enter_at_once(door, [conversation.customer.account] * 6, alone=False)
    for device in devices:
        device.catch_up()
    marks, messages = [device.now for device in devices], [text(fresh()) for _ in range(2)]
    say_all(conversation.staff, messages)
    for device, mark in zip(devices, marks, strict=True):
        device.catch_up()
        _check_arrivals(device, messages, mark)


@case("delivery-stored", "delivery-once", "delivery-order", "device-echo", when=(DEVICES,))
def test_two_devices_speak_at_once(conversation: Conversation, door: Door, fresh: Fresh) -> None:
    """Staff receives all that two connections of a customer say at once; each sees the other's."""
    customer, staff = conversation.customer, conversation.staff
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    mine, others = [[text(fresh(word)) for _ in range(10)] for word in ("mine", "others")]
    mark, marks = staff.now, (customer.now, other.now)
    turns = zip(mine, others, strict=True)
    say_in_turns([turn for one, two in turns for turn in ((customer, one), (other, two))])
    customer.said += others
    for messages in (mine, others):
        _check_arrivals(staff, messages, mark)
    _check_echoes(customer, others, marks[0])
    _check_echoes(other, mine, marks[1])
    order = _places(staff, customer.said, mark)
    first = {id(said): at for said, at in zip(customer.said, order, strict=True)}
    customer.said.sort(key=lambda said: first[id(said)])


def _check_echoes(listener: Chatter, messages: Sequence[InMsg], since: int) -> None:
    patience = listener.patience()
    while not all(_places(listener, messages, since)) and listener.participant.hear(patience):
        pass
    missing = [places for places in _places(listener, messages, since) if not places]
    if missing:
        raise broken("device-echo", f"{len(messages)} of the account's", f"not {len(missing)}")


@case("delivery-stored", "delivery-once", "delivery-order", when=(DEVICES, REPLAYS))
def test_login_while_staff_is_speaking(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """A device that logs in amid staff's words is sent each once: replayed or as it is said."""
    staff, messages = conversation.staff, [text(fresh()) for _ in range(20)]
    sent = [staff.say(message) for message in messages[:10]]
    device = door.enter(conversation.customer.account, alone=False)
    sent += [staff.say(message) for message in messages[10:]]
    for each in sent:
        staff.accepted(each)
    device.catch_up()
    _check_arrivals(device, messages, 0)


@case("delivery-stored", "delivery-once", "delivery-order", when=(REPLAYS, READS))
def test_customer_leaves_while_staff_is_speaking(conversation: Conversation, fresh: Fresh) -> None:
    """What staff says while the customer is leaving is there, all of it, when it returns."""
    staff, messages = conversation.staff, [text(fresh()) for _ in range(12)]
    sent = [staff.say(message) for message in messages[:6]]
    conversation.customer.leave()
    sent += [staff.say(message) for message in messages[6:]]
    for each in sent:
        staff.accepted(each)
    customer = conversation.customer_returns(unread=12)
    customer.catch_up()
    _check_arrivals(customer, messages, 0)


@case("read-marks", when=(COUNTS, READS, ACKS))
def test_both_sides_read_at_once(conversation: Conversation, fresh: Fresh) -> None:
    """After both sides have read amid each other's words, counting is exact again."""
    customer, staff = conversation.customer, conversation.staff
    words = [text(fresh(), read=True) for _ in range(10)]
    say_in_turns([((customer, staff)[n % 2], each) for n, each in enumerate(words)])
    staff.receives(customer, *words[::2])
    staff.tell(text(fresh("read it all"), read=True))
    message = text(fresh("one"))
    customer.tell(message)
    event = staff.receives_one(customer, message, since=staff.now)
    if event.frame.get("NoReadQty") != 1:
        told = event.frame.get("NoReadQty")
        raise broken("read-marks", "1", told, pointer="/NoReadQty", frame=shown(event))


# Taking and closing against something else


@case("case-reopens", "confirm-first-wins", when=(*CASES_TAKEN, OFFERS, ACKS, ERROR_FRAMES))
def test_confirm_against_closing(conversation: Conversation, door: Door) -> None:
    """A confirm that meets a closing wins or loses; afterwards the case is open to one, and one."""
    former, rival, word = conversation.staff, door.staff(), conversation.confirming(read=False)
    for number in range(6):
        steps = [(former, conversation.closing()), (rival, word)]
        sent = [(who, who.say(what)) for who, what in steps[:: -1 if number % 2 else 1]]
        answers = {id(who): who.answer(each).accepted for who, each in sent}
        if not answers[id(former)]:
            raise broken("case-reopens", "the closing accepted", "refused")
        if not answers[id(rival)]:
            rival.accepted(rival.say(word), "case-reopens")
        former.refused(former.say(word), "confirm-first-wins")
        former, rival = rival, former
    former.tell(conversation.closing())
    conversation.taken_over_by(door.staff(), unread=0)


@case("delivery-stored", "delivery-once", "delivery-order", when=(*CASES_TAKEN, REPLAYS))
def test_customer_speaks_while_its_case_is_closed(conversation: Conversation, fresh: Fresh) -> None:
    """What a customer says around the closing of its case is all there once it is taken again."""
    customer, staff = conversation.customer, conversation.staff
    messages = [text(fresh()) for _ in range(12)]
    sent = [customer.say(message) for message in messages[:6]]
    staff.tell(conversation.closing(read=False))
    sent += [customer.say(message) for message in messages[6:]]
    for each in sent:
        customer.accepted(each)
    attend(staff, customer, read=False)
    staff.catch_up()
    staff.receives(customer, *messages)


@case(
    "assignment-unbinds",
    "delivery-refused-never",
    when=(*CASES_TAKEN, ACKS, ERROR_FRAMES, texts_told_apart),
)
def test_staff_speaks_around_its_own_closing(conversation: Conversation, fresh: Fresh) -> None:
    """Said in one breath, the words before a closing are accepted and those after it refused."""
    customer, staff = conversation.customer, conversation.staff
    before, after = text(fresh("good bye")), text(fresh("too late"))
    sent = [staff.say(each) for each in (before, conversation.closing(), after)]
    conversation.open = False
    staff.accepted(sent[0])
    staff.accepted(sent[1])
    staff.refused(sent[2], "assignment-unbinds")
    customer.catch_up()
    if customer.has_received(staff, after):
        raise broken("delivery-refused-never", "nothing of it", "a Receive")


@case("confirm-binds", stands_on=Basis.DELIVERED, when=CASES_TAKEN)
def test_staff_does_not_wait_for_answers(
    case_run: CaseRun, door: Door, profile: Profile, fresh: Fresh
) -> None:
    """Staff that confirms, speaks and closes in one breath, three times over, is understood."""
    customers, staff = [case_run.alone() for _ in range(3)], door.staff()
    words = [text(fresh("in short")) for _ in customers]
    sent = []
    for customer, message in zip(customers, words, strict=True):
        turns = (confirming(profile, customer.sn), message, closing(profile, customer.sn))
        sent += [staff.say(each) for each in turns]
    for each in sent:
        staff.accepted(each, "confirm-binds")
    for customer, message in zip(customers, words, strict=True):
        if customer.receives_content(message) is None:
            raise broken("confirm-binds", "a Receive at the customer's", "none")
