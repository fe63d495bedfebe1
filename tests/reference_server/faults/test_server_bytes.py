"""What written bytes say of themselves."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from reference_server.faults.server_bytes import frames_in, pieces_of
from reference_server.outgoing import encode, refused
from schemas.fault_journal import Saying

TEXTS = st.lists(st.binary(max_size=200), max_size=4)


@given(TEXTS, st.booleans())
def test_the_frames_of_one_write_are_told_apart(payloads, mask):
    pieces = [Frame(Opcode.TEXT, data).serialize(mask=mask) for data in payloads]
    assert list(pieces_of(b"".join(pieces))) == pieces


@given(st.binary(max_size=60))
def test_any_bytes_are_cut_into_pieces_that_make_them_again(data):
    assert b"".join(pieces_of(data)) == data
    assert len(list(frames_in(data))) <= len(data)


def test_a_frame_tells_its_status_and_message():
    text = encode(refused("no"))
    delivery = (
        b'{"MsgStatus":"Receive","msg":{"type":"text","content":"%b","SendSn":"C1","read":true}}'
        % (b"x" * 100)
    )
    raw = b"".join(Frame(Opcode.TEXT, each).serialize(mask=False) for each in (text, delivery))
    answer, received = frames_in(raw)
    assert (answer.status, answer.saying) == ("Send", None)
    assert received.status == "Receive"
    assert received.saying == Saying(type="text", content="x" * 64, sender="C1", read=True)


def test_a_response_head_holds_no_frames():
    head = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    assert list(pieces_of(head)) == [head]
    assert list(frames_in(head)) == []


def test_what_is_no_json_object_says_nothing():
    raw = Frame(Opcode.TEXT, b"[1]").serialize(mask=False)
    assert [frame.members for frame in frames_in(raw)] == [{}]
