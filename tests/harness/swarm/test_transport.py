"""Framing as the swarm's transport judges it, against a socket that writes bytes by hand."""

import asyncio
import base64
import hashlib
import struct
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
import uvloop

from harness.errors import Unavailability
from harness.swarm.link import Address, Closing, DialFailed
from harness.swarm.transport import PicowsDialer, TransportLimits

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Recorder:
    """A sink that keeps what it hears."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.findings: list[str] = []
        self.faults: list[Exception] = []
        self.closed: asyncio.Future[Closing] = asyncio.get_running_loop().create_future()

    def on_message(self, data: bytes, at_ns: int) -> None:
        assert at_ns > 0
        self.messages.append(data)
        if data == b"poison":
            raise ZeroDivisionError("a fault of ours")

    def on_broken(self, finding) -> None:
        self.findings.append(finding.clause)

    def on_fault(self, error: Exception) -> None:
        self.faults.append(error)

    def on_writable(self, writable: bool) -> None:
        pass

    def on_closed(self, closing: Closing, at_ns: int) -> None:
        self.closed.set_result(closing)


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    head = bytes([fin << 7 | rsv << 4 | opcode])
    size = len(payload)
    if size < 126:
        return head + bytes([size]) + payload
    return head + bytes([126]) + struct.pack("!H", size) + payload


async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    key = next(
        line.split(b":", 1)[1].strip()
        for line in request.split(b"\r\n")
        if line.lower().startswith(b"sec-websocket-key")
    )
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def says(*frames: bytes) -> Handler:
    """A server that upgrades, writes ``frames`` and waits for the other side to end it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await upgrade(reader, writer)
        for part in frames:
            writer.write(part)
        await reader.read()
        writer.close()

    return handle


def heard(handler: Handler, limits: TransportLimits | None = None) -> Recorder:
    """Everything a sink hears from a server that behaves like ``handler``, to its end."""

    async def play() -> Recorder:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        sink = Recorder()
        try:
            async with asyncio.timeout(5):
                await PicowsDialer(limits).dial(Address(url), sink)
                await sink.closed
        finally:
            server.close()  # uvloop waits for ever for a server that is left open
        return sink

    return uvloop.run(play())


CLOSE = frame(8, struct.pack("!H", 1000))


def test_fragments_arrive_as_one_message() -> None:
    sink = heard(says(frame(1, b"ab", fin=False), frame(9, b"ping"), frame(0, b"cd"), CLOSE))
    assert sink.messages == [b"abcd"]
    assert sink.findings == []


def test_the_servers_close_is_told_with_code_and_reason() -> None:
    sink = heard(says(frame(8, struct.pack("!H", 4001) + b"moved")))
    assert sink.closed.result() == Closing(by_server=True, code=4001, reason="moved")


def test_an_end_without_close_has_no_code() -> None:
    async def vanish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await upgrade(reader, writer)
        await writer.drain()
        writer.close()

    assert heard(vanish).closed.result() == Closing(by_server=True)


@pytest.mark.parametrize(
    ("frames", "clause"),
    [
        ([frame(1, b"x", rsv=4), CLOSE], "rfc-reserved-bits-clear"),
        ([frame(0, b"x"), CLOSE], "rfc-fragment-order"),
        ([frame(1, b"x", fin=False), frame(1, b"y"), CLOSE], "rfc-fragment-order"),
        ([frame(2, b"x"), CLOSE], "out-text-message"),
        ([frame(3, b"x")], "rfc-known-opcodes"),
        ([frame(9, b"x", fin=False)], "rfc-control-frame-whole"),
        ([b"\x81\x81\x00\x00\x00\x00x"], "rfc-server-frames-unmasked"),
        ([frame(9, b"x" * 126)], "rfc-control-frame-short"),
        ([b"\x81\x7e\x00\x01x"], "rfc-minimal-length"),
        ([frame(8, b"\x03")], "rfc-close-payload"),
        ([frame(8, struct.pack("!H", 1005))], "rfc-close-code"),
        ([frame(8, struct.pack("!H", 1000) + b"\xff")], "rfc-close-reason-utf8"),
    ],
)
def test_a_broken_frame_names_its_clause(frames: list[bytes], clause: str) -> None:
    sink = heard(says(*frames))
    assert sink.findings == [clause]
    assert sink.faults == []


def test_a_fault_of_the_sink_is_told_and_ends_the_link() -> None:
    sink = heard(says(frame(1, b"poison"), frame(1, b"after")))
    assert [type(fault) for fault in sink.faults] == [ZeroDivisionError]
    assert not sink.closed.result().by_server


@pytest.mark.parametrize("fragmented", [False, True])
def test_a_message_over_the_limit_ends_the_link(fragmented: bool) -> None:
    parts = [frame(1, b"x" * 60, fin=False), frame(0, b"x" * 60)]
    sink = heard(
        says(*(parts if fragmented else [frame(1, b"x" * 120)])),
        TransportLimits(max_message_bytes=100),
    )
    assert sink.closed.result().broken
    assert "100 bytes" in sink.closed.result().reason
    assert sink.messages == []
    assert sink.faults == []


def refusal(handler: Handler) -> DialFailed:
    with pytest.raises(DialFailed) as caught:
        heard(handler, TransportLimits(dial_s=0.3))
    return caught.value


def test_a_server_that_accepts_and_says_nothing_is_silent() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    assert refusal(say_nothing).cause is Unavailability.SILENT


@pytest.mark.parametrize(
    ("answer", "cause", "status"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Unavailability.HTTP_STATUS, 404),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", Unavailability.CREDENTIALS, 401),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n", None, 302),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Unavailability.NOT_WEBSOCKET, None),
        (b"", Unavailability.CLOSED, None),
    ],
)
def test_a_refused_upgrade_says_why(answer: bytes, cause: Unavailability | None, status) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    failed = refusal(refuse)
    assert failed.cause is (cause or Unavailability.HTTP_STATUS)
    assert failed.status == status


def test_nobody_listening_is_refused() -> None:
    async def dial_closed_port() -> None:
        server = await asyncio.start_server(says(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        await PicowsDialer().dial(Address(f"ws://127.0.0.1:{port}/"), Recorder())

    with pytest.raises(DialFailed) as caught:
        uvloop.run(dial_closed_port())
    assert caught.value.cause is Unavailability.REFUSED


def test_a_closed_link_swallows_sends_and_closes_again_quietly() -> None:
    async def play() -> Closing:
        server = await asyncio.start_server(says(), "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        sink = Recorder()
        link = await PicowsDialer().dial(Address(url), sink)
        link.abort()
        link.close()
        link.send(b"late")
        async with asyncio.timeout(5):
            closing = await sink.closed
        server.close()
        return closing

    assert not uvloop.run(play()).by_server


class Slow(Recorder):
    """Takes a quarter of a millisecond for each message."""

    def on_message(self, data: bytes, at_ns: int) -> None:
        super().on_message(data, at_ns)
        time.sleep(0.000_25)


def test_a_flood_lets_the_loop_turn_and_loses_nothing() -> None:
    flood = b"".join(frame(1, str(number).encode()) for number in range(4_000))

    async def play() -> tuple[Recorder, list[int]]:
        server = await asyncio.start_server(says(flood), "127.0.0.1", 0)
        sink, seen = Slow(), [0]
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with asyncio.timeout(20):
            link = await PicowsDialer().dial(Address(url), sink)
            while seen[-1] < 4_000:
                await asyncio.sleep(0)
                seen.append(len(sink.messages))
            link.abort()
        server.close()
        return sink, seen

    sink, seen = uvloop.run(play())
    assert max(after - before for before, after in pairwise(seen)) < 2_500
    assert sink.messages == [str(number).encode() for number in range(4_000)]


def test_connections_come_from_the_source_addresses_in_turn() -> None:
    seen: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername")[0])
        await upgrade(reader, writer)
        await reader.read()
        writer.close()

    async def play() -> None:
        server = await asyncio.start_server(note, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        dialer = PicowsDialer(sources=["127.0.0.2", "127.0.0.3"])
        try:
            async with asyncio.timeout(5):
                for _ in range(4):
                    sink = Recorder()
                    (await dialer.dial(Address(url), sink)).close()
                    await sink.closed
        finally:
            server.close()

    uvloop.run(play())
    assert seen == ["127.0.0.2", "127.0.0.3"] * 2


def test_an_address_of_another_machine_cannot_be_a_source() -> None:
    async def dial() -> None:
        await PicowsDialer(sources=["198.51.100.1"]).dial(Address("ws://127.0.0.1:9/"), Recorder())

    with pytest.raises(DialFailed):
        uvloop.run(dial())
