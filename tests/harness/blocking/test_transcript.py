"""A transcript is bounded and keeps no secret, however it is written."""

from urllib.parse import quote

from harness.blocking.transcript import FIRST_LINES, LAST_LINES, PAYLOAD_CHARS, Transcript
from harness.wire_judge import WireFrame


def frame(opcode, payload, size=None):
    return WireFrame(opcode, True, 0, False, len(payload) if size is None else size, payload)


def test_frames_show_opcode_size_and_close_code():
    transcript = Transcript()
    transcript.frame("C1", frame(1, b"{}"), sent=True)
    transcript.frame("C1", frame(8, b"\x03\xe8bye"), sent=False)
    lines = [(line.actor, line.sent, line.what, line.payload) for line in transcript.lines()]
    assert lines == [("C1", True, "text", "{}"), ("C1", False, "close 1000", "bye")]


def test_the_middle_of_a_long_one_is_left_out_and_counted():
    transcript = Transcript()
    for number in range(FIRST_LINES + LAST_LINES + 7):
        transcript.frame("C1", frame(1, str(number).encode()), sent=True)
    lines = transcript.lines()
    assert len(lines) == FIRST_LINES + LAST_LINES + 1
    assert lines[FIRST_LINES].what == "7 lines left out"
    assert lines[-1].payload == str(FIRST_LINES + LAST_LINES + 6)


def test_payloads_are_cut_and_sizes_kept():
    transcript = Transcript()
    transcript.frame("C1", frame(1, b"x" * 5000, size=10**9), sent=False)
    (line,) = transcript.lines()
    assert (len(line.payload), line.size) == (PAYLOAD_CHARS + 1, 10**9)


def test_secrets_are_hidden_raw_and_percent_encoded():
    transcript = Transcript()
    transcript.hide("a/b=c")
    transcript.event("C1", "open", f"x a/b=c y {quote('a/b=c', safe='')}", sent=True)
    assert transcript.lines()[0].payload == "x *** y ***"


def test_an_empty_secret_hides_nothing():
    transcript = Transcript()
    transcript.hide("")
    assert transcript.redacted("text") == "text"
