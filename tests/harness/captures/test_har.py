"""HAR files as browsers and proxies write them, read in a stream."""

import base64
import io
import json
from pathlib import Path

import pytest

from harness.captures import har as reader
from harness.captures.steps import (
    Author,
    CaptureDamaged,
    Closed,
    Message,
    NoCapture,
    Opened,
    Remark,
    Secret,
    Step,
)
from tests.harness.captures.made_captures import (
    HONEST,
    START_S,
    Frame,
    har,
    har_entry,
    har_messages,
    http_entry,
    talk,
)


def read(text: str | bytes) -> list[Step]:
    data = text.encode() if isinstance(text, str) else text
    return list(reader.read(io.BytesIO(data), "x.har"))


def messages(*found: Frame) -> list[Message]:
    steps = read(har(har_entry(list(found))))
    return [step for step in steps if isinstance(step, Message)]


def one(**found: object) -> Message:
    [message] = messages({"type": "receive", "time": START_S, "opcode": 1, "data": "{}", **found})
    return message


def test_each_socket_is_a_connection_numbered_by_its_entry() -> None:
    entries = [http_entry(), har_entry(har_messages(HONEST)), har_entry(har_messages(talk({})))]
    steps = read(har(*entries))
    assert [s for s in steps if isinstance(s, Opened)] == [
        Opened("connection 2", foreign=True),
        Opened("connection 3", foreign=True),
    ]
    assert [s.connection for s in steps if isinstance(s, Closed)] == [
        "connection 2",
        "connection 3",
    ]
    counted = [s.connection for s in steps if isinstance(s, Message)]
    assert counted == ["connection 2"] * len(HONEST) + ["connection 3"]


def test_times_keep_their_microseconds() -> None:
    assert one(time=1763800000.123456).at_ns == 1763800000123456000


def test_times_may_be_milliseconds_as_in_playwright() -> None:
    assert one(time=1763800000123.456).at_ns == 1763800000123456000


@pytest.mark.parametrize("time", [None, "2026-11-22", True, 1e300, [], -1])
def test_a_time_that_is_none_is_left_out(time: object) -> None:
    assert one(time=time).at_ns is None


def test_binary_data_is_decoded() -> None:
    data = base64.b64encode(b"\x00\xff").decode()
    assert one(opcode=2, data=data) == Message(
        "connection 1", False, b"\x00\xff", one().at_ns, text=False
    )


@pytest.mark.parametrize(
    "left_out", [{"opcode": 8}, {"opcode": 9}, {"opcode": -1}, {"type": "error"}]
)
def test_control_frames_and_errors_are_no_messages(left_out: Frame) -> None:
    assert messages({"type": "receive", "opcode": 1, "data": "x", **left_out}) == []


def test_data_that_is_no_text_is_not_whole() -> None:
    assert not one(data=None).whole
    assert not one(_whole=False).whole


def test_members_of_other_objects_are_not_taken_for_messages() -> None:
    entry = http_entry() | {"_initiator": {"_webSocketMessages": [{"type": "send", "data": "{}"}]}}
    with pytest.raises(NoCapture, match="1 requests and no WebSocket message"):
        read(har(entry))


def test_of_an_address_the_host_alone_is_told() -> None:
    url = "wss://me:passw0rd@shop.example:8443/chat/AbCdEf0123456789AbCdEf?access_token=TOKEN77"
    steps = read(har(har_entry(har_messages(HONEST), url=url)))
    [remark] = [step for step in steps if isinstance(step, Remark)]
    assert remark.text == "connection 1 of the HAR file went to wss://shop.example:8443"
    hidden = {step.text for step in steps if isinstance(step, Secret)}
    assert hidden == {"passw0rd", "TOKEN77", "AbCdEf0123456789AbCdEf"}


def test_credentials_of_a_socket_are_named_as_secrets() -> None:
    request = {
        "headers": [
            {"name": "Authorization", "value": "Bearer HEADER77"},
            {"value": "a=COOKIE77; lang=zh", "name": "Cookie"},
            {"name": "User-Agent", "value": "Mozilla/5.0"},
        ],
        "cookies": [{"name": "sid", "value": "JAR77777"}],
        "queryString": [{"name": "q", "value": "QUERY777"}],
    }
    steps = read(har(har_entry(har_messages(HONEST), request=request)))
    hidden = {step.text for step in steps if isinstance(step, Secret)}
    assert {"HEADER77", "COOKIE77", "JAR77777", "QUERY777"} <= hidden
    assert "Mozilla/5.0" not in hidden
    assert not any(word in repr(steps) for word in ("HEADER77", "COOKIE77", "JAR77777"))


def test_our_own_har_names_its_author() -> None:
    assert Author() in read(har(har_entry(har_messages(HONEST)), creator="chatsocket-harness"))
    assert Author() not in read(har(har_entry(har_messages(HONEST))))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"log": {"entries": [nope', "is damaged: it is no JSON from some place on"),
        ('{"log": {"entries": [{"a', "breaks off in the middle"),
        ('{"log": ' + "[" * 500, "nests too deeply"),
    ],
)
def test_damage_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CaptureDamaged, match=r"x\.har") as caught:
        read(text)
    assert sentence in str(caught.value)


class Endless(io.RawIOBase):
    """A HAR file with one value that never ends."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        head = b'{"log":{"entries":[{"a":"' if not self.given else b""
        self.given += size
        return head + b"x" * (size - len(head))


def test_a_value_without_end_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUE_BYTES", 1 << 20)
    stream = Endless()
    with pytest.raises(CaptureDamaged, match="holds a value of more than 1 MiB"):
        list(reader.read(stream, "x.har"))  # type: ignore[arg-type]
    assert stream.given < 3 << 20


def test_a_pretty_printed_har_reads_the_same(tmp_path: Path) -> None:
    text = har(har_entry(har_messages(HONEST)))
    assert read(json.dumps(json.loads(text), indent=2)) == read(text)
