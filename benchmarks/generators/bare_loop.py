"""The yardstick: picows on uvloop sends, waits for any frame and sends again. Parses nothing.

python -m benchmarks.generators.bare_loop URL CONNECTIONS MESSAGE
"""

import asyncio
import logging
import sys

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect


class Player(WSListener):
    """One connection with one message outstanding; the ``Login`` starts it."""

    def __init__(self, message: bytes) -> None:
        self._message = message

    def on_ws_frame(self, transport: WSTransport, _: WSFrame) -> None:
        transport.send(WSMsgType.TEXT, self._message)


async def play(url: str, connections: int, message: bytes) -> None:
    """Play until the process is ended."""
    for number in range(connections):
        await ws_connect(lambda: Player(message), f"{url}?sn=C{number}")
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    logging.getLogger("picows").setLevel(logging.ERROR)
    uvloop.run(play(sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()))
