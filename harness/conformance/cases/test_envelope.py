"""The shape of server messages, whatever they say (the page's tables; decision D3)."""

from collections.abc import Callable

from harness.conformance.chatter import NO_SUCH_TYPE
from harness.conformance.conditions import ACKS, ERROR_FRAMES
from harness.conformance.conversation import Conversation
from harness.conformance.spec import case, collector
from schemas.clauses import register
from schemas.messages import InMsg, encode, text

Fresh = Callable[..., str]

PAGE = tuple(slug for slug in register() if slug.startswith("out-"))
REST = tuple(
    slug
    for slug, entry in register().items()
    if slug not in PAGE and not (entry.untestable or entry.source.startswith("RFC"))
)


@case("out-error-on-failure", when=(ERROR_FRAMES, ACKS))
def test_refusal_says_why(conversation: Conversation) -> None:
    """A Send with Result false has a non-empty Error."""
    wrong = encode(InMsg(NO_SUCH_TYPE, "why not"))
    conversation.customer.refused(conversation.customer.say_bytes(wrong), "refuse-unknown-type")


@case("out-no-error-on-success", "out-result-present", "out-msgstatus-present", when=(ACKS,))
def test_success_has_no_error(conversation: Conversation, fresh: Fresh) -> None:
    """A Send with Result true has no Error."""
    conversation.customer.tell(text(fresh("fine")))


@case("out-receive-unread-count", "out-receive-msg")
def test_receive_has_count_and_message(conversation: Conversation, fresh: Fresh) -> None:
    """A Receive carries NoReadQty and the message."""
    message = text(fresh("count me"))
    conversation.customer.tell(message)
    conversation.staff.receives(conversation.customer, message)


@case("out-unread-only-in-receive", "out-unread-zero-elsewhere", when=(ACKS,))
def test_only_receive_has_a_count(conversation: Conversation, fresh: Fresh) -> None:
    """Login and Send carry no NoReadQty."""
    conversation.customer.tell(text(fresh("no count")))


@collector(*PAGE)
def test_every_message_fits_the_page() -> None:
    """No message of the server, in any case, breaks what the page's tables and samples say."""


@collector(*REST, passive=True)
def test_nothing_else_is_broken() -> None:
    """No case came across a broken clause that it was not looking for."""
