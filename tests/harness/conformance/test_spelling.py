"""Respelled and grouped messages: what leaves, and what is waited for."""

from types import SimpleNamespace

import pytest

from harness.conformance.spelling import marked, say_spelled, say_together, spell
from harness.conformance.stops import NotApplicable
from harness.session import Session
from harness.wire_frames import Opcode, encode_frame
from schemas.account_tokens import Identity
from schemas.messages import encode, text
from schemas.words import Role


@pytest.fixture
def chatter():
    """A participant without a connection: ``left`` holds the writes."""
    left = []
    participant = SimpleNamespace(
        session=Session(Identity("C1", Role.CUSTOMER, "C"), lambda _: None),
        say_frames=lambda frames, *_, answered: left.append((frames, answered)),
    )
    limits = SimpleNamespace(max_message_bytes=100)
    bench = SimpleNamespace(profile=SimpleNamespace(limits=limits))
    return SimpleNamespace(participant=participant, now=3, left=left, bench=bench)


def unmasked(frame):
    """The payload of a short masked client frame."""
    size = frame[1] & 0x7F
    mask, payload = frame[2:6], frame[6 : 6 + size]
    return bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def test_a_respelled_message_leaves_as_spelled_and_is_waited_for_as_itself(chatter):
    message = text("hello")
    sent = say_spelled(chatter, message, b'{"content":"hello","type":"text"}')
    ((frames, answered),) = chatter.left
    assert [unmasked(frame) for frame in frames] == [b'{"content":"hello","type":"text"}']
    assert not answered  # by say_frames: the session waits for it already
    assert [entry.message for entry in chatter.participant.session.pending] == [message]
    assert (sent.message, sent.at) == (message, 3)


def test_what_is_longer_than_the_target_bears_is_not_said(chatter):
    with pytest.raises(NotApplicable, match="below 101"):
        say_spelled(chatter, text("x"), b"x" * 101)
    assert chatter.left == []


def test_messages_together_are_one_write_with_an_answer_each(chatter):
    good = text("good")
    sent = say_together(chatter, good, b"{", good)
    ((frames, _),) = chatter.left
    assert [unmasked(frame) for frame in frames] == [encode(good), b"{", encode(good)]
    pending = chatter.participant.session.pending
    assert [entry.message for entry in pending] == [good, None, good]
    assert [entry.tag for entry in pending] == sent


def test_frames_are_those_of_a_client():
    assert encode_frame(Opcode.TEXT, b"{")[1] & 0x80


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"content":"a"}', b'{"content":"T a"}'),
        (b'{"content" :\n"a","content":"b"}', b'{"content" :\n"T a","content":"T b"}'),
        (b'{"content":""}', b'{"content":""}'),
        (b'{"content":7}', b'{"content":7}'),
        (b"[]", b"[]"),
    ],
)
def test_a_token_goes_into_every_content_that_says_something(data, expected):
    assert marked(data, "T") == expected


def test_members_are_spelled_as_given():
    assert (
        spell(type="text", read=None, content="好")
        == '{"type": "text", "read": null, "content": "好"}'.encode()
    )
