"""The token that makes a message of a load run recognisable, wherever and however it arrives.

A token stands first in text and image contents: ``run.sender.conversation.seq.due.check`` and then
the rest of the content. ``run`` is six characters of ``[0-9a-z]``, the others are hexadecimal, the
check is the CRC-32 of all else from the token on, in eight digits. Source: measurement §2.

Knows text only: nothing of frames, connections or of what a message means.
"""

import re
from zlib import crc32

import msgspec

TOKEN_BYTES = 48
RUN_CHARS = 6
NUMBER_LIMIT = 1 << 24  # of sender, conversation and seq: six digits
DUE_LIMIT = 1 << 40  # µs: ten digits, twelve days
_FOREIGN_WITHIN = 512  # another run's token is looked for in this many first characters

_RUN = re.compile(r"[0-9a-z]{6}")
_TOKEN = re.compile(
    r"([0-9a-z]{6})\.([0-9a-f]{1,6})\.([0-9a-f]{1,6})\.([0-9a-f]{1,6})\.([0-9a-f]{1,10})\."
    r"([0-9a-f]{8})"
)


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token of this run. ``at`` is its place in the content: over 0, something came in front."""

    sender: int
    conversation: int
    seq: int
    due_us: int
    at: int


class ForeignToken(msgspec.Struct, frozen=True, gc=False):
    """A token of another run: a leftover of an earlier one, or somebody else's test."""

    run: str


class Corrupted(msgspec.Struct, frozen=True, gc=False):
    """A token of this run with an altered content; ``claimed`` is what it says, true or not."""

    claimed: Token


Reading = Token | ForeignToken | Corrupted | None


def stamp(run: str, sender: int, conversation: int, seq: int, due_us: int, rest: str) -> str:
    """The whole content of one message: its token and then ``rest``.

    ``run`` is :data:`RUN_CHARS` characters of ``[0-9a-z]``; the numbers are not negative and below
    this module's limits; ``due_us`` counts from the run's epoch. Anything else is a ValueError.
    """
    return LaneStamp(run, sender, conversation).stamp(seq, due_us, rest)


class LaneStamp:
    """As :func:`stamp`, for all messages of one sender in one conversation."""

    __slots__ = ("_head",)

    def __init__(self, run: str, sender: int, conversation: int) -> None:
        if not (
            0 <= sender < NUMBER_LIMIT
            and 0 <= conversation < NUMBER_LIMIT
            and _RUN.fullmatch(run) is not None
        ):
            raise ValueError(f"no token can carry {(run, sender, conversation)}")
        self._head = f"{run}.{sender:x}.{conversation:x}.".encode()

    def stamp(self, seq: int, due_us: int, rest: str, raw: bytes | None = None) -> str:
        """The whole content of message ``seq``. ``raw`` is ``rest`` as UTF-8, where it is known."""
        if not (0 <= seq < NUMBER_LIMIT and 0 <= due_us < DUE_LIMIT):
            raise ValueError(f"no token can carry {(seq, due_us)}")
        head = b"%b%x.%x." % (self._head, seq, due_us)
        if raw is None:
            raw = rest.encode("utf-8", "surrogatepass")
        return "%s%08x%s" % (head.decode(), crc32(raw, crc32(head)), rest)  # noqa: UP031 - faster


class TokenReader:
    """Finds and checks the token of one run in whatever content comes back."""

    __slots__ = ("_prefix", "_run")

    def __init__(self, run: str) -> None:
        """``run`` as given to :func:`stamp` (ValueError otherwise)."""
        if not _RUN.fullmatch(run):
            raise ValueError(f"a run's id is {RUN_CHARS} characters of [0-9a-z]: {run!r}")
        self._run = run
        self._prefix = run + "."

    def read(self, content: str) -> Reading:
        """The token in ``content``, or None where nothing has the shape of one.

        Text in front of the token is allowed (an image path completed with a host, D21); the check
        covers what follows it.
        """
        at = content.find(self._prefix)
        while at >= 0:
            match = _TOKEN.match(content, at)
            if match:
                return self._judge(content, match)
            at = content.find(self._prefix, at + 1)
        return self._stranger(content)

    def _judge(self, content: str, match: re.Match[str]) -> Token | Corrupted:
        _, sender, conversation, seq, due, check = match.groups()
        token = Token(
            int(sender, 16), int(conversation, 16), int(seq, 16), int(due, 16), match.start()
        )
        head = content[match.start() : match.start(6)]
        return token if _check(head, content[match.end() :]) == int(check, 16) else Corrupted(token)

    def _stranger(self, content: str) -> ForeignToken | Corrupted | None:
        """Another run's token, or one of ours whose run id alone was altered."""
        match = _TOKEN.search(content, 0, _FOREIGN_WITHIN)
        if match is None:
            return None
        start = match.start()
        ours = self._run + content[start + RUN_CHARS :]
        mended = _TOKEN.match(ours)
        if mended and isinstance(found := self._judge(ours, mended), Token):
            return Corrupted(found)
        return ForeignToken(match[1])


def _check(head: str, rest: str) -> int:
    return crc32((head + rest).encode("utf-8", "surrogatepass"))
