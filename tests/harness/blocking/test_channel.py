"""A channel survives whatever a server does, in bounded time, and says how it ended."""

import itertools
import queue
import socket
import time

import pytest

from harness.blocking import channel as channel_module
from harness.blocking.channel import Channel, Control, Message
from harness.blocking.deadline import Deadline
from harness.blocking.dial import Route
from harness.blocking.wire import Cause, Shape
from harness.errors import TargetUnavailable, Unavailability
from harness.wire_frames import Framing, Opcode, encode_frame

PLAIN = Framing(mask=None)


def text(payload):
    return encode_frame(Opcode.TEXT, payload, PLAIN)


def close(code, reason=b""):
    return encode_frame(Opcode.CLOSE, code.to_bytes(2) + reason, PLAIN)


def wait_for_end(connection):
    while connection.recv(65536):
        pass


@pytest.fixture
def open_channel(diary, soon, knock):
    channels = []

    def go(url, deadline=soon):
        channels.append(Channel.open(knock(url), Route(url), diary, deadline))
        return channels[-1]

    yield go
    for channel in channels:
        channel.give_up()


@pytest.fixture
def connect(scripted, upgraded, open_channel):
    return lambda script: open_channel(scripted(upgraded(script)).url)


def says(data):
    def script(connection):
        connection.sendall(data)
        wait_for_end(connection)

    return script


def test_messages_come_joined_and_in_order(connect, soon):
    fragments = encode_frame(Opcode.TEXT, b"\xe6", Framing(mask=None, fin=False))
    fragments += encode_frame(Opcode.CONTINUATION, b"\x82\xa8", PLAIN)
    channel = connect(says(text(b"{}") + fragments))
    assert [channel.receive(soon) for _ in range(2)] == [Message(b"{}"), Message("您".encode())]


def test_silence_ends_at_the_deadline_and_reading_may_go_on(connect, soon):
    def script(connection):
        connection.recv(100)
        connection.sendall(text(b"late"))
        wait_for_end(connection)

    channel = connect(script)
    assert channel.receive(Deadline.after(0.05)) is None
    channel.send_text(b"now", soon)
    assert channel.receive(soon) == Message(b"late")


def test_a_ping_is_answered_with_its_payload(connect, soon):
    seen = []

    def script(connection):
        connection.sendall(encode_frame(Opcode.PING, b"abc", PLAIN))
        seen.append(connection.recv(100))
        connection.sendall(close(1000))
        wait_for_end(connection)

    channel = connect(script)
    assert channel.receive(soon) == Control(Opcode.PING, b"abc")
    assert channel.receive(soon).code == 1000
    assert seen[0][0] == 0x8A
    assert seen[0][1] == 0x83


@pytest.mark.parametrize(
    ("data", "cause", "code"),
    [
        (close(1001, b"bye"), Cause.CLOSE, 1001),
        (close(1010), Cause.CLOSE, 1010),
        (encode_frame(Opcode.TEXT, b"x", Framing(mask=None, rsv=4)), Cause.VIOLATION, None),
        (text(b"\xff"), Cause.VIOLATION, None),
        (text("長".encode()[:2]), Cause.VIOLATION, None),
        (encode_frame(0x3, b"", PLAIN), Cause.VIOLATION, None),
        (
            encode_frame(Opcode.TEXT, b"", Framing(mask=None, announced=1 << 60)),
            Cause.OVERSIZE,
            None,
        ),
    ],
)
def test_how_a_connection_ends(connect, soon, data, cause, code):
    channel = connect(says(data))
    end = channel.receive(soon)
    assert (end.cause, end.code) == (cause, code)
    assert channel.receive(soon) is end
    assert not channel.send_text(b"too late", soon)


def test_a_server_that_hangs_up_is_the_end_of_the_stream(connect, soon):
    assert connect(lambda connection: None).receive(soon).cause is Cause.EOF


def test_a_reset_is_told_apart(connect, soon):
    def script(connection):
        connection.recv(100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    channel = connect(script)
    channel.send_text(b"x", soon)
    assert channel.receive(soon).cause is Cause.RESET


def test_the_code_of_a_close_is_kept_when_the_answer_to_it_cannot_be_sent(connect, soon):
    def script(connection):
        connection.sendall(close(1008, b"no"))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    end = connect(script).receive(soon)
    assert (end.code, end.reason) == (1008, "no")


def test_data_after_the_close_is_heard_by_the_judge(connect, soon, findings):
    def script(connection):
        connection.sendall(close(1000))
        connection.recv(100)
        connection.sendall(text(b"{}"))

    assert connect(script).receive(soon).code == 1000
    assert [finding.clause for finding in findings] == ["rfc-no-data-after-close"]


def test_closing_waits_for_the_answer_and_sends_one_close(connect, soon):
    seen = queue.Queue()

    def script(connection):
        seen.put(connection.recv(100))
        connection.sendall(text(b"on its way") + close(1000))
        seen.put(connection.recv(100))

    assert connect(script).close(soon).code == 1000
    assert seen.get(timeout=5)[0] == 0x88
    assert seen.get(timeout=5) == b""


def test_an_endless_message_is_given_up(connect, soon, monkeypatch):
    monkeypatch.setattr(channel_module, "MAX_MESSAGE_BYTES", 1000)

    def script(connection):
        connection.sendall(encode_frame(Opcode.TEXT, b"", Framing(fin=False, mask=None)))
        for _ in itertools.count():
            more = encode_frame(Opcode.CONTINUATION, b"x" * 100, Framing(fin=False, mask=None))
            connection.sendall(more)

    assert connect(script).receive(soon).cause is Cause.OVERSIZE


def test_an_endless_flood_of_empty_fragments_ends_with_the_deadline(connect):
    def script(connection):
        connection.sendall(encode_frame(Opcode.TEXT, b"", Framing(fin=False, mask=None)))
        flood = encode_frame(Opcode.CONTINUATION, b"", Framing(fin=False, mask=None)) * 1000
        while True:
            connection.sendall(flood)

    channel = connect(script)
    started = time.monotonic()
    assert channel.receive(Deadline.after(0.1)) is None
    assert time.monotonic() - started < 4


def test_one_byte_at_a_time_does_not_stretch_the_deadline(connect):
    def script(connection):
        for byte in text(b"x" * 100):
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    channel = connect(script)
    started = time.monotonic()
    assert channel.receive(Deadline.after(0.3)) is None
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("shape", Shape)
def test_raw_bytes_arrive_whole_in_every_shape(connect, soon, shape):
    frames = [encode_frame(0x3, b"abc"), encode_frame(Opcode.PING, bytes(126))]

    def script(connection):
        seen = b""
        while len(seen) < sum(map(len, frames)):
            seen += connection.recv(1000)
        connection.sendall(text(seen.hex().encode()))
        wait_for_end(connection)

    channel = connect(script)
    channel.send_frames(frames, soon, shape)
    assert channel.receive(soon) == Message(b"".join(frames).hex().encode())


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Unavailability.HTTP_STATUS),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\n\r\n", Unavailability.HTTP_STATUS),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", Unavailability.CREDENTIALS),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Unavailability.NOT_WEBSOCKET),
        (b"", Unavailability.CLOSED),
    ],
)
def test_what_a_failed_upgrade_is_called(scripted, answer, cause, open_channel):
    server = scripted(lambda connection, key: connection.sendall(answer))
    with pytest.raises(TargetUnavailable) as raised:
        open_channel(server.url)
    assert raised.value.cause is cause


@pytest.mark.parametrize(
    ("location", "shown"),
    [("wss://me:pw@elsewhere:8/secret?key=secret", "elsewhere:8"), ("/secret", "another path")],
)
def test_a_redirect_is_named_without_what_may_be_secret(scripted, open_channel, location, shown):
    answer = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\n\r\n".encode()
    server = scripted(lambda connection, key: connection.sendall(answer))
    with pytest.raises(TargetUnavailable) as raised:
        open_channel(server.url)
    assert raised.value.detail == f"HTTP 301, a redirect to {shown}"


def test_a_server_that_accepts_and_says_nothing_is_silent(scripted, open_channel):
    server = scripted(lambda connection, key: wait_for_end(connection))
    with pytest.raises(TargetUnavailable) as raised:
        open_channel(server.url, Deadline.after(0.1))
    assert raised.value.cause is Unavailability.SILENT


def test_nobody_listening_is_refused(open_channel):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
    with pytest.raises(TargetUnavailable) as raised:
        open_channel(url)
    assert raised.value.cause is Unavailability.REFUSED


def test_interim_answers_are_skipped_and_early_frames_kept(scripted, soon, switch, open_channel):
    def script(connection, key):
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" + switch(key) + text(b"{}"))
        wait_for_end(connection)

    server = scripted(script)
    channel = open_channel(server.url)
    assert channel.receive(soon) == Message(b"{}")


def test_the_request_carries_the_login_and_the_transcript_does_not(connect, transcript, soon):
    channel = connect(says(text(b'{"you are":"s3cret"}')))
    channel.receive(soon)
    shown = "\n".join(f"{line.what} {line.payload}" for line in transcript.lines())
    assert "Authorization: ***" in shown
    assert "access_token=***" in shown
    assert "s3cret" not in shown
    assert '{"you are":"***"}' in shown


def test_a_cookie_is_not_shown(scripted, transcript, switch, open_channel):
    def script(connection, key):
        connection.sendall(switch(key).replace(b"\r\n\r\n", b"\r\nSet-Cookie: id=s3cret\r\n\r\n"))
        wait_for_end(connection)

    server = scripted(script)
    open_channel(server.url)
    assert not any("s3cret" in line.payload for line in transcript.lines())


def test_environment_proxies_are_not_used(connect, monkeypatch, soon):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert connect(says(text(b"{}"))).receive(soon) == Message(b"{}")
