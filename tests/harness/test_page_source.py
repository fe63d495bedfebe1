"""Getting a help page: from files, stdin and servers, whatever those do."""

import gzip
import io
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness.errors import HarnessError, TargetUnavailable, UsageError
from harness.page_source import as_usage_error, load_page, page_address
from schemas.help_page.html_drawing import draw_page
from schemas.help_page.outline import outline
from schemas.help_page.reading import MAX_PAGE_BYTES
from schemas.help_page.shipped import shipped_page
from schemas.verdicts import ExitCode

DRAWN = draw_page(shipped_page()).encode()

Answer = Callable[[socket.socket], object]
Serve = Callable[[Answer], str]


def whole(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return lambda peer: peer.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that reads each request's head and then does as it is told; its URL."""
    listeners: list[socket.socket] = []

    def start(answer: Answer) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=run, args=(listener, answer), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/Help/Api/x?token=hunter2"

    def run(listener: socket.socket, answer: Answer) -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                with peer, suppress(OSError):
                    peer.recv(65536)
                    answer(peer)

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def failure(source: str, **options: float) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        load_page(source, **options)
    assert caught.value.advice
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(DRAWN)
    assert load_page(str(file)) == shipped_page()


def test_stdin_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DRAWN)))
    assert load_page("-") == shipped_page()


def test_a_server_is_asked_and_its_charset_believed(serve: Serve) -> None:
    page = DRAWN.decode().replace('<meta charset="utf-8" />', "").encode("utf-16-be")
    served = whole(page, "Content-Type: text/html; charset=utf-16be")
    assert load_page(serve(served)) == shipped_page()


def test_redirects_are_followed(serve: Serve) -> None:
    there = serve(whole(DRAWN, "Content-Type: text/html"))
    moved = whole(b"", f"Location: {there}", status="302 Found")
    assert load_page(serve(moved)) == shipped_page()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch(mode=0)
    assert "Permission denied" in str(failure(str(file)))


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    assert "No such file" in str(failure(str(tmp_path / "none.txt")))
    assert "is no file" in str(failure(str(tmp_path)))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "is no file" in str(failure(str(pipe)))
    assert "cannot read" in str(failure("a\0b"))


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as out:
        out.truncate(1 << 30)
    assert f"{MAX_PAGE_BYTES:,} bytes" in str(failure(str(file)))


def test_what_the_page_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    text = DRAWN.decode().replace("application/json, text/json", "application/json, \x1b[31m")
    assert "{\n  &quot;type" in text
    file = tmp_path / "page.html"
    file.write_text(text.replace("{\n  &quot;type", "{\x1b[2J"), encoding="utf-8")
    with pytest.raises(UsageError) as caught, as_usage_error(str(file)):
        outline(load_page(str(file)))
    assert "no JSON" in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "https://:80/x", "http://h:99999/", "http://[::1/"])
def test_half_an_address_is_told(url: str) -> None:
    assert "is no whole address" in str(failure(url))


def test_a_closed_port_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/?token=hunter2")
    assert isinstance(error, TargetUnavailable)
    assert "refused the connection" in str(error)
    assert error.exit_code == ExitCode.NO_VERDICT


@pytest.mark.parametrize(
    ("answer", "sentence", "code"),
    [
        (whole(b"", status="404 Not Found"), "answered 404 Not Found", 3),
        (whole(b"", status="401 Unauthorized"), "save the page", 3),
        (whole(b"<input type=password>"), "is a login form", 2),
        (whole(b"<h1>Welcome</h1>"), "is no help page", 2),
        (whole(b"", "Location: /x", status="302 Found"), "redirects in circles", 2),
        (lambda peer: peer.close(), "cannot be reached", 3),
        (lambda peer: peer.sendall(b"SSH-2.0-x\r\n"), "cannot be reached", 3),
        (whole(b"x" * (MAX_PAGE_BYTES + 5)), "bytes, so it is no help page", 2),
        (whole(gzip.compress(b"x" * 90_000_000), "Content-Encoding: gzip"), "bytes, so it is", 2),
    ],
)
def test_servers_that_give_no_page_are_told(
    serve: Serve, answer: Answer, sentence: str, code: int
) -> None:
    error = failure(serve(answer))
    assert sentence in str(error)
    assert error.exit_code == code


def test_tls_against_a_server_without_it_is_told(serve: Serve) -> None:
    url = serve(lambda peer: peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert "failed the TLS handshake" in str(failure(url.replace("http:", "https:")))


def drip(peer: socket.socket) -> None:
    """One byte at a time, for ever: every single wait is short."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        peer.sendall(b"<")
        time.sleep(0.02)


def test_a_server_that_drips_is_left_after_the_deadline(serve: Serve) -> None:
    started = time.monotonic()
    error = failure(serve(drip), deadline_s=0.3)
    assert "did not give the page within 0.3 s" in str(error)
    assert error.exit_code == ExitCode.NO_VERDICT
    assert time.monotonic() - started < 5


def test_a_silent_server_is_left_after_the_deadline(serve: Serve) -> None:
    quiet = threading.Event()
    try:
        assert "within 0.2 s" in str(failure(serve(lambda _: quiet.wait(5)), deadline_s=0.2))
    finally:
        quiet.set()


def test_a_page_that_cannot_be_read_is_the_users_affair(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("hello")
    assert isinstance(failure(str(file)), UsageError)


@pytest.mark.parametrize(
    ("page", "url", "address"),
    [
        ("/Help", "ws://h:81/chat?x=1", "http://h:81/Help"),
        ("/Help", "wss://h/chat", "https://h/Help"),
        ("http://other/Help", "wss://h/chat", "http://other/Help"),
    ],
)
def test_a_page_may_be_a_path_on_the_server(page: str, url: str, address: str) -> None:
    assert page_address(page, url) == address
