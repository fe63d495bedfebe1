"""Every rule for a server's frames: broken once, found once, under its clause, however cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wire_frames import Framing, Opcode, encode_frame
from harness.wire_handshake import Offer, accept_value
from harness.wire_judge import EXCERPT_BYTES, SERVER_CLOSE_CODES, WireJudge

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
SWITCH = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {accept_value(KEY)}\r\n\r\n"
).encode()


def frame(opcode, payload=b"", **framing):
    return encode_frame(opcode, payload, Framing(**({"mask": None} | framing)))


def text(payload, **framing):
    return frame(Opcode.TEXT, payload, **framing)


def close(code=None, reason=b""):
    return frame(Opcode.CLOSE, b"" if code is None else code.to_bytes(2) + reason)


def more(payload, **framing):
    return frame(Opcode.CONTINUATION, payload, **framing)


def clauses(wire, step=None):
    judge, found = WireJudge(), []
    for at in range(0, len(wire), step or len(wire)):
        found += judge.feed(wire[at : at + (step or len(wire))]).findings
    return [finding.clause for finding in found]


PING = frame(Opcode.PING, b"p")
NI_HAO = "您好".encode()

BROKEN = {
    "masked": (text(b"{}", mask=b"abcd"), "rfc-server-frames-unmasked"),
    "rsv1": (text(b"{}", rsv=4), "rfc-reserved-bits-clear"),
    "rsv3 on a pong": (frame(Opcode.PONG, b"", rsv=1), "rfc-reserved-bits-clear"),
    "opcode 3": (frame(0x3, b"x"), "rfc-known-opcodes"),
    "opcode 11": (frame(0xB, b"x"), "rfc-known-opcodes"),
    "ping of 126 bytes": (frame(Opcode.PING, bytes(126)), "rfc-control-frame-short"),
    "close of 126 bytes": (close(1000, b"a" * 124), "rfc-control-frame-short"),
    "fragmented pong": (frame(Opcode.PONG, b"", fin=False), "rfc-control-frame-whole"),
    "2 in 16 bits": (text(b"{}", length_bytes=2), "rfc-minimal-length"),
    "2 in 64 bits": (text(b"{}", length_bytes=8), "rfc-minimal-length"),
    "300 in 64 bits": (text(bytes(300), length_bytes=8), "rfc-minimal-length"),
    "top bit": (text(b"", announced=1 << 63), "rfc-length-top-bit"),
    "orphan continuation": (more(b"x"), "rfc-fragment-order"),
    "continuation after the end": (text(b"a") + more(b"x", fin=False), "rfc-fragment-order"),
    "text inside text": (text(b"a", fin=False) + text(b"b"), "rfc-fragment-order"),
    "stray byte": (text(b"a\xff"), "rfc-text-utf8"),
    "surrogate": (text(b"\xed\xa0\x80"), "rfc-text-utf8"),
    "truncated character": (text(NI_HAO[:-1]), "rfc-text-utf8"),
    "bad over fragments": (text(b"\xe6\x82", fin=False) + more(b"\x20"), "rfc-text-utf8"),
    "close of 1 byte": (frame(Opcode.CLOSE, b"\x03"), "rfc-close-payload"),
    "close reason": (close(1000, b"\xff"), "rfc-close-reason-utf8"),
    "text after close": (close(1000) + text(b"{}"), "rfc-no-data-after-close"),
    "binary": (frame(Opcode.BINARY, b"\x00"), "out-text-message"),
}


@pytest.mark.parametrize("step", [None, 1], ids=["at once", "byte by byte"])
@pytest.mark.parametrize(("wire", "slug"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_one_finding(wire, slug, step):
    assert clauses(wire, step) == [slug]


ALLOWED = {
    "text": text(NI_HAO),
    "empty text": text(b""),
    "cut inside a character": text(NI_HAO[:1], fin=False) + more(NI_HAO[1:]),
    "ping between fragments": text(b"a", fin=False) + PING + more(b"", fin=False) + more(b"b"),
    "unasked pong": frame(Opcode.PONG, b"hello"),
    "control of 125 bytes": frame(Opcode.PING, bytes(125)),
    "two messages": text(b"a") + text(b"b"),
    "after a fragmented one": text(b"a", fin=False) + more(b"b") + text(b"c"),
    "close without code": close(),
    "close with a reason": close(1000, NI_HAO),
    "pong after close": close(1000) + frame(Opcode.PONG),
    "16 bits": text(bytes(126)),
    "64 bits": text(bytes(65536)),
}


@pytest.mark.parametrize("step", [None, 1], ids=["at once", "byte by byte"])
@pytest.mark.parametrize("wire", ALLOWED.values(), ids=ALLOWED)
def test_what_the_rfc_allows_is_no_finding(wire, step):
    assert clauses(wire, step if len(wire) < 1000 else 999) == []


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1010, 1015, 1016, 2999, 5000, 65535])
def test_codes_that_a_server_cannot_send(code):
    assert clauses(close(code)) == ["rfc-close-code"]


@pytest.mark.parametrize("code", sorted({*SERVER_CLOSE_CODES, 3000, 3999, 4000, 4999}))
def test_codes_that_a_server_may_send(code):
    assert clauses(close(code)) == []


def test_a_response_head_is_judged_and_frames_may_share_its_segment():
    judge = WireJudge(Offer(KEY))
    heard = judge.feed(SWITCH + text(b"{}"))
    assert heard.findings == ()
    assert [frame.payload for frame in heard.frames] == [b"{}"]
    assert judge.response is not None
    assert judge.response.status == 101


def test_a_wrong_accept_value_is_found_and_frames_are_judged_all_the_same():
    judge = WireJudge(Offer("AAAAAAAAAAAAAAAAAAAAAA=="))
    found = judge.feed(SWITCH + text(b"\xff")).findings
    assert [finding.clause for finding in found] == ["rfc-accept-value", "rfc-text-utf8"]


def test_an_http_refusal_ends_the_judging():
    judge = WireJudge(Offer(KEY))
    assert judge.feed(b"HTTP/1.1 404 Not Found\r\n\r\nno frames in here \xff").findings == ()
    assert judge.lost
    assert judge.feed(frame(0x3)).findings == ()


def test_an_interim_response_may_come_first():
    judge = WireJudge(Offer(KEY))
    heard = judge.feed(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + SWITCH + text(b"{}"))
    assert (len(heard.frames), heard.findings) == (1, ())


def test_a_huge_message_is_announced_before_it_comes_and_is_not_kept():
    judge = WireJudge()
    judge.feed(text(b"", announced=1 << 40)[:10])
    assert judge.message_bytes == 1 << 40
    other = WireJudge()
    (kept,) = other.feed(text(b"a" * 100_000)).frames
    assert (kept.size, len(kept.payload)) == (100_000, EXCERPT_BYTES)


def test_fragments_add_up_in_the_announced_size():
    judge = WireJudge()
    judge.feed(text(b"a" * 10, fin=False) + PING + more(b"b" * 5))
    assert judge.message_bytes == 15


def test_the_transcript_shows_opcode_fin_size_and_close_code():
    wire = text(b"a", fin=False) + more(b"b") + close(1001, b"bye")
    shown = [(f.name, f.fin, f.size, f.close_code) for f in WireJudge().feed(wire).frames]
    assert shown == [
        ("text", False, 1, None),
        ("continuation", True, 1, None),
        ("close", True, 5, 1001),
    ]


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_judged_without_an_exception_and_alike_however_cut(wire, step):
    whole, cut = WireJudge(), WireJudge()
    once = whole.feed(wire)
    parts = [cut.feed(wire[at : at + step]) for at in range(0, len(wire), step)]
    assert [f.clause for part in parts for f in part.findings] == [f.clause for f in once.findings]
    assert tuple(f for part in parts for f in part.frames) == once.frames
