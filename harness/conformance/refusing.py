"""What must come of a customer's bad input, in whichever way the target refuses it (D17).

By a ``Send`` with ``Result`` false, by a Close, or where there are no answers (D21) by silence:
then what was said afterwards arrives, and nothing else.
"""

from harness.blocking.wire import Cause
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.spelling import say_unasked
from harness.conformance.stops import NotApplicable, broken
from harness.events import Answered
from schemas.modes import AckMode, BadInput

POLICY_VIOLATION, INVALID_DATA = 1008, 1007


def check_refused(conversation: Conversation, slug: str, *texts: bytes) -> None:
    """Each of the customer's ``texts`` is refused, and nobody receives it; else ``slug`` is broken.

    Afterwards the customer can go on, on this connection or where it was closed on another.
    """
    for text in texts:
        refuse(conversation, slug, text)
    conversation.stays_unheard()


def refuse(conversation: Conversation, slug: str, text: bytes) -> str:
    """The ``Error`` with which ``text`` of the customer is refused, "" where that is not told."""
    customer, dialect = conversation.customer, conversation.bench.profile.dialect
    if dialect.on_bad_input is BadInput.CLOSE:
        _check_closed(conversation, slug, text)
        return ""
    sent = say_unasked(customer, text)
    return "" if dialect.ack is AckMode.NONE else customer.refused(sent, slug)


def check_survived(conversation: Conversation, text: bytes) -> None:
    """``text``, which can be argued about, is accepted, or refused once; the customer can go on."""
    slug, dialect = "survive-odd-json", conversation.bench.profile.dialect
    customer = conversation.customer
    if dialect.on_bad_input is BadInput.CLOSE and dialect.ack is AckMode.NONE:
        raise NotApplicable("nothing tells when the server has decided")
    sent = say_unasked(customer, text)
    if dialect.on_bad_input is BadInput.CLOSE:
        _hear_answer_or_end(customer, slug)
        if _refused_by_close(customer):
            conversation.customer_returns(unread=0)
            return
    elif dialect.ack is not AckMode.NONE:
        customer.answer(sent, slug)
    customer.hear_out()
    if customer.channel.ended is not None:
        raise broken(slug, "an open connection", f"ended by {customer.channel.ended}")


def _check_closed(conversation: Conversation, slug: str, text: bytes) -> None:
    customer = conversation.customer
    say_unasked(customer, text)
    _hear_answer_or_end(customer, slug)
    if not _refused_by_close(customer):
        end = customer.channel.ended
        actual = f"ended by {end}" if end is not None else "an open connection"
        raise broken(slug, "close 1008, or 1007 for what is no JSON", actual)
    conversation.customer_returns(unread=0)


def _hear_answer_or_end(customer: Chatter, slug: str) -> None:
    mark, patience = customer.now, customer.bench.patience(slug)
    while customer.participant.hear(patience):
        if any(isinstance(event, Answered) for event in customer.participant.events[mark:]):
            return


def _refused_by_close(customer: Chatter) -> bool:
    end = customer.channel.ended
    closed = end is not None and end.cause is Cause.CLOSE
    return closed and end is not None and end.code in (POLICY_VIOLATION, INVALID_DATA)
