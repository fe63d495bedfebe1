"""Cases of a shop's own, beside the suite's: ``chatsocket check … --cases examples/cases``.

Each function is a case: it names clauses of the register (``chatsocket clauses`` lists them), or
brings a sentence of its own, or both. The first line of its docstring is its title.
"""

from collections.abc import Callable

import pytest

from harness.conformance import Manner, case
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.raw import Raw, described
from schemas.messages import text

Fresh = Callable[..., str]

GREETINGS = ("您好,請問有現貨嗎?", "Hello, is it in stock?")


@case(must="An order number inside a text reaches the staff member as it was written.")
@pytest.mark.parametrize("number", ["O-5001", "o-5001", "#5001"])
def test_order_number_in_a_text(conversation: Conversation, fresh: Fresh, number: str) -> None:
    """Nobody rewrites what looks like an order number."""
    question = text(fresh(f"where is {number}?"))
    conversation.customer.tell(question)
    arrived = conversation.staff.receives_one(conversation.customer, question)
    assert arrived.msg["content"] == question.content


@case("ack-order", should="A customer who asks twice in a row is answered twice in a row.")
def test_two_questions_in_a_row(customer: Chatter, fresh: Fresh) -> None:
    """Both questions are acknowledged, the first one first."""
    sent = [customer.say(text(fresh(words))) for words in GREETINGS]
    for question in sent:
        customer.accepted(question)


@case(should="Staff is let in without being offered a case that somebody else has taken.")
def test_staff_next_to_a_conversation(
    conversation: Conversation, staff: Chatter, fresh: Fresh
) -> None:
    """A second staff member receives nothing of a conversation that has its own."""
    secret = text(fresh("for your eyes only"))
    conversation.customer.tell(secret)
    conversation.staff.receives_one(conversation.customer, secret)
    staff.catch_up(reading=False)
    assert not staff.has_received(conversation.customer, secret), "it was delivered to another"


@case(must="The chat is opened with an extra header that our gateway adds.", manner=Manner.POLITE)
def test_gateway_header(raw: Raw) -> None:
    """A header that the server does not know changes nothing."""
    answer, _ = raw.shake(raw.request().having("X-Shop-Gateway", "edge-7"))
    assert described(answer) == "HTTP 101"
