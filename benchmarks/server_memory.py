"""What idle connections cost the reference server in memory.

Ten thousand logged-in connections (one in ten is staff), from several source addresses so that no
one of them runs out of ports; resident memory once all are quiet.
"""

import argparse
import asyncio
import resource
import sys
import time
from urllib.parse import urlsplit

import uvloop

from benchmarks.performance_page import append_row
from benchmarks.processes import Program, running
from schemas.account_tokens import Identity, mint
from schemas.words import Role

HEADING = "The reference server: idle connections"
BAR_MIB = 400
AT_ONCE, SOURCES, QUIET_S = 100, 8, 2.0


class Guest(asyncio.Protocol):
    """Hears its login, and then anything else without a word."""

    def __init__(self) -> None:
        self._heard = b""
        self.logged_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if not self.logged_in.done():
            self._heard += data
            if b'"MsgStatus":"Login","Result":true' in self._heard:
                self.logged_in.set_result(None)

    def connection_lost(self, _: Exception | None) -> None:
        if not self.logged_in.done():
            self.logged_in.set_exception(ConnectionError(self._heard[:200]))


async def fill(program: Program, number: int) -> None:
    """Connect ``number`` guests."""
    places = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(enter(program.url, serial, places) for serial in range(number)))


async def enter(url: str, serial: int, places: asyncio.Semaphore) -> None:
    """One guest, from an address that depends on its number."""
    address = urlsplit(url)
    async with places:
        transport, guest = await asyncio.get_running_loop().create_connection(
            Guest,
            str(address.hostname),
            int(address.port or 0),
            local_addr=(f"127.0.0.{2 + serial % SOURCES}", 0),
        )
        transport.write(request_of(address.path, serial))
        await asyncio.wait_for(guest.logged_in, 30)


def request_of(path: str, serial: int) -> bytes:
    """The upgrade of a guest."""
    role = Role.CUSTOMER if serial % 10 else Role.STAFF
    token = mint(Identity(f"{role}-{serial}", role, f"name of {serial}"))
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==",
        f"Authorization: Bearer {token}",
    )
    return "\r\n".join((*lines, "", "")).encode()


async def measure(program: Program, number: int) -> float:
    """Resident MiB with ``number`` idle connections."""
    begun, empty = time.monotonic(), program.rss_mib()
    await fill(program, number)
    took = time.monotonic() - begun
    await asyncio.sleep(QUIET_S)
    full = program.rss_mib()
    each = (full - empty) * 1024 / number
    print(f"{number} connections in {took:.1f} s: {full:.0f} MiB ({each:.1f} KiB each)")
    return full


def main() -> int:
    """Print the memory; exit code 1 when it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < options.connections + 100:
        sys.exit(f"{options.connections} connections need as many open files; {most} are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running("-m", "reference_server") as program:
        full = uvloop.run(measure(program, options.connections))
    if options.record:
        append_row(HEADING, [str(options.connections), f"{full:.0f} MiB", f"{BAR_MIB} MiB"])
    return int(full > BAR_MIB)


if __name__ == "__main__":
    sys.exit(main())
