"""Transcripts as sequence diagrams: who stands where, and what an arrow says."""

import json
from itertools import pairwise

from reports.allowance import Allowance
from reports.sequence import GUTTER, LANE, LANES, Arrow, Diagram, Omission, diagram, short_name
from reports.timeline import FULL, Gap, LineView, timeline
from schemas.case_records import TranscriptLine


def line(actor: str, what: str = "text", payload: str = "", *, sent: bool = True, **more: object):
    fields = {"t_ms": 1.0, "size": len(payload), "fin": True, "guilty": False, **more}
    return LineView(actor=actor, sent=sent, what=what, payload=payload, **fields)


def drawn(*lines: LineView | Gap) -> Diagram:
    found = diagram(list(lines), Allowance(1_000_000))
    assert found is not None
    return found


def words(payload: object, *, sent: bool = True, **more: object) -> str:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    (arrow,) = drawn(line("C1", payload=text, sent=sent, **more)).steps
    assert isinstance(arrow, Arrow)
    return arrow.words


def test_the_target_stands_between_those_who_talk_to_it() -> None:
    found = drawn(*(line(name) for name in ("C1", "S1", "C2", "S2", "C1")))
    assert [lane.name for lane in found.lanes] == ["C1", "S1", "target", "C2", "S2"]
    places = [lane.x for lane in found.lanes]
    assert [b - a for a, b in pairwise(places)] == [LANE] * 4
    assert GUTTER < places[0] < GUTTER + LANE // 2
    assert found.width - places[-1] == places[0] - GUTTER
    assert found.says == "5 frames and events between the target and C1, S1, C2, S2"


def test_a_long_name_at_the_edge_has_room() -> None:
    short, long = drawn(line("C1")), drawn(line("x" * 40))
    assert long.lanes[0].x - short.lanes[0].x > 30
    assert long.lanes[0].x - GUTTER >= 22 * 7 / 2


def test_an_arrow_goes_where_its_frame_went() -> None:
    sent, received = drawn(line("C1"), line("C1", sent=False)).steps
    assert isinstance(sent, Arrow)
    assert isinstance(received, Arrow)
    assert (sent.start, sent.end) == (received.end, received.start)
    assert sent.back < sent.end
    assert received.back > received.end
    assert sent.y < received.y


def test_too_many_actors_share_a_lane() -> None:
    found = drawn(*(line(f"C{number}") for number in range(LANES + 5)))
    assert len(found.lanes) == LANES + 2
    assert "others" in [lane.name for lane in found.lanes]
    assert len(found.steps) == LANES + 5


def test_arrows_say_what_messages_mean() -> None:
    assert words({"type": "text", "content": "hi"}) == "text “hi”"
    assert words({"type": "text", "content": "", "read": True}) == "text receipt"
    assert words({"type": "staff", "content": "C1", "titletype": "confirm"}) == "staff/confirm “C1”"
    refused = {"MsgStatus": "Send", "Result": False, "Error": "no"}
    assert words(refused, sent=False) == "Send refused"
    came = {"MsgStatus": "Receive", "msg": {"type": "text", "content": "a"}, "NoReadQty": 2}
    assert words(came, sent=False) == "Receive text “a” unread 2"


def test_what_is_no_message_is_told_by_kind_and_size() -> None:
    assert words("{broken") == "text 7 bytes"
    assert words('{"type":"te', fin=False) == "text 11 bytes, unfinished"
    assert words("[" * 2_000) == "text 2000 bytes"
    (ping,) = drawn(line("C1", "ping", "7")).steps
    assert isinstance(ping, Arrow)
    assert ping.words == "ping"


def test_long_words_are_cut_and_wide_ones_count_twice() -> None:
    plain, wide = words({"type": "text", "content": "x" * 90}), words({"content": "好" * 90})
    assert plain.endswith("…")
    assert len(wide) < len(plain) * 0.7


def test_what_is_left_out_has_its_place() -> None:
    steps = drawn(line("C1"), Gap(7), line("C1")).steps
    assert [type(step) for step in steps] == [Arrow, Omission, Arrow]


def test_nothing_is_drawn_without_actors_or_room() -> None:
    assert diagram([], Allowance(10_000)) is None
    assert diagram([Gap(3)], Allowance(10_000)) is None
    assert diagram([line("C1")], Allowance(100)) is None


def test_names_are_told_apart_by_their_ends() -> None:
    assert short_name("C1") == "C1"
    assert short_name("a-very-long-run-mark-of-a-customer-C17").endswith("customer-C17")


def test_the_guilty_frame_is_found_however_it_was_written() -> None:
    lines = [TranscriptLine(n, "C1", False, "text", f'{{"n":{n},"a":1}}', 9) for n in range(100)]
    shown = timeline(lines, ['{"n": 50, "a": 1}'], Allowance(1_000_000), FULL)
    kept = [each for each in shown if isinstance(each, LineView)]
    (guilty,) = (each for each in kept if each.guilty)
    assert guilty.t_ms == 50
    assert len(kept) <= FULL.head + FULL.tail
    assert (kept[0].t_ms, kept[-1].t_ms) == (0, 99)
    assert {45, 55} <= {each.t_ms for each in kept}
