"""What stays the same, byte for byte, from one accepted answer to the next on one connection.

Answers to texts differ in content and time alone. Where a valid answer has been seen, another one
that has the very bytes around the content that was sent and around a time is as valid, and says as
much: nothing in it is left to be judged. Knows bytes; nothing of what was asked before.
"""

from functools import lru_cache

from harness.events import Pending
from schemas.plain_frames import is_time
from schemas.words import MessageType

_TEXT = MessageType.TEXT.value
# How a text of ours is spelled around its content, read or not.
_BEGINS = len(b'{"type":"text","content":"')
_ENDS = {
    False: -len(b'","read":false,"titletype":null}'),
    True: -len(b'","read":true,"titletype":null}'),
}
_CONTENT, _TIME, _QUOTE = b'"content":"', b'"time":"', b'"'
_BACKSLASH = ord("\\")
_PARTS_SHARED = 64
_LONGEST = 8_192  # of an answer: what is kept is kept by each connection


class Mould:
    """The bytes up to the content, between content and time, and from the end of the time on."""

    __slots__ = ("_head", "_middle", "_tail")

    def __init__(self, head: bytes, middle: bytes, tail: bytes) -> None:
        self._head, self._middle, self._tail = head, middle, tail

    def fits(self, data: bytes, entry: Pending) -> bool:
        """Whether ``data`` accepts ``entry`` and differs in content and time alone."""
        message = entry.message
        if message is None or message.type != _TEXT or message.titletype is not None:
            return False
        literal = entry.said[_BEGINS : _ENDS[message.read]]
        if _BACKSLASH in literal:  # only the judge knows what an escape stands for
            return False
        whole, tail = self._head + literal + self._middle, self._tail
        time = data[len(whole) : -len(tail)]
        return whole + time + tail == data and is_time(time)


def mould_of(data: bytes, entry: Pending, time: str) -> Mould | None:
    """The mould of a plain answer that accepts ``entry``; None where it is spelled otherwise.

    What is looked for cannot stand inside a string, where a quote needs a backslash before it; and
    no other member of a plain frame has these names.
    """
    message = entry.message
    if message is None or message.type != _TEXT or message.titletype is not None:
        return None
    if len(data) > _LONGEST:
        return None
    literal = entry.said[_BEGINS : _ENDS[message.read]]
    head, found, rest = data.partition(_CONTENT + literal + _QUOTE)
    middle, told, tail = rest.partition(_TIME + time.encode() + _QUOTE)
    if not found or not told:
        return None
    return Mould(head + _CONTENT, _shared(_QUOTE + middle + _TIME), _shared(_QUOTE + tail))


@lru_cache(maxsize=_PARTS_SHARED)
def _shared(part: bytes) -> bytes:
    """One for all connections, which differ in what stands before the content."""
    return part
