"""A finding: one way in which what came differs from what a clause demands."""

import msgspec

from schemas.verdicts import Level

EXCERPT_CHARS = 2_000


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One broken clause, with the evidence. Non-conformance is this value, never an exception.

    ``clause`` is an id of the register; ``pointer`` a JSON pointer into ``frame`` ("" is all);
    ``frame`` the offending frame as text, cut to :data:`EXCERPT_CHARS`.
    """

    clause: str
    level: Level
    expected: str
    actual: str
    pointer: str = ""
    frame: str = ""

    def __str__(self) -> str:
        place = f" at {self.pointer}" if self.pointer else ""
        return f"{self.clause}{place}: expected {self.expected}; got {self.actual}"


def excerpt(data: bytes | str, limit: int = EXCERPT_CHARS) -> str:
    """Hostile bytes as bounded text: undecodable bytes are escaped, the rest is cut with a mark."""
    raw = data[: limit * 4] if isinstance(data, bytes) else data
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return text if len(text) <= limit and len(raw) == len(data) else text[:limit] + "…"
