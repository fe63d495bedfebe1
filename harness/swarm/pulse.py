"""The beat of an event loop, by which whoever reads notices that nobody else gets a turn.

Knows no link and no chat.
"""

import asyncio

from harness.swarm.link import Clock

_BEAT_S = 0.05
_STUCK_NS = 250_000_000


class Pulse:
    """The beat of one loop: after ``stuck_ns`` it has not turned for too long.

    A flood is read on and on within one turn, 32 buffers of ever more bytes, while whoever else
    waits for the loop goes on waiting.
    """

    __slots__ = ("_clock", "stuck_ns")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat()

    def _beat(self) -> None:
        self.stuck_ns = self._clock() + _STUCK_NS
        asyncio.get_running_loop().call_later(_BEAT_S, self._beat)
