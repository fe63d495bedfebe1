"""Words: acknowledged, in order, in time, and unchanged (decisions D17, D21)."""

import time
from collections.abc import Callable

import pytest

from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ACKS, ECHOES
from harness.conformance.contents import EDGES, WHOLE, WORDS
from harness.conformance.conversation import Conversation
from harness.conformance.spec import Basis, case
from harness.conformance.spelling import say_spelled
from harness.conformance.stops import broken
from harness.events import Answered, Unsolicited
from schemas.messages import InMsg, text

MANY_BYTES = 65_536
OFTEN = 3
"""Once or twice a machine was busy; what is late so often is the server's own doing."""


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


@case("answer-in-time", when=(ACKS,))
def test_answers_come_in_time(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """Of ten messages, sent one after the other, hardly any is answered later than the limit."""
    limit_s, late = conversation.bench.answer_s, 0
    for number in range(1, 11):
        sent = conversation.customer.say(text(fresh("quick?")))
        began = time.monotonic()
        conversation.customer.accepted(sent, missing="answer-in-time")
        taken_s = time.monotonic() - began
        late += taken_s > limit_s
        if late >= OFTEN:
            actual = f"{taken_s:.3f} s; {late} of {number} were late"
            raise broken("answer-in-time", f"{limit_s:g} s", actual)
