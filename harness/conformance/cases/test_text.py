"""Words: acknowledged, echoed, unchanged (decisions D8, D9, D17, D21-D24)."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest

from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ACKS, ECHOES, ERROR_FRAMES, PLACES, READ_IS_FALSE
from harness.conformance.contents import EDGES, WHOLE, WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.spec import Basis, case
from harness.conformance.spelling import say_spelled
from harness.conformance.stops import broken
from harness.events import Answered, Unsolicited
from harness.target import Profile
from harness.target.checks import RFC3339
from schemas.messages import InMsg, text

MANY_BYTES = 65_536


@case(
    "ack-one-per-message",
    "in-type-word",
    lays=Basis.ANSWERED,
    stands_on=Basis.ATTENDED,
    when=(ACKS,),
)
def test_text_is_acknowledged(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Words of a customer are answered by one Send with Result true."""
    conversation.customer.tell(text(fresh("hello")))


@case("ack-echo", "content-text", when=(ECHOES,))
def test_send_repeats_the_text(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """The Send repeats type, content and titletype of the message."""
    message = text(fresh("echo"))
    _check_echo(conversation.customer.tell(message), message)


def _check_echo(msg: dict[str, object], message: InMsg) -> None:
    for member, sent in (("type", message.type), ("titletype", message.titletype)):
        if (msg.get(member) or None) != (sent or None):
            raise broken("ack-echo", repr(sent), msg.get(member), pointer=f"/msg/{member}")


@case("ack-order", "ack-one-per-message", when=(ACKS,))
def test_many_at_once_are_answered_in_order(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Ten messages sent without waiting get ten answers, in the order of sending."""
    customer = conversation.customer
    sent = [customer.say(text(fresh("quick"))) for _ in range(10)]
    for each in sent:
        customer.accepted(each)


@case("ack-order", when=(ACKS,))
def test_answers_keep_the_order(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Of six messages sent without waiting, the answers come in the order of sending."""
    customer = conversation.customer
    messages = [text(fresh("in turn")) for _ in range(6)]
    mark = customer.now
    for message in messages:
        customer.say(message)
    patience = customer.patience()
    while len(answers := _answers(customer, mark)) < len(messages):
        if not customer.participant.hear(patience):
            return  # a missing answer is another clause's matter
    sent = [message.content for message in messages]
    if answers != sent and sorted(answers) == sorted(sent):
        order = [sent.index(content) + 1 for content in answers]
        raise broken("ack-order", "the order of sending", f"order {order}")
    customer.said += messages


def _answers(customer: Chatter, since: int) -> list[str]:
    """What the ``Send`` frames repeat that have come, asked for or not."""
    events = customer.participant.events[since:]
    frames = [event.frame for event in events if isinstance(event, Answered | Unsolicited)]
    messages = [frame.get("msg") for frame in frames]
    return [str(msg.get("content")) for msg in messages if isinstance(msg, dict)]


@case("ack-one-per-message", when=(ACKS,))
def test_nothing_is_answered_twice(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """One ``Send`` answers a message, and its receiver gets none."""
    customer, staff = conversation.customer, conversation.staff
    customer.tell(text(fresh("once, please")))
    staff.receives(customer, *customer.said)
    for listener in (customer, staff):
        listener.hear_out()


@case("content-text")
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_words_arrive_unchanged(
    conversation: Conversation, fresh: Callable[..., str], words: str
) -> None:
    """Words of all scripts, markup and line breaks come back and arrive as they were sent."""
    message = text(fresh(words))
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("content-text")
def test_long_words_arrive_unchanged(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Some two thousand characters, or as many as fit, come back and arrive as they were sent."""
    limit = conversation.bench.profile.limits.max_message_bytes
    message = text(fresh("長" * min(2_000, limit // 8)))
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("content-text")
@pytest.mark.parametrize("character", ["x", "é", "長", "😀"], ids=["1", "2", "3", "4"])
def test_large_message_arrives_unchanged(
    conversation: Conversation, fresh: Callable[..., str], character: str
) -> None:
    """A text nearly as large as is allowed, of characters of one to four bytes, is not cut."""
    limit = min(conversation.bench.profile.limits.max_message_bytes, MANY_BYTES)
    size = (limit - 200) // len(character.encode())
    message = text(fresh(character * size))
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("content-text")
def test_short_words_arrive_unchanged(conversation: Conversation) -> None:
    """A single character, and words that could be another JSON type, arrive as they were sent."""
    customer, messages = conversation.customer, [text(content) for content in WHOLE]
    for sent in [customer.say(message) for message in messages]:
        customer.accepted(sent)
    conversation.staff.receives(customer, *messages)


@case("content-text")
@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
def test_blanks_at_the_ends_arrive(
    conversation: Conversation, fresh: Callable[..., str], edge: str
) -> None:
    """Blanks and line ends in front of the words and behind them are part of them."""
    message = text(f"{edge}{fresh('between')}{edge}")
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("content-text")
@pytest.mark.parametrize("words", ["chinese", "emoji", "markup", "decomposed"])
def test_words_of_staff_arrive_unchanged(
    conversation: Conversation, fresh: Callable[..., str], words: str
) -> None:
    """What staff says comes back and arrives as it was sent, like what customers say."""
    customer, staff, mark = conversation.customer, conversation.staff, conversation.customer.now
    message = text(fresh(WORDS[words]))
    staff.tell(message)
    customer.receives(staff, message, since=mark)


@case("content-text")
def test_escaped_words_are_the_same_words(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A text of which every character is escaped says what it says unescaped."""
    message = text(fresh("您好 😀 'x' <b>"))
    units = message.content.encode("utf-16-be").hex()
    escaped = "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    spelled = f'{{"type":"text","content":"{escaped}","read":false}}'
    customer = conversation.customer
    customer.accepted(say_spelled(customer, message, spelled.encode()))


@case("delivery-once", "delivery-stored")
def test_equal_words_are_messages_of_their_own(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """The same words said three times arrive three times."""
    customer, message = conversation.customer, text(fresh("again"))
    for _ in range(3):
        customer.tell(message)
    conversation.staff.receives(customer, *customer.said)


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
    """``time`` of a Send can be read by one of the profile's formats."""
    msg = conversation.customer.tell(text(fresh("what time is it")))
    formats = conversation.bench.profile.dialect.time_formats
    if _moment(str(msg.get("time")), formats) is None:
        raise broken("time-format", " or ".join(formats), msg.get("time"), pointer="/msg/time")


@case("time-clock", when=(ECHOES,))
def test_time_is_near_ours(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``time`` of a Send lies within the profile's limit of our clock."""
    profile = conversation.bench.profile
    msg = conversation.customer.tell(text(fresh("is it now")))
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
    formats = conversation.bench.profile.dialect.time_formats
    before: datetime | None = None
    for turn in range(6):
        sender = (conversation.customer, conversation.staff)[turn % 2]
        moment = _moment(str(sender.tell(text(fresh("tick"))).get("time")), formats)
        if before is not None and moment is not None and moment < before:
            raise broken("time-order", f"{before} or later", str(moment), pointer="/msg/time")
        before = moment or before


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


@case("answer-in-time", when=(ACKS,))
def test_answers_come_in_time(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Each of ten messages, sent one after the other, is answered within the limit."""
    limit_s = conversation.bench.answer_s
    for _ in range(10):
        started = time.monotonic()
        sent = conversation.customer.say(text(fresh("quick?")))
        conversation.customer.accepted(sent, missing="answer-in-time")
        if (taken_s := time.monotonic() - started) > limit_s:
            raise broken("answer-in-time", f"{limit_s:g} s", f"{taken_s:.3f} s")
