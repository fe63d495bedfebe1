"""One connection of one account: words out, server messages in, bounded whatever comes.

Reads frames through the blocking channel; knows neither modes nor what answers what.
"""

import time
from collections.abc import Iterator

from harness.blocking.channel import Channel, Message
from harness.blocking.deadline import Deadline
from harness.blocking.wire import Cause, Ended
from harness.errors import HarnessError
from harness.learning.heard import Heard, Redact, read
from harness.target import Account
from schemas.messages import InMsg, encode

MAX_MESSAGES = 5_000
MAX_BYTES = 8 * 1024 * 1024
LEAVING_S = 0.5
AT_ONCE = 50


class Line:
    """``account`` on ``channel``. ``heard`` only grows: its length marks a moment in it."""

    def __init__(self, name: str, account: Account, channel: Channel, redact: Redact) -> None:
        self.name = name
        self.account = account
        self.channel = channel
        self.heard: list[Heard] = []
        self._redact = redact
        self._messages = 0
        self._bytes = 0

    @property
    def ended(self) -> Ended | None:
        """How the connection ended, None while it lives."""
        return self.channel.ended

    def say(self, message: InMsg, deadline: Deadline) -> None:
        """Send ``message``, if the connection still takes it."""
        self.channel.send_text(encode(message), deadline)

    def listen(self, seconds: float) -> None:
        """Take in what comes within ``seconds``, or is already there."""
        deadline = Deadline.after(seconds)
        for _ in range(AT_ONCE):
            incoming = self.channel.receive(deadline)
            if incoming is None or isinstance(incoming, Ended):
                return
            if isinstance(incoming, Message):
                self._take(incoming.data)

    def answers(self, since: int = 0) -> Iterator[Heard]:
        """Every ``Send`` from ``since`` on."""
        return (heard for heard in self.heard[since:] if heard.is_answer)

    def deliveries(self, since: int = 0) -> Iterator[Heard]:
        """Every ``Receive`` from ``since`` on."""
        return (heard for heard in self.heard[since:] if heard.is_delivery)

    def leave(self) -> None:
        """Close, and do not wait long for the answer. Harmless when repeated."""
        self.channel.close(Deadline.after(LEAVING_S))

    def _take(self, data: bytes) -> None:
        self._messages += 1
        self._bytes += len(data)
        if self._messages > MAX_MESSAGES or self._bytes > MAX_BYTES:
            self.channel.give_up(Cause.FLOOD)
            raise HarnessError(
                f"the target floods {self.name}: over {MAX_MESSAGES} messages or"
                f" {MAX_BYTES >> 20} MiB in one short conversation",
                "nothing was written",
            )
        frame = read(data, self._redact)
        if frame is not None:
            self.heard.append(Heard(self.name, frame, time.time()))
