"""Idle staff, and who of it is offered a customer to whom nobody attends (decision D13).

The pool is one for the whole server. Where only accounts of ours can be in it (``owns_the_pool``),
an offer that nobody of ours gets is missing; elsewhere somebody else may have got it.
"""

from collections.abc import Sequence

from harness.conformance.chatter import Chatter
from harness.conformance.stops import Inconclusive, Stop, broken
from schemas.messages import InMsg, text

BETWEEN_LOOKS_S = 0.02


def say_unattended(customer: Chatter, words: str) -> InMsg:
    """What ``customer`` says while nobody is bound to it; accepted."""
    message = text(words)
    customer.tell(message)
    return message


def takers(staff: Sequence[Chatter], customer: Chatter, message: InMsg) -> list[Chatter]:
    """Which of ``staff`` have been sent ``message``, once somebody has or patience is over.

    Blocked where nobody has, and the run has shown that messages get lost. However late it is,
    there is a last look: this process may not have run in between.
    """
    patience = customer.bench.patience("delivery-stored")
    over = False
    while not over:
        over = patience.passed
        found = takers_now(staff, customer, message)
        if found:
            return found
        for member in staff:
            member.participant.hear(patience.sooner(BETWEEN_LOOKS_S / len(staff)))
    customer.misses()
    return []


def takers_now(staff: Sequence[Chatter], customer: Chatter, message: InMsg) -> list[Chatter]:
    """Which of ``staff`` the server had decided to send ``message`` to until now."""
    for member in staff:
        member.catch_up(reading=False)
    return [member for member in staff if member.has_received(customer, message)]


def taker(staff: Sequence[Chatter], customer: Chatter, message: InMsg, slug: str) -> Chatter:
    """The first of ``staff`` that was offered ``message``; that none was breaks ``slug``."""
    found = takers(staff, customer, message)
    if not found:
        raise not_offered(customer, slug)
    return found[0]


def not_offered(customer: Chatter, slug: str) -> Stop:
    """Nobody of ours was offered it: somebody else may have been, where the pool is shared."""
    if customer.bench.owns_the_pool:
        return broken(slug, "a Receive on an idle staff connection", "none")
    return Inconclusive("no staff of ours was offered the message; somebody else may have been")
