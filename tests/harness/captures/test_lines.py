"""Captures of one JSON object a line."""

import base64
import io
import json

import pytest

from harness.captures import lines
from harness.captures.steps import CaptureDamaged, Closed, Message, NoCapture, Opened, Step
from tests.harness.captures.made_captures import HONEST, START_S, har_messages, login, wrapped


def read(text: str | bytes) -> list[Step]:
    data = text.encode() if isinstance(text, str) else text
    return list(lines.read(io.BytesIO(data), "x"))  # type: ignore[arg-type]


def messages(text: str | bytes) -> list[Message]:
    return [step for step in read(text) if isinstance(step, Message)]


def test_a_wrapped_frame_tells_direction_and_time() -> None:
    [first, second, *_] = messages(wrapped(HONEST))
    assert (first.sent, second.sent) == (False, True)
    assert first.at_ns == int(START_S * 1e9)
    assert json.loads(first.data) == login()


def test_a_bare_line_is_a_frame_of_the_server() -> None:
    [message] = messages(b'  {"MsgStatus":"Login", "Result":true}\r\n')
    assert message == Message("connection", False, b'{"MsgStatus":"Login", "Result":true}')


def test_a_bare_line_that_is_no_json_is_a_broken_frame() -> None:
    assert [m.data for m in messages(b'{"a":1}\n{"a":\n{"b":2}\n')] == [
        b'{"a":1}',
        b'{"a":',
        b'{"b":2}',
    ]


def test_connections_are_told_apart_by_name_and_closed_at_the_end() -> None:
    steps = read(wrapped(HONEST[:1], connection="a") + wrapped(HONEST[:2], connection="b"))
    assert [s.connection for s in steps if isinstance(s, Opened)] == ["a", "b"]
    assert [s.connection for s in steps if isinstance(s, Closed)] == ["a", "b"]


def test_data_may_be_an_object_or_binary() -> None:
    line = {"sent": False, "data": {"MsgStatus": "Login"}}
    binary = {"sent": False, "data": base64.b64encode(b"\xff").decode(), "binary": True}
    [text, blob] = messages(json.dumps(line) + "\n" + json.dumps(binary) + "\n")
    assert (text.data, text.text) == (b'{"MsgStatus":"Login"}', True)
    assert (blob.data, blob.text) == (b"\xff", False)


def test_messages_as_har_files_hold_them_may_stand_in_lines() -> None:
    rows = [*har_messages(HONEST), {"type": "receive", "time": 1, "opcode": 8, "data": ""}]
    found = messages("".join(json.dumps(row) + "\n" for row in rows))
    assert [m.sent for m in found] == [sent for _, sent, _ in HONEST]
    assert found[0].at_ns == int(START_S * 1e9)


@pytest.mark.parametrize(
    "line",
    [
        '{"sent":"yes","data":"{}"}',
        '{"sent":true,"data":5}',
        '{"sent":true,"data":"!","binary":true}',
    ],
)
def test_a_wrapped_frame_that_is_none_is_damage(line: str) -> None:
    with pytest.raises(CaptureDamaged, match="line 2 is no such line"):
        read('{"sent":true,"data":"{}"}\n' + line + "\n")


def test_a_last_line_without_its_end_is_told_from_a_broken_frame() -> None:
    with pytest.raises(CaptureDamaged, match="line 2 breaks off in the middle"):
        read('{"a":1}\n{"a":')
    assert len(messages('{"a":1}\n{"a":2}')) == 2


def test_a_line_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1 << 20)
    with pytest.raises(NoCapture, match=r"has a line of more than 1 MiB \(line 1\)"):
        read(b"{" + b" " * (2 << 20))
    with pytest.raises(CaptureDamaged, match=r"\(line 2\)"):
        read(b"{}\n{" + b" " * (2 << 20))


def test_more_connections_than_anybody_has_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_CONNECTIONS", 3)
    with pytest.raises(CaptureDamaged, match="names more than 3 connections"):
        read("".join(wrapped(HONEST[:1], connection=str(n)) for n in range(5)))
