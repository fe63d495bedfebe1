"""Servers that do exactly what a test scripts, on a real socket."""

import socket
import threading
from contextlib import closing, suppress

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.transcript import Transcript
from harness.blocking.wire import Diary
from harness.target import Credentials
from harness.wire_handshake import accept_value


class Scripted:
    """Runs ``script(connection, key)`` for each client, after reading its request head."""

    def __init__(self, script):
        self.heads = []
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}/chat"

    def _serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with suppress(OSError), closing(connection):
            head = b""
            while b"\r\n\r\n" not in head and (data := connection.recv(65536)):
                head += data
            self.heads.append(head.decode("latin-1"))
            _, _, tail = self.heads[-1].partition("Sec-WebSocket-Key: ")
            self._script(connection, tail.partition("\r\n")[0])

    def close(self):
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def switch(key):
    """The head that accepts an upgrade with ``key``."""
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_value(key)}\r\n\r\n"
    ).encode()


@pytest.fixture
def scripted():
    """Start a server of a script; ends with the test."""
    servers = []

    def start(script):
        servers.append(Scripted(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def findings():
    return []


@pytest.fixture
def transcript():
    """Knows the token of ``knock`` before anything is said, as the suite's do."""
    transcript = Transcript()
    transcript.hide("s3cret")
    return transcript


@pytest.fixture
def diary(findings, transcript):
    return Diary("C1", transcript, findings.append)


@pytest.fixture
def soon():
    return Deadline.after(5)


@pytest.fixture(name="switch")
def switch_fixture():
    return switch


@pytest.fixture
def upgraded():
    """Turns a script of a connection into one that accepts the upgrade first."""

    def wrap(script):
        def run(connection, key):
            connection.sendall(switch(key))
            script(connection)

        return run

    return wrap


@pytest.fixture
def knock():
    """Credentials for a URL, with a token that must not be seen anywhere."""
    return lambda url: Credentials(
        f"{url}?access_token=s3cret", (("Authorization", "Bearer s3cret"),)
    )
