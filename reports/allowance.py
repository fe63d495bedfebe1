"""How much hostile text a page may carry: every text is made visible, cut, and paid for.

A target can send without end, and a report must stay small enough to mail; whoever asks first gets
the room, so the evidence that matters most is taken first.
"""

from html import escape

from reports.plain_text import visible

_MARKUP_BYTES = 100
_LEFT_OUT = "… (left out to keep this page small; run.ndjson has it)"


class Allowance:
    """Pays for texts until nothing is left; afterwards a mark stands in their place."""

    def __init__(self, size: int) -> None:
        self.left = size

    @property
    def spent(self) -> bool:
        """Whether there is no room for even a short text."""
        return self.left < 2 * _MARKUP_BYTES

    def pay(self, cost: int) -> bool:
        """Whether ``cost`` bytes of markup could be paid for, and were."""
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def text(self, text: str, limit: int = 300) -> str:
        """``text`` made visible, cut to ``limit`` characters; the mark when it cannot be paid."""
        shown = visible(text[:limit], keep="\n\t") + ("…" if len(text) > limit else "")
        cost = len(escape(shown).encode()) + _MARKUP_BYTES
        if cost > self.left:
            return _LEFT_OUT
        self.left -= cost
        return shown
