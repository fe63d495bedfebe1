"""Contents that nobody has sent before: the token of a run, and numbers within it.

The token tells what this run has caused from what others do; the number tells one content from
another, and what was made before a certain moment from what was made after it.
"""

import re
import secrets
from itertools import count

import msgspec

_TOKEN = re.compile(r"([0-9a-f]{6})\.([0-9a-f]{6})(?![0-9a-f])")


class Mint(msgspec.Struct, frozen=True):
    """What several processes that are one run must share, and what they must not.

    ``run``: six hexadecimal digits, the same in all. ``lane`` of ``lanes``: each makes its own
    numbers.
    """

    run: str
    lane: int = 0
    lanes: int = 1


class Tokens:
    """Makes contents, and tells what it, or another with the same ``run``, has made."""

    def __init__(self, mint: Mint | None = None) -> None:
        mint = mint or Mint(secrets.token_hex(3))
        self.run = mint.run
        self._mint = mint
        self._numbers = count(mint.lane + 1, mint.lanes)

    def fresh(self, words: str = "") -> str:
        """A content nobody has sent before: a short ASCII token, and then ``words``."""
        return f"{self.run}.{next(self._numbers):06x}{' ' if words else ''}{words}"

    def mark(self) -> int:
        """The number of the next fresh content: what is made from now on has it, or a later one."""
        return next(self._numbers)

    def made(self, number: int) -> bool:
        """Whether ``number`` is one of this maker's own, not of another that shares its run."""
        return number % self._mint.lanes == (self._mint.lane + 1) % self._mint.lanes

    def is_ours(self, content: object) -> bool:
        """Whether ``content`` is of this run, however completed."""
        return isinstance(content, str) and f"{self.run}." in content

    def number_of(self, content: object) -> int | None:
        """The number in ``content``: 0 where it is of another run, None where it has no token."""
        found = _TOKEN.search(content) if isinstance(content, str) else None
        if found is None:
            return None
        return int(found[2], 16) if found[1] == self.run else 0
