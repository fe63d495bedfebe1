"""How connections end (RFC 6455 §5.5.1, §7)."""

from collections.abc import Callable

import pytest

from harness.blocking.wire import Cause, Ended
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.spec import case, negative
from harness.conformance.stops import broken
from harness.wire_frames import MAX_CONTROL_BYTES, Opcode, encode_frame
from schemas.messages import text


def _check_answered(end: Ended | None) -> None:
    if end is None or end.cause is not Cause.CLOSE:
        raise broken("rfc-close-answered", "a Close frame", str(end) if end else "no end in time")


@case("rfc-close-answered")
@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
def test_close_is_answered(customer: Chatter, code: int) -> None:
    """A Close with a code that clients may send is answered with a Close."""
    _check_answered(customer.channel.close(customer.patience(), code))


@case("rfc-close-answered")
def test_close_without_code_is_answered(customer: Chatter) -> None:
    """A Close without any payload is answered with a Close."""
    customer.channel.send_frames([encode_frame(Opcode.CLOSE)], customer.patience())
    _check_answered(customer.channel.drain(customer.patience()))


@case("rfc-close-answered")
def test_close_with_the_longest_reason_is_answered(customer: Chatter) -> None:
    """A Close whose reason fills the frame with Chinese is answered with a Close."""
    reason = "再見" * (MAX_CONTROL_BYTES // 6)
    _check_answered(customer.channel.close(customer.patience(), 1000, reason))


@case("delivery-stored")
def test_acknowledged_words_outlive_their_sender(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """What was acknowledged reaches the other side although the sender has left."""
    message = text(fresh("last words"))
    conversation.customer.tell(message)
    conversation.customer.leave()
    conversation.staff.receives(conversation.customer, message)
    conversation.customer_returns(unread=0)


@negative()
def test_reset_harms_nobody_else(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A connection that is reset harms no other one, and its account can log in again."""
    conversation.customer.tell(text(fresh("gone")))
    conversation.customer.channel.reset()
    conversation.customer_returns(unread=0).catch_up()
