"""What was said on the connections of one case, in order, bounded and without secrets."""

import time
from collections import deque
from urllib.parse import quote

from harness.wire_judge import WireFrame
from schemas.case_records import TranscriptLine
from schemas.findings import excerpt

FIRST_LINES = 200
LAST_LINES = 200
PAYLOAD_CHARS = 2_000
HIDDEN = "***"

_TEXTUAL = ("text", "continuation", "binary")


class Transcript:
    """Lines of several connections; the middle of a long one is left out.

    Secrets are hidden wherever they appear, as they are and percent-encoded.
    """

    def __init__(self) -> None:
        self._started_ns = time.monotonic_ns()
        self._first: list[TranscriptLine] = []
        self._last: deque[TranscriptLine] = deque(maxlen=LAST_LINES)
        self._count = 0
        self._secrets: set[str] = set()
        self.frames_received = 0

    def hide(self, secret: str) -> None:
        """Show ``secret`` nowhere, from now on."""
        if secret:
            self._secrets |= {secret, quote(secret, safe="")}

    def frame(self, actor: str, frame: WireFrame, *, sent: bool) -> None:
        """Write down one frame."""
        self.frames_received += not sent
        what = frame.name
        payload = frame.payload
        if frame.close_code is not None:
            what, payload = f"close {frame.close_code}", payload[2:]
        self._add(actor, sent, what, payload, frame.size, frame.fin)

    def event(self, actor: str, what: str, payload: bytes | str = b"", *, sent: bool) -> None:
        """Write down something that is no frame: a request, an answer, an end."""
        self._add(actor, sent, what, payload, len(payload), fin=True)

    def lines(self) -> list[TranscriptLine]:
        """All lines that were kept."""
        left_out = self._count - len(self._first) - len(self._last)
        if not left_out:
            return [*self._first, *self._last]
        gap = TranscriptLine(self._first[-1].t_ms, "", False, f"{left_out} lines left out")
        return [*self._first, gap, *self._last]

    def redacted(self, text: str) -> str:
        """``text`` without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _add(
        self, actor: str, sent: bool, what: str, payload: bytes | str, size: int, fin: bool
    ) -> None:
        t_ms = round((time.monotonic_ns() - self._started_ns) / 1e6, 3)
        shown = excerpt(self.redacted(excerpt(payload, PAYLOAD_CHARS * 2)), PAYLOAD_CHARS)
        line = TranscriptLine(t_ms, actor, sent, what, shown, size, fin)
        self._count += 1
        (self._first if len(self._first) < FIRST_LINES else self._last).append(line)
