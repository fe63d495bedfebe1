"""Each wrong frame is wrong, by another library's judgement, and nothing else about it is."""

import pytest
from websockets.protocol import State
from websockets.server import ServerProtocol

from harness.conformance.wrong_frames import HARMLESS, WRONG
from harness.wire_frames import Opcode, encode_frame
from schemas.clauses import clause


def heard(*frames):
    server = ServerProtocol(max_size=1 << 20, state=State.OPEN)
    for frame in frames:
        server.receive_data(frame)
    return server


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_another_library_fails_the_connection(wrong):
    server = heard(*wrong.frames)
    assert server.parser_exc is not None
    assert server.close_sent.code in wrong.codes


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_only_the_last_frame_is_wrong(wrong):
    alone = wrong.slug == "rfc-client-control-whole" and wrong.frames[0][0] & 0x0F >= Opcode.CLOSE
    before = wrong.frames[:0] if alone else wrong.frames[:-1]
    assert heard(*before).parser_exc is None


def test_the_same_without_the_fault_is_taken():
    assert heard(encode_frame(Opcode.TEXT, HARMLESS)).parser_exc is None


def test_every_rule_has_its_clause():
    assert {clause(wrong.slug).level for wrong in WRONG.values()} == {"must"}
