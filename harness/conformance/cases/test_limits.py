"""How much a message may hold, and of what (decision D18)."""

from collections.abc import Callable

from harness.blocking.wire import Cause, Ended
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import BINARY_CLOSES, on
from harness.conformance.conversation import Conversation
from harness.conformance.spec import case, negative
from harness.conformance.stops import broken
from harness.wire_frames import Opcode, encode_frame
from schemas.messages import encode, receipt, text

UNSUPPORTED_DATA, TOO_BIG = 1003, 1009
SIZE = on("limits.max_message_bytes")


def _padded(words: str, size: int) -> bytes:
    """A text message of exactly ``size`` bytes."""
    return encode(text(words + "x" * (size - len(encode(text(words))))))


@case("limit-below-accepted", when=(SIZE,))
def test_message_at_the_limit_is_accepted(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A text message of as many bytes as are allowed is accepted."""
    customer = conversation.customer
    size = conversation.bench.profile.limits.max_message_bytes
    sent = customer.say_bytes(_padded(fresh(), size))
    customer.accepted(sent, "limit-below-accepted", missing="limit-below-accepted")


@negative("limit-message-size", when=(SIZE,))
def test_message_over_the_limit_closes(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """One byte more closes the connection with 1009."""
    customer = conversation.customer
    size = conversation.bench.profile.limits.max_message_bytes + 1
    customer.say_bytes(_padded(fresh(), size))
    _check_code(customer, TOO_BIG, "limit-message-size")
    conversation.customer_returns(unread=0)


@negative("limit-binary", when=(BINARY_CLOSES,))
def test_binary_message_closes(customer: Chatter) -> None:
    """A binary message closes the connection with 1003."""
    customer.channel.send_frames(
        [encode_frame(Opcode.BINARY, encode(receipt()))], customer.patience()
    )
    _check_code(customer, UNSUPPORTED_DATA, "limit-binary")


def _check_code(customer: Chatter, code: int, slug: str) -> None:
    end: Ended | None = customer.channel.drain(customer.patience())
    if end is None or end.cause is not Cause.CLOSE or end.code != code:
        raise broken(slug, f"close {code}", str(end) if end else "an open connection")
