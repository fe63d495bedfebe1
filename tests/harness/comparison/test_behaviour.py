"""Fingerprints of what servers choose freely."""

import json

from harness.comparison.behaviour import changes, fingerprint, united
from schemas.case_records import TranscriptLine
from tests.made_runs import case


def seen(*lines: TranscriptLine, name: str = "errors-a"):
    record = case(name=name)
    return fingerprint([type(record)(**{**_fields(record), "transcript": list(lines)})])


def _fields(record):
    return {name: getattr(record, name) for name in record.__struct_fields__}


def line(what: str, payload: str = "", sent: bool = False) -> TranscriptLine:
    return TranscriptLine(t_ms=1.0, actor="C1", sent=sent, what=what, payload=payload)


def frame(**members: object) -> TranscriptLine:
    return line("text", json.dumps(members))


def test_close_codes_and_statuses_are_choices_of_their_case():
    found = seen(line("close 1002"), line("open", "HTTP/1.1 426 Upgrade Required\nx: y"))
    assert found == {"close code in errors-a": {"1002"}, "HTTP status in errors-a": {"426"}}


def test_what_we_sent_ourselves_is_no_choice_of_the_server():
    assert seen(line("close 1000", sent=True)) == {}


def test_numbers_and_contents_made_for_the_case_do_not_count_as_changes():
    one = seen(frame(MsgStatus="Send", Result=False, Error="bad 'a1b2c3.00000f' at 17"))
    other = seen(frame(MsgStatus="Send", Result=False, Error="bad 'zzzzzz.00001a' at 4"))
    assert changes(one, other) == []


def test_another_error_text_and_another_order_of_members_are_changes():
    one = seen(frame(MsgStatus="Send", Result=False, Error="no such type"))
    other = seen(frame(Result=False, MsgStatus="Send", Error="unknown type"))
    assert [(c.choice, c.gone, c.new) for c in changes(one, other)] == [
        ("Error in errors-a", ["no such type"], ["unknown type"]),
        ("members of Send", ["MsgStatus Result Error"], ["Result MsgStatus Error"]),
    ]


def test_a_choice_seen_on_one_side_alone_is_no_change():
    assert changes(seen(line("close 1002")), seen(line("close 1002"), line("text", "[]"))) == []
    assert changes(seen(line("close 1002")), {}) == []


def test_several_runs_are_united():
    both = united([seen(line("close 1002")), seen(line("close 1008"))])
    assert both["close code in errors-a"] == {"1002", "1008"}


def test_damaged_and_hostile_payloads_are_passed_over():
    deep = "[" * 100_000
    assert seen(line("text", '{"MsgStatus":"Se'), line("text", deep), line("text", "7")) == {}
