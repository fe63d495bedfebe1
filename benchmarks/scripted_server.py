"""The server that all generators drive: bare picows, ``Login`` and then one ``Send`` per text.

Delivers nothing and parses nothing: the content of a text is cut out of its bytes and echoed, in a
frame of about 300 bytes. Counts what it does in a shared file, so that generators of every kind are
counted by the same books. Prints its URL first.

    python -m benchmarks.scripted_server --books FILE
"""

import argparse
import asyncio
import logging
import mmap
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

FIELDS = ("connections", "acks", "bytes_in", "bytes_out")
BOOKS_BYTES = 8 * len(FIELDS)
LOGIN = b'{"MsgStatus":"Login","Result":true,"msg":null,"Error":null}'
_BEFORE = (
    '{"MsgStatus":"Send","Result":true,"msg":{"SendSn":"%s","SendName":"顧客%s",'
    '"SendType":"customer","type":"text","content":"'
)
_AFTER = (
    b'","time":"2026-11-22T10:00:00.000+08:00","read":false,"titletype":null,'
    b'"location":null,"info":null},"Error":null}'
)
_CONTENT, _END = b'"content":"', b'","read"'


class Books(msgspec.Struct, frozen=True):
    """What the server has done so far."""

    connections: int
    acks: int
    bytes_in: int
    bytes_out: int


def read_books(path: Path) -> Books:
    """The books as they stand."""
    return Books(*memoryview(path.read_bytes()).cast("Q"))


class Guest(WSListener):
    """One connection."""

    def __init__(self, sn: str, books: memoryview) -> None:
        number = sn.rpartition("C")[2]  # minted accounts: the name ends as the number does
        self._head = (_BEFORE % (sn, number)).encode()
        self._books = books

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._books[0] += 1
        transport.send(WSMsgType.TEXT, LOGIN)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            if frame.msg_type is WSMsgType.CLOSE:
                transport.send_close(1000)
                transport.disconnect()
            return
        said = frame.get_payload_as_bytes()
        begin = said.find(_CONTENT) + len(_CONTENT)
        answer = self._head + said[begin : said.find(_END, begin)] + _AFTER
        transport.send(WSMsgType.TEXT, answer)
        books = self._books
        books[1] += 1
        books[2] += len(said)
        books[3] += len(answer)


def _sn_of(request: WSUpgradeRequest) -> str:
    query = parse_qs(urlsplit(bytes(request.path)).query)
    return query.get(b"sn", [b"C1"])[0].decode()


async def serve(books: memoryview) -> None:
    """Serve until the process is ended."""
    server = await ws_create_server(
        lambda request: Guest(_sn_of(request), books),
        "127.0.0.1",
        0,
        backlog=4096,
        read_buffer_init_size=2048,
    )
    port = server.sockets[0].getsockname()[1]
    print(f"ws://127.0.0.1:{port}/chat", flush=True)
    await asyncio.get_running_loop().create_future()


def main() -> None:
    """Serve, counting in the file given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--books", type=Path, required=True)
    path = parser.parse_args().books
    logging.getLogger("picows").setLevel(logging.ERROR)
    path.write_bytes(bytes(BOOKS_BYTES))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), BOOKS_BYTES) as shared:
        uvloop.run(serve(memoryview(shared).cast("Q")))


if __name__ == "__main__":
    main()
