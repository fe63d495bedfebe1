"""Which ``NoReadQty`` comes with what is said (decision D11). Knows no group of cases."""

from harness.conformance.chatter import Chatter
from harness.conformance.listener import shown
from harness.conformance.stops import broken
from harness.events import Delivered
from schemas.messages import InMsg, text


def says(sender: Chatter, receiver: Chatter, words: str, count: int, slug: str) -> None:
    """``sender`` says ``words``, and ``receiver`` is told ``count`` with them, or ``slug``
    breaks."""
    tells(sender, receiver, text(words), count, slug)


def tells(sender: Chatter, receiver: Chatter, message: InMsg, count: int, slug: str) -> None:
    """As :func:`says`, with any message."""
    mark = receiver.now
    sender.tell(message)
    is_told(receiver.receives_one(sender, message, since=mark), count, slug)


def is_told(event: Delivered, count: int, slug: str) -> None:
    """Any other number than ``count`` in ``event`` breaks ``slug``."""
    told = event.frame.get("NoReadQty")
    if told != count:
        raise broken(slug, str(count), told, pointer="/NoReadQty", frame=shown(event))
