"""What a text may leave out or add, and what its msg shows (decisions D8, D9, D17, D22-D24)."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import pytest

from harness.blocking.deadline import Deadline
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ECHOES, ERROR_FRAMES, PLACES, READ_IS_FALSE
from harness.conformance.conversation import Conversation
from harness.conformance.spec import case
from harness.conformance.stops import broken
from harness.target import Profile
from harness.target.checks import RFC3339
from schemas.messages import InMsg, text

SECOND_S, BETWEEN_TICKS_S, TICKS_A_SECOND = 1.05, 0.02, 50


def _bears_ticks(profile: Profile) -> str | None:
    most = profile.limits.max_messages_per_s
    return f"limits.max_messages_per_s is {most}" if 0 < most < TICKS_A_SECOND else None


@case("ack-echo", when=(ECHOES,))
def test_text_has_no_titletype(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A text that was sent without a titletype comes back without one."""
    msg = conversation.customer.tell(text(fresh("no topic")))
    if msg.get("titletype"):
        raise broken("ack-echo", "none", msg.get("titletype"), pointer="/msg/titletype")


@case("sender-identity", "send-type-word")
def test_sender_is_the_account(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """SendSn, SendName and SendType of a delivery are those of the sending account."""
    customer, staff = conversation.customer, conversation.staff
    for sender, receiver in ((customer, staff), (staff, customer)):
        message = text(fresh("who am I"))
        sender.tell(message)
        delivery = receiver.receives_content(message)
        if delivery is not None:
            _check_sender(delivery.msg, sender, conversation.bench.profile)


def _check_sender(msg: dict[str, object], sender: Chatter, profile: Profile) -> None:
    customer_word, staff_word = profile.dialect.send_types
    word = customer_word if sender.account.role == "customer" else staff_word
    wanted = {"SendSn": sender.sn, "SendName": sender.account.name}
    for member, value in wanted.items():
        if value and msg.get(member) != value:
            raise broken("sender-identity", value, msg.get(member), pointer=f"/msg/{member}")
    if msg.get("SendType") != word:
        raise broken("send-type-word", word, msg.get("SendType"), pointer="/msg/SendType")


@case("time-format", when=(ECHOES,))
def test_time_has_the_format(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``time`` of a Send can be read by one of the profile's formats, whoever is answered."""
    formats = conversation.bench.profile.dialect.time_formats
    for speaker in (conversation.customer, conversation.staff):
        msg = speaker.tell(text(fresh("what time is it")))
        if _moment(str(msg.get("time")), formats) is None:
            raise broken("time-format", " or ".join(formats), msg.get("time"), pointer="/msg/time")


@case("time-clock", when=(ECHOES,))
def test_time_is_near_ours(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``time`` of a Send lies within the profile's limit of our clock, whoever is answered."""
    profile = conversation.bench.profile
    for speaker in (conversation.customer, conversation.staff):
        msg = speaker.tell(text(fresh("is it now")))
        moment = _moment(str(msg.get("time")), profile.dialect.time_formats)
        if moment is None or moment.tzinfo is None:
            return
        skew_s = abs(moment.timestamp() - time.time())
        if skew_s > profile.limits.clock_skew_s:
            expected = f"at most {profile.limits.clock_skew_s:g} s from our clock"
            raise broken("time-clock", expected, f"{skew_s:.0f} s", pointer="/msg/time")


@case("time-order", when=(ECHOES,))
def test_time_never_decreases(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``time`` of messages that follow each other in a conversation never goes back."""
    speakers = (conversation.customer, conversation.staff)
    _check_clock(conversation, [(speakers[turn % 2], text(fresh("tick"))) for turn in range(6)])


@case("time-order", when=(ECHOES, _bears_ticks))
def test_time_never_decreases_in_a_second(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Through a whole second of messages ``time`` never goes back, whatever its digits."""
    ends = Deadline.after(SECOND_S)
    _check_clock(conversation, _ticks(conversation.customer, fresh, ends))


def _ticks(
    speaker: Chatter, fresh: Callable[..., str], ends: Deadline
) -> Iterator[tuple[Chatter, InMsg]]:
    while not ends.passed:
        yield speaker, text(fresh("tick"))
        speaker.participant.hear(ends.sooner(BETWEEN_TICKS_S))


def _check_clock(conversation: Conversation, turns: Iterable[tuple[Chatter, InMsg]]) -> None:
    """Whether ``time`` of the answers to these messages, said in turn, never goes back."""
    formats = conversation.bench.profile.dialect.time_formats
    before: datetime | None = None
    for speaker, message in turns:
        moment = _moment(str(speaker.tell(message).get("time")), formats)
        if _is_earlier(moment, before):
            raise broken("time-order", f"{before} or later", str(moment), pointer="/msg/time")
        before = moment or before


def _is_earlier(moment: datetime | None, before: datetime | None) -> bool:
    """Whether time went back, as far as two moments with an offset, or without, can be compared."""
    if moment is None or before is None or (moment.tzinfo is None) != (before.tzinfo is None):
        return False
    return moment < before


def _moment(written: str, formats: tuple[str, ...]) -> datetime | None:
    for pattern in formats:
        try:
            if pattern != RFC3339:
                return datetime.strptime(written, pattern)
            moment = datetime.fromisoformat(written)
        except ValueError:
            continue
        if moment.tzinfo is not None:
            return moment
    return None


@case("ignore-titletype", when=(ERROR_FRAMES,))
def test_titletype_on_text_is_ignored(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A text with any titletype is accepted."""
    customer = conversation.customer
    body = f'{{"type":"text","content":"{fresh()}","read":false,"titletype":"whatever"}}'
    customer.accepted(customer.say_bytes(body.encode()), "ignore-titletype")


@case("ignore-unknown-member", when=(ERROR_FRAMES,))
def test_unknown_members_are_ignored(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A text with members that the page does not name is accepted."""
    customer = conversation.customer
    body = f'{{"type":"text","content":"{fresh()}","read":false,"colour":{{"r":[1,2]}}}}'
    customer.accepted(customer.say_bytes(body.encode()), "ignore-unknown-member")


@case("null-is-absent", when=(ERROR_FRAMES,))
@pytest.mark.parametrize(
    "rest", ['"read":null,"titletype":null', '"titletype":""', ""], ids=["null", "empty", "absent"]
)
def test_null_counts_as_absent(
    conversation: Conversation, fresh: Callable[..., str], rest: str
) -> None:
    """A text whose other members are null or left out is accepted."""
    customer = conversation.customer
    body = f'{{"type":"text","content":"{fresh()}"{"," + rest if rest else ""}}}'
    customer.accepted(customer.say_bytes(body.encode()), "null-is-absent")


@case("msg-read-false", when=(READ_IS_FALSE, ECHOES))
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_message_is_shown_unread(
    conversation: Conversation, fresh: Callable[..., str], read: bool
) -> None:
    """``read`` of a Send and of a Receive is false, whatever the client sent."""
    message = text(fresh("read me"), read=read)
    echoed = conversation.customer.tell(message)
    delivered = conversation.staff.receives_one(conversation.customer, message).msg
    for msg in (echoed, delivered):
        if msg.get("read") is not False:
            raise broken("msg-read-false", "false", msg.get("read"), pointer="/msg/read")


@case("location-range", when=(PLACES, ECHOES))
def test_location_is_on_earth(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Where a location is shown, its latitude and longitude exist."""
    for sender in (conversation.customer, conversation.staff):
        location = sender.tell(text(fresh("where am I"))).get("location")
        for member, limit in (("latitude", 90), ("longitude", 180)):
            degrees = location.get(member) if isinstance(location, dict) else None
            if isinstance(degrees, int | float) and not -limit <= degrees <= limit:
                pointer = f"/msg/location/{member}"
                raise broken("location-range", f"±{limit}", degrees, pointer=pointer)
