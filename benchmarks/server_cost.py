"""What a message costs the reference server, in bare echoes on the same stack.

Both servers are saturated by one generator: 50 connections with 8 messages in flight each. The echo
sends back what it gets; the reference server acknowledges each message, delivers it to the other
side and stores it in a file. The figure is the median of the ratios within a round.
"""

import argparse
import asyncio
import logging
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.performance_page import append_row
from benchmarks.processes import Program, running, two_cores
from schemas.account_tokens import Identity, mint
from schemas.messages import confirm, encode, text
from schemas.words import Role

HEADING = "The reference server: cost of a message"
BAR = 2.9
PAIRS, IN_FLIGHT, WARM_UP_S = 25, 8, 1.0
MESSAGE = encode(text("0123456789abcdef 您好，請問這個商品還有現貨嗎？", read=True))
ACK, DELIVERY = b'{"MsgStatus":"Send"', b'{"MsgStatus":"Receive"'


@dataclass
class Totals:
    """What came back in a round."""

    acknowledged: int = 0
    delivered: int = 0
    stopping: bool = False


class Client(WSListener):
    """Keeps its share of messages in flight once it was told to begin."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._begun = False
        self.answered = asyncio.Event()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def say(self, message: bytes) -> None:
        self.answered.clear()
        self._transport.send(WSMsgType.TEXT, message)

    def begin(self) -> None:
        self._begun = True
        for _ in range(IN_FLIGHT):
            self._transport.send(WSMsgType.TEXT, MESSAGE)

    def leave(self) -> None:
        self._transport.disconnect()

    def _acknowledged(self) -> None:
        self._totals.acknowledged += 1
        if not self._totals.stopping:
            self._transport.send(WSMsgType.TEXT, MESSAGE)


class EchoClient(Client):
    """An echo acknowledges and delivers in one."""

    def on_ws_frame(self, _: WSTransport, __: WSFrame) -> None:
        self._totals.delivered += 1
        self._acknowledged()


class ChatClient(Client):
    """Tells acknowledgements from deliveries by their first bytes."""

    def on_ws_frame(self, _: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if payload.startswith(DELIVERY):
            self._totals.delivered += 1
        elif self._begun and payload.startswith(ACK):
            self._acknowledged()
        else:
            self.answered.set()


@dataclass
class Sample:
    """CPU of the server per message, and messages a second."""

    cpu_us: float
    rate: float


async def connect_echo(url: str, totals: Totals) -> list[Client]:
    """As many connections as the chat has."""
    clients: list[Client] = [EchoClient(totals) for _ in range(2 * PAIRS)]
    for client in clients:
        await ws_connect(lambda client=client: client, url)
    return clients


async def connect_chat(url: str, totals: Totals, serial: int) -> list[Client]:
    """Customers, each with a staff connection that has taken the case."""
    clients: list[Client] = []
    for number in range(PAIRS):
        for role in Role:
            sn = f"{role}-{serial}-{number}"
            headers = {"Authorization": f"Bearer {mint(Identity(sn, role, sn))}"}
            client = ChatClient(totals)
            await ws_connect(lambda client=client: client, url, extra_headers=headers)
            await client.answered.wait()
            clients.append(client)
        clients[-1].say(encode(confirm(f"{Role.CUSTOMER}-{serial}-{number}")))
        await clients[-1].answered.wait()
    return clients


async def measure(
    program: Program, clients: list[Client], totals: Totals, seconds: float
) -> Sample:
    """Saturate, wait until it is warm, and read the books before and after."""
    for client in clients:
        client.begin()
    await asyncio.sleep(WARM_UP_S)
    acknowledged, delivered, cpu_us = totals.acknowledged, totals.delivered, program.cpu_us()
    await asyncio.sleep(seconds)
    cpu_us = program.cpu_us() - cpu_us
    done = min(totals.acknowledged - acknowledged, totals.delivered - delivered)
    totals.stopping = True
    for client in clients:
        client.leave()
    return Sample(cpu_us / done, done / seconds)


async def rounds(echo: Program, chat: Program, number: int, seconds: float) -> list[float]:
    """Echo and chat in turn; the ratio of each round."""
    ratios = []
    for serial in range(number):
        totals = Totals()
        base = await measure(echo, await connect_echo(echo.url, totals), totals, seconds)
        totals = Totals()
        cost = await measure(chat, await connect_chat(chat.url, totals, serial), totals, seconds)
        ratios.append(cost.cpu_us / base.cpu_us)
        print(
            f"echo {base.cpu_us:5.1f} µs {base.rate:6.0f}/s   "
            f"server {cost.cpu_us:5.1f} µs {cost.rate:6.0f}/s   ratio {ratios[-1]:.2f}",
            flush=True,
        )
    return ratios


def main() -> int:
    """Print the ratio with min-max; exit code 1 when it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    options = parser.parse_args()
    logging.getLogger("picows").setLevel(logging.ERROR)
    theirs, ours = two_cores()
    os.sched_setaffinity(0, {ours})
    with tempfile.TemporaryDirectory() as folder:
        server = ("-m", "reference_server", "--db", f"{folder}/chat.sqlite3")
        with (
            running("-m", "benchmarks.echo_server", core=theirs) as echo,
            running(*server, core=theirs) as chat,
        ):
            ratios = uvloop.run(rounds(echo, chat, options.rounds, options.seconds))
    ratio = statistics.median(ratios)
    figure = f"{ratio:.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
    print(f"cost of a message in bare echoes: {figure}; bar {BAR}")
    if options.record:
        append_row(HEADING, [figure, str(BAR), f"{options.rounds} × {options.seconds:g} s"])
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
