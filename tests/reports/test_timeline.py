from reports.allowance import Allowance
from reports.timeline import Gap, LineView, timeline
from schemas.case_records import TranscriptLine


def _line(payload: str, *, sent: bool = False) -> TranscriptLine:
    return TranscriptLine(1.0, "C1", sent, "text", payload, len(payload))


def test_a_long_transcript_keeps_both_ends_and_counts_the_rest() -> None:
    shown = timeline([_line(str(number)) for number in range(100)], [], Allowance(1_000_000))
    payloads = [each.payload for each in shown if isinstance(each, LineView)]
    assert payloads[0] == "0"
    assert payloads[-1] == "99"
    assert [each for each in shown if isinstance(each, Gap)] == [Gap(100 - len(payloads))]


def test_the_frame_that_a_finding_is_about_is_marked() -> None:
    lines = [_line("bad", sent=True), _line("good"), _line("bad")]
    shown = timeline(lines, ["bad"], Allowance(10_000))
    assert [each.guilty for each in shown if isinstance(each, LineView)] == [False, False, True]


def test_events_without_payload_are_never_guilty() -> None:
    shown = timeline([TranscriptLine(1.0, "C1", False, "close 1000")], [""], Allowance(10_000))
    assert [each.guilty for each in shown if isinstance(each, LineView)] == [False]


def test_when_the_room_is_gone_the_rest_is_one_gap() -> None:
    shown = timeline([_line("x" * 900) for _ in range(20)], [], Allowance(3_000))
    assert isinstance(shown[-1], Gap)
    assert len(shown) < 20
