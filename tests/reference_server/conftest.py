"""A live server of its own for every test that asks, and clients that fail instead of hanging."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import websocket

from schemas.account_tokens import Identity, mint
from schemas.messages import InMsg, encode
from schemas.words import Role

DEADLINE_S = 10.0


class Chat:
    """A blocking client: what it sends is raw, what it gets is decoded."""

    def __init__(self, url: str, token: str | None, **more: Any) -> None:
        header = [f"Authorization: Bearer {token}"] if token is not None else []
        self.ws = websocket.create_connection(
            url,
            timeout=DEADLINE_S,
            header=header,
            http_no_proxy=["127.0.0.1"],
            skip_utf8_validation=True,
            **more,
        )

    def tell(self, message: InMsg | str) -> None:
        self.ws.send(encode(message) if isinstance(message, InMsg) else message, 0x1)

    def next(self) -> dict[str, Any]:
        opcode, frame = self.ws.recv_data_frame(control_frame=False)
        assert opcode == 0x1, (opcode, frame.data)
        return json.loads(frame.data)

    def ask(self, message: InMsg | str) -> dict[str, Any]:
        self.tell(message)
        return self.next()

    def close_code(self) -> int | None:
        """The code of the Close that ends the connection; None when it ends without one."""
        with suppress(websocket.WebSocketConnectionClosedException, ConnectionError):
            opcode = 0
            while opcode != 0x8:
                opcode, frame = self.ws.recv_data_frame(control_frame=True)
            return int.from_bytes(frame.data[:2], "big")
        return None


class Peer:
    """A running ``python -m reference_server``."""

    def __init__(self, process: subprocess.Popen[str], url: str, stack: ExitStack) -> None:
        self.process = process
        self.url = url
        self.http = url.replace("ws://", "http://")
        self.sslopt: dict[str, str] = {}
        self._stack = stack

    def connect(self, token: str | None, query: str = "", *, origin: str | None = None) -> Chat:
        suppressed = origin is None
        chat = Chat(
            self.url + query,
            token,
            origin=origin,
            suppress_origin=suppressed,
            sslopt=self.sslopt,
        )
        self._stack.callback(chat.ws.shutdown)
        return chat

    def login(self, sn: str, role: Role) -> Chat:
        chat = self.connect(mint(Identity(sn, role, f"name of {sn}")))
        assert chat.next()["Result"] is True
        return chat

    def customer(self, sn: str = "C1") -> Chat:
        return self.login(sn, Role.CUSTOMER)

    def staff(self, sn: str = "S1") -> Chat:
        return self.login(sn, Role.STAFF)


def spawn(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """``python -m reference_server`` with these arguments."""
    return subprocess.Popen(
        [sys.executable, "-m", "reference_server", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture
def start() -> Iterator[Callable[..., Peer]]:
    """Start servers that are gone after the test."""
    with ExitStack() as stack:

        def begin(*arguments: str, **environment: str) -> Peer:
            process = stack.enter_context(spawn(*arguments, **environment))
            stack.callback(process.kill)
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, process.communicate()[1]
            return Peer(process, url, stack)

        yield begin


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """One server shared by a module's tests; accounts are theirs to keep apart."""
    with ExitStack() as stack:
        process = stack.enter_context(spawn())
        stack.callback(process.kill)
        assert process.stdout is not None
        yield Peer(process, process.stdout.readline().strip(), stack)


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Run a server that must refuse to start; its one sentence."""

    def run(*arguments: str, **environment: str) -> str:
        with spawn(*arguments, **environment) as process:
            try:
                out, err = process.communicate(timeout=DEADLINE_S)
            finally:
                process.kill()
        assert (process.returncode, out) == (2, ""), err
        assert err.count("\n") == 1, err
        return err.strip()

    return run
