"""The server in words and over time, and marks on the load's clock."""

from reports.series import bins
from reports.server_view import ServerBin, mark_views, server_bins, server_line, server_sources
from schemas.load_records import LoadBegan, Observed, Second
from schemas.marks import Mark
from schemas.server_side import CPU, FDS, MEMORY, ServerSide
from tests.made_runs import made_run

SERIES = bins([Second(second=number, counts={"acked": 1}) for number in range(3)])


def test_the_figures_that_are_known_stand_in_one_line() -> None:
    server = ServerSide(
        sources=["a\x1b[2J"], looks=3, messages_per_cpu_second=920.7, cpu_share=0.043
    )
    assert server_line(server) == (
        "messages per CPU second 920.7, CPU share of one core 4.3\N{NARROW NO-BREAK SPACE}%"
    )
    assert server_sources(server) == ["a\\x1b[2J"]
    assert server_line(ServerSide(sources=["a"], looks=3)) == ""


def test_the_server_is_known_where_looks_lie_on_both_sides() -> None:
    looks = [
        Observed(source="p", at_s=at, values={CPU: at * 0.5, MEMORY: 10, FDS: 4})
        for at in (0, 1, 2)
    ]
    known = ServerBin(0.5, 10, 4)
    assert server_bins(looks, SERIES) == [known, known, ServerBin(None, None, None)]


def test_a_counter_that_went_back_says_nothing_of_its_second() -> None:
    looks = [
        Observed(source="p", at_s=at, values={CPU: cpu}) for at, cpu in ((0, 9), (1, 0), (3, 4))
    ]
    assert [each.cores for each in server_bins(looks, SERIES)] == [None, 2, 2]


def test_marks_count_from_the_beginning_of_the_load() -> None:
    marks = [Mark("2026-11-22T10:00:12.500Z", "deployed\x1b[2J v2"), Mark("soon", "odd")]
    began = LoadBegan(at="2026-11-22T10:00:05.000Z")
    first, odd = mark_views(made_run(marks=marks, began=began))
    assert (first.at_s, first.text) == (7.5, "deployed\\x1b[2J v2")
    assert first.line.endswith("(second 7.5 of the load)  deployed\\x1b[2J v2")
    assert (odd.at_s, odd.line) == (None, "soon  odd")
    assert mark_views(made_run(marks=marks))[0].at_s is None
