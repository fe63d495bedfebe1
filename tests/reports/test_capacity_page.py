"""A capacity search as a page: escaped, bounded and without script."""

import msgspec

from reports import capacity_page
from schemas.capacity import Ending
from tests.reports.made_capacity import FOUND, HOSTILE


def test_the_page_draws_the_curve_and_every_trial() -> None:
    page = capacity_page.render(FOUND)
    assert page.count("<svg") >= 1
    assert page.count('<tr><th scope="row"') == 2 + 5
    assert "script-src" not in page
    assert "default-src 'none'" in page
    assert len(page.encode()) < 200_000


def test_what_was_not_reached_is_told_beside_the_curve() -> None:
    chart = capacity_page.curve(FOUND, FOUND.slos[0])
    assert chart is not None
    assert chart.says.endswith("in 1 it was not reached at all")


def test_hostile_texts_stay_text() -> None:
    noted = msgspec.structs.replace(FOUND.trials[0], note=HOSTILE)
    hostile = msgspec.structs.replace(
        FOUND, target=HOSTILE, reasons=[f"found: {HOSTILE}"], trials=[noted]
    )
    assert HOSTILE not in capacity_page.render(hostile)


def test_a_search_without_a_measured_trial_is_a_page_too() -> None:
    empty = msgspec.structs.replace(
        FOUND, trials=[], held=None, failed=None, ending=Ending.UNDECIDED
    )
    assert "No trial has measured anything" in capacity_page.render(empty)
