"""A customer who is away while staff speaks to it (decision D12). Knows no group of cases."""

from collections.abc import Callable

from harness.conformance.conversation import Conversation
from schemas.messages import InMsg, text


def away(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """The customer, who has read all before, is away."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()


def miss(conversation: Conversation, fresh: Callable[..., str], count: int) -> list[InMsg]:
    """Staff says ``count`` things while the customer, who has read all before, is away."""
    away(conversation, fresh)
    missed = [text(fresh("while you were out")) for _ in range(count)]
    for message in missed:
        conversation.staff.tell(message)
    return missed
