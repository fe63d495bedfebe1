"""The page of a history: escaped, bounded and without script."""

from reports.history_page import render
from schemas.history import RecordedRun, Trend
from schemas.verdicts import Verdict

HOSTILE = "<script>alert(1)</script>"


def trends(runs: int, quantities: int) -> list[Trend]:
    recorded = [
        RecordedRun(
            run_id=f"{HOSTILE}{n}",
            started="2026-11-22T10:00:00Z",
            target=HOSTILE,
            verdict=Verdict.FAILED,
            accepted=n == 0,
        )
        for n in range(runs)
    ]
    values: list[float | None] = [1_000.0 + n for n in range(runs)]
    return [
        Trend(kind=HOSTILE, quantity=f"p50({n}){HOSTILE}", runs=recorded, values=values, shifts=[1])
        for n in range(quantities)
    ]


def test_hostile_names_stay_text():
    page = render(trends(3, 2))
    assert HOSTILE not in page
    assert page.count("<figure") == 2
    assert page.count("script-src") == 0
    assert "default-src 'none'" in page


def test_a_long_history_shows_its_latest_runs_under_two_megabytes():
    page = render(trends(2_000, 22))
    assert len(page.encode()) < 2_000_000
    assert page.count("<tr>") == 201


def test_an_empty_history_says_so():
    assert "no measured run" in render([])


def test_a_single_run_is_listed_without_charts():
    page = render(trends(1, 3))
    assert "<figure" not in page
    assert "<h2>1 run</h2>" in page
    assert "Charts are drawn from the second run" in page
