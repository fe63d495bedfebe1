"""Servers that nobody should have to meet: each does one bad thing, for as long as it is let.

A script gets a connected socket and the client's request head, and may do what it likes; that the
client goes away ends it. Bytes are made here by hand, so that nothing of the harness judges itself.
"""

import base64
import hashlib
import json
import random
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

Script = Callable[[socket.socket, str], None]

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CHUNK = bytes(64 * 1024)
PATIENCE_S = 60.0
TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9

# What terminals, pages and XML files must not take as theirs.
EVIL = "\x1b[2J\x1b]0;owned\x07\u202e<script>alert(1)</script>&\"'|`]]>\r\n\x00\ufffe"


class Target:
    """Serves ``script`` on a free port of loopback, each connection on a thread of its own.

    ``tls`` wraps connections; ``early`` runs the script before anything has been read.
    """

    def __init__(
        self, script: Script, *, tls: ssl.SSLContext | None = None, early: bool = False
    ) -> None:
        self.connections = 0
        self._script, self._tls, self._early = script, tls, early
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Where it listens, as a target is named; without TLS."""
        return f"ws://127.0.0.1:{self.port}/chat"

    def close(self) -> None:
        """End everything."""
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        with suppress(OSError, ValueError), closing(plain):
            plain.settimeout(PATIENCE_S)
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with closing(connection):
                self._script(connection, "" if self._early else read_head(connection))


def read_head(connection: socket.socket) -> str:
    """The request head of the client."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            raise OSError("the client has gone")
        head += data
    return head.decode("latin-1")


def switch(head: str, more: str = "") -> bytes:
    """The right 101 for ``head``."""
    lines = (line.partition(":") for line in head.split("\r\n"))
    key = {name.lower(): value.strip() for name, _, value in lines}.get("sec-websocket-key")
    if key is None:
        raise OSError("that is no upgrade")
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    ).encode("latin-1")


def frame(payload: bytes, opcode: int = TEXT, first: int = 0x80) -> bytes:
    """One unmasked frame; ``first`` holds FIN and the reserved bits."""
    size = len(payload)
    if size < 126:
        return bytes((first | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((first | opcode, 126)) + struct.pack(">H", size) + payload
    return bytes((first | opcode, 127)) + struct.pack(">Q", size) + payload


def said(value: object) -> bytes:
    """A text frame with ``value`` as JSON."""
    return frame(json.dumps(value).encode())


def login() -> dict[str, object]:
    """A right Login."""
    return {"MsgStatus": "Login", "Result": True, "msg": None, "Error": None, "NoReadQty": None}


def inbound(connection: socket.socket) -> Iterator[tuple[int, bytes]]:
    """The client's frames, opcode and payload, until it goes."""
    buffer = b""

    def more(count: int) -> bytes:
        nonlocal buffer
        while len(buffer) < count:
            data = connection.recv(65536)
            if not data:
                raise OSError("the client has gone")
            buffer += data
        taken, buffer = buffer[:count], buffer[count:]
        return taken

    while True:
        first, second = more(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(more(2 if size == 126 else 8))
        mask = more(4) if second & 0x80 else b"\0\0\0\0"
        keys = (mask * (size // 4 + 1))[:size]
        payload = int.from_bytes(more(size)) ^ int.from_bytes(keys)
        yield first & 0xF, payload.to_bytes(size)


def hold(connection: socket.socket) -> None:
    """Say nothing more, and stay until the client goes."""
    while connection.recv(65536):
        pass


def forever(connection: socket.socket, data: bytes) -> None:
    """Send ``data`` again and again."""
    while True:
        connection.sendall(data)


def drip(connection: socket.socket, data: bytes) -> None:
    """One byte a second."""
    for byte in data:
        connection.sendall(bytes((byte,)))
        time.sleep(1)
    hold(connection)


def reset(connection: socket.socket) -> None:
    """Drop the connection with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# Scripts. Each returned function is one target.


def raw(data: bytes) -> Script:
    """Answers the request with ``data`` and then says nothing."""

    def script(connection: socket.socket, _head: str) -> None:
        connection.sendall(data)
        hold(connection)

    return script


def endless(before: bytes, again: bytes) -> Script:
    """Answers the request with ``before`` and then ``again`` without end."""

    def script(connection: socket.socket, _head: str) -> None:
        connection.sendall(before)
        forever(connection, again)

    return script


def opened(*frames: bytes, again: bytes = b"") -> Script:
    """Opens, sends ``frames``, and then nothing, or ``again`` without end."""

    def script(connection: socket.socket, head: str) -> None:
        connection.sendall(switch(head) + b"".join(frames))
        if again:
            forever(connection, again)
        hold(connection)

    return script


def leaving(*frames: bytes) -> Script:
    """Opens, sends ``frames`` and hangs up."""

    def script(connection: socket.socket, head: str) -> None:
        connection.sendall(switch(head) + b"".join(frames))

    return script


def silent(connection: socket.socket, _head: str) -> None:
    """Takes everything and says nothing."""
    hold(connection)


def dripping_head(connection: socket.socket, head: str) -> None:
    """Opens at one byte a second."""
    drip(connection, switch(head))


def dripping_frames(connection: socket.socket, head: str) -> None:
    """Opens at once and then logs in at one byte a second."""
    connection.sendall(switch(head))
    drip(connection, said(login()))


def hanging_up(connection: socket.socket, _head: str) -> None:
    """Closes at once."""
    connection.close()


def resetting(connection: socket.socket, _head: str) -> None:
    """Resets at once."""
    reset(connection)


def redirecting(where: str) -> Script:
    """301 to ``where``; ``{here}`` is the target itself."""

    def script(connection: socket.socket, head: str) -> None:
        host = head.split("Host: ", 1)[1].split("\r\n", 1)[0]
        location = where.replace("{here}", host)
        text = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(text.encode())
        hold(connection)

    return script


def answering(answer: Callable[[dict[str, object]], bytes]) -> Script:
    """Logs everybody in, and answers each message by what ``answer`` makes of it."""

    def script(connection: socket.socket, head: str) -> None:
        if head.startswith("POST"):
            connection.sendall(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n")
            return
        connection.sendall(switch(head) + said(login()))
        for opcode, payload in inbound(connection):
            if opcode == CLOSE:
                connection.sendall(frame(payload[:2], CLOSE))
                return
            if opcode == PING:
                connection.sendall(frame(payload, 0xA))
            if opcode == TEXT:
                connection.sendall(answer(understood(payload)))

    return script


def understood(payload: bytes) -> dict[str, object]:
    """A client's message, {} where it is none."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def echo(message: dict[str, object], **over: object) -> dict[str, object]:
    """An accepting Send for ``message``, with other members where ``over`` has them."""
    msg = {
        "SendSn": "X",
        "SendName": "X",
        "SendType": "customer",
        "type": message.get("type"),
        "content": message.get("content"),
        "time": "2026-11-22T13:00:00.000+08:00",
        "read": False,
        "titletype": message.get("titletype"),
        "location": None,
        "info": None,
    }
    frame_ = {"MsgStatus": "Send", "Result": True, "msg": msg, "Error": None, "NoReadQty": None}
    return frame_ | over


def moody(leave: Callable[[socket.socket], None], seed: int) -> Script:
    """Talks like a server, and leaves in the middle of it: one time in three."""
    dice = random.Random(seed)

    def script(connection: socket.socket, head: str) -> None:
        def answer(message: dict[str, object]) -> bytes:
            if dice.random() < 1 / 3:
                leave(connection)
                raise OSError("left")
            return said(echo(message))

        if dice.random() < 1 / 6:
            leave(connection)
            return
        answering(answer)(connection, head)

    return script


def bomb(message_bytes: int) -> bytes:
    """A permessage-deflate frame (RSV1) that nobody asked for."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(bytes(message_bytes)) + packer.flush(zlib.Z_SYNC_FLUSH)
    return frame(packed[:-4], TEXT, 0xC0)


def malformed() -> bytes:
    """Wrong frames of every kind."""
    return b"".join(
        (
            frame(b"reserved", 0x3),
            frame(b"{}", TEXT, 0xF0),
            frame(b"orphan", 0x0),
            frame(b"\xff\xfe", TEXT),
            frame(bytes(200), PING),
            bytes((0x81, 0x85, 1, 2, 3, 4)) + b"xxxxx",
            frame(b"\x03", CLOSE),
        )
    )


EVIL_HEAD = (
    f"HTTP/1.1 503 {EVIL[:60]!r}\x1b[31m<script>\r\nX-{EVIL[:4]}: <script>\x1b[2J\r\n"
    "Content-Length: 0\r\n\r\n"
).encode("latin-1", "replace")


def evil_login() -> bytes:
    """A refusal whose every text wants to be run."""
    return said({EVIL: EVIL, "MsgStatus": "Login", "Result": False, "msg": None, "Error": EVIL})


def evil_answer(message: dict[str, object]) -> bytes:
    """A Send whose every text wants to be run."""
    texts = ("SendSn", "SendName", "SendType", "type", "content", "time", "titletype")
    msg: dict[str, object] = dict.fromkeys((*texts, EVIL), EVIL)
    info = dict.fromkeys(("name", "status", "price"), EVIL)
    place = {"addr": EVIL, "latitude": EVIL, "longitude": 1}
    whole = msg | {"read": EVIL, "info": info, "location": place}
    return said(echo(message, msg=whole, Error=EVIL) | {EVIL: EVIL})


def evil_close(connection: socket.socket, head: str) -> None:
    """Opens, and closes with a reason that wants to be run."""
    reason = EVIL.encode()[:120]
    connection.sendall(switch(head, f"X-Evil: {EVIL[:4]}\r\n"))
    connection.sendall(frame(struct.pack(">H", 1011) + reason, CLOSE))
    hold(connection)


def with_msg(text: str) -> bytes:
    """A Receive whose JSON is spoilt by ``text`` in a member that nobody knows."""
    return frame(f'{{"MsgStatus":"Receive","Result":true,"NoReadQty":1,"x":{text}}}'.encode())


DEEP = with_msg("[" * 200_000 + "]" * 200_000)
HUGE_NUMBER = with_msg("9" * 1_000_000) + with_msg("1e999999999") + with_msg("-" + "1" * 5_000)
HUGE_STRING = with_msg('"' + "x" * 6_000_000 + '"')
MANY_MEMBERS = with_msg("{" + ",".join(f'"{n:x}":0' for n in range(500_000)) + "}")
SURROGATES = with_msg('"\\ud800 \\udfff \\ud800\\ud800"')
RECEIVE = said({**echo({}), "MsgStatus": "Receive", "NoReadQty": 1})
HTTP2 = b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"
OK = b"HTTP/1.1 200 OK\r\n"

BEFORE_OPENING: dict[str, Script] = {
    "silent": silent,
    "garbage": raw(random.Random(1).randbytes(4096) + b"\r\n\r\n"),
    "endless garbage": endless(b"", random.Random(2).randbytes(65536)),
    "http2": raw(HTTP2),
    "endless header": endless(OK + b"X-Long: ", b"a" * 65536),
    "endless headers": endless(OK, b"X-More: a\r\n" * 1000),
    "endless interim": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "endless body": endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10\r\n" + b"x" * 16 + b"\r\n"
    ),
    "dripping head": dripping_head,
    "hanging up": hanging_up,
    "resetting": resetting,
    "redirect to itself": redirecting("http://{here}/chat"),
    "redirect elsewhere": redirecting("ws://192.0.2.1/chat"),
    "evil head": raw(EVIL_HEAD),
}
AFTER_OPENING: dict[str, Script] = {
    "mute": opened(),
    "dripping frames": dripping_frames,
    "endless frame": opened(bytes((0x81, 127)) + struct.pack(">Q", 1 << 62), again=CHUNK),
    "endless frames": opened(said(login()), again=RECEIVE * 200),
    "endless fragments": opened(frame(b"{", TEXT, 0), again=frame(b" " * 4096, 0, 0) * 16),
    "endless empty fragments": opened(frame(b"{", TEXT, 0), again=frame(b"", 0, 0) * 10_000),
    "endless pings": opened(said(login()), again=frame(b"x" * 125, PING) * 500),
    "endless closes": opened(again=frame(b"\x03\xe8", CLOSE) * 1000),
    "malformed": opened(said(login()), malformed()),
    "random bytes": opened(random.Random(3).randbytes(1 << 20)),
    "bomb": opened(bomb(1 << 28)),
    "deep": opened(said(login()), DEEP),
    "huge number": opened(said(login()), HUGE_NUMBER),
    "huge string": opened(said(login()), HUGE_STRING),
    "many members": opened(said(login()), MANY_MEMBERS, again=b""),
    "surrogates": opened(said(login()), SURROGATES),
    "evil login": opened(evil_login()),
    "evil close": evil_close,
    "evil answers": answering(evil_answer),
    "closing at random": moody(lambda connection: connection.close(), 4),
    "resetting at random": moody(reset, 5),
}
SCRIPTS = BEFORE_OPENING | AFTER_OPENING
