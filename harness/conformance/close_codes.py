"""Close codes as data: who may send which, and since when (RFC 6455 §7.4 and IANA's registry).

The registry grows, so the table has a date: a code that nobody had assigned by :data:`AS_OF` may
have a meaning tomorrow. It says what a code means on the wire; what a server makes of one that it
does not know is its own choice.
"""

from enum import StrEnum
from typing import Final

import msgspec

AS_OF: Final = "2026-11"
RFC_6455: Final = "2011-12"


class Travel(StrEnum):
    """Whether a role may put a code into a Close frame.

    ``OPEN``: nobody has said. Its receiver may take it for a code or for a fault.
    """

    MAY = "may"
    NEVER = "never"
    OPEN = "open"


class CloseCodes(msgspec.Struct, frozen=True):
    """Codes of one kind, as :data:`AS_OF` finds them.

    ``since`` is a month, "" for what RFC 6455 left open and IANA's registry has added.
    ``samples`` are those worth sending.
    """

    kind: str
    codes: tuple[range, ...]
    client: Travel
    server: Travel
    source: str
    since: str
    samples: tuple[int, ...]

    def has(self, code: int) -> bool:
        """Whether ``code`` is one of them."""
        return any(code in some for some in self.codes)


def _one(*codes: int) -> tuple[range, ...]:
    return tuple(range(code, code + 1) for code in codes)


_MAY, _NEVER, _OPEN = Travel.MAY, Travel.NEVER, Travel.OPEN

CLOSE_CODES: Final = (
    CloseCodes("unused", (range(1000),), _NEVER, _NEVER, "RFC 6455 §7.4.2", RFC_6455, (0, 1, 999)),
    CloseCodes(
        "either's",
        (range(1000, 1004), range(1007, 1010)),
        _MAY,
        _MAY,
        "RFC 6455 §7.4.1",
        RFC_6455,
        (1000, 1001, 1002, 1003, 1007, 1008, 1009),
    ),
    CloseCodes("reserved", _one(1004), _OPEN, _OPEN, "RFC 6455 §7.4.1", RFC_6455, (1004,)),
    CloseCodes(
        "a library's own",
        _one(1005, 1006, 1015),
        _NEVER,
        _NEVER,
        "RFC 6455 §7.4.1",
        RFC_6455,
        (1005, 1006, 1015),
    ),
    CloseCodes("the client's", _one(1010), _MAY, _NEVER, "RFC 6455 §7.4.1", RFC_6455, (1010,)),
    CloseCodes("the server's", _one(1011), _OPEN, _MAY, "RFC 6455 §7.4.1", RFC_6455, (1011,)),
    CloseCodes(
        "the server's, added later", _one(1012, 1013, 1014), _OPEN, _MAY, "IANA", "", (1012, 1014)
    ),
    CloseCodes(
        "unassigned",
        (range(1016, 3000),),
        _OPEN,
        _OPEN,
        "RFC 6455 §7.4.2",
        RFC_6455,
        (1016, 1999, 2999),
    ),
    CloseCodes(
        "libraries'", (range(3000, 4000),), _MAY, _MAY, "RFC 6455 §7.4.2", RFC_6455, (3000, 3999)
    ),
    CloseCodes(
        "private", (range(4000, 5000),), _MAY, _MAY, "RFC 6455 §7.4.2", RFC_6455, (4000, 4999)
    ),
    CloseCodes(
        "beyond", (range(5000, 1 << 16),), _OPEN, _OPEN, "RFC 6455 §7.4.2", RFC_6455, (5000, 65535)
    ),
)
"""Every number that two bytes can hold is in exactly one of them."""


def samples(client: Travel) -> tuple[int, ...]:
    """The codes worth trying, of those that ``client`` says of clients."""
    return tuple(code for some in CLOSE_CODES if some.client is client for code in some.samples)


def kind_of(code: int) -> CloseCodes:
    """The kind of ``code``, which two bytes can hold."""
    return next(some for some in CLOSE_CODES if some.has(code))
