"""A history on the terminal."""

from io import StringIO

from rich.console import Console

from reports.history_text import print_trends, spark
from schemas.history import RecordedRun, Trend


def trend(quantity: str, values: list[float | None], shifts: list[int]) -> Trend:
    runs = [
        RecordedRun(run_id=f"r{n}", started="", target="", verdict=None, accepted=n == 0)
        for n in range(len(values))
    ]
    return Trend(kind="rate \x1b[31m", quantity=quantity, runs=runs, values=values, shifts=shifts)


def printed(*trends: Trend) -> str:
    target = StringIO()
    print_trends(list(trends), Console(file=target, width=120))
    return target.getvalue()


def test_a_kind_is_named_once_with_its_quantities_below():
    text = printed(trend("p50(ack)", [1_000, 2_000], [1]), trend("p99(ack)", [None, 3_000], []))
    assert text.count("rate") == 1
    assert "2 runs, 1 accepted" in text
    assert "p50(ack)               ▁█ 2.00 ms  shift at r1" in text
    assert "\x1b" not in text


def test_an_empty_history_says_so():
    assert "no measured run" in printed()


def test_bars_follow_the_values_and_leave_gaps():
    assert spark([1, 2, None, 3]) == "▁▅ █"
    assert spark([5, 5]) == "▁▁"
    assert spark([None]) == " "
    assert spark([]) == ""
