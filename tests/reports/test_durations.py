"""Where the time of a run went."""

from io import StringIO

from rich.console import Console

from reports.durations import print_durations
from schemas.verdicts import Outcome


def printed(cases, most: int) -> str:
    out = StringIO()
    print_durations(cases, most, Console(file=out, width=120))
    return out.getvalue()


def test_the_slowest_cases_and_groups_come_first(make_case) -> None:
    cases = [
        make_case("a.one", Outcome.PASSED, duration_ms=5.0),
        make_case("b.one", Outcome.FAILED, duration_ms=40.0),
        make_case("a.two", Outcome.PASSED, duration_ms=60.0),
    ]
    text = printed(cases, 2)
    assert text.index("a.two") < text.index("b.one")
    assert "a.one" not in text
    assert text.index("a (2 cases)") < text.index("b (1 case)")
    assert "60.0 ms" in text


def test_hostile_names_do_no_harm(make_case, hostile: str) -> None:
    text = printed([make_case(hostile, Outcome.PASSED, group=hostile)], 3)
    assert "\x1b[31m" not in text
