"""A comparison as text: nothing that a server sent gets structure, and long lists are cut."""

from io import StringIO

from rich.console import Console

from reports.comparison_text import print_comparison, render_markdown
from schemas.comparison import (
    BehaviourChange,
    CaseChange,
    CaseShift,
    Compared,
    Comparison,
    Direction,
)
from schemas.verdicts import ExitCode, Outcome

HOSTILE = "\x1b[31m<b>|*red*"


def comparison(**changes: object) -> Comparison:
    slower = Compared(
        name="p50(ack)",
        direction=Direction.WORSE,
        base_us=2_000,
        candidate_us=2_500,
        change=0.25,
        low=0.2,
        high=0.3,
        p_value=0.001,
    )
    few = "too few samples in a run: 1000 are needed"
    fields: dict[str, object] = {
        "direction": Direction.WORSE,
        "exit_code": ExitCode.FAILED,
        "reasons": ["worse: p50(ack) +25.0% (+20.0% to +30.0%)"],
        "base": ["a", "b"],
        "candidate": ["c"],
        "primary": "p50(ack)",
        "effect": 0.05,
        "latencies": [
            slower,
            Compared(name="p99(ack)", direction=Direction.INCONCLUSIVE, note=few),
            Compared(name="p99(login)", direction=Direction.INCONCLUSIVE, note=few),
        ],
        "cases": [
            CaseChange(
                id=f"case-{number}",
                shift=CaseShift.NEWLY_FAILING,
                base=[Outcome.PASSED],
                candidate=[Outcome.FAILED],
                message=HOSTILE,
            )
            for number in range(15)
        ],
        "behaviour": [BehaviourChange(choice="Error in x", gone=[HOSTILE], new=["other"])],
    }
    return Comparison(**fields | changes)  # type: ignore[arg-type]


def printed(found: Comparison) -> str:
    target = StringIO()
    print_comparison(found, Console(file=target, width=160))
    return target.getvalue()


def test_the_verdict_comes_first_and_equal_reasons_are_told_once():
    text = printed(comparison())
    assert text.startswith("✕ Worse  1 run against 2\n  worse: p50(ack) +25.0%")
    assert "p99(ack), p99(login): too few samples in a run: 1000 are needed" in text
    assert text.count("too few samples") == 1


def test_a_quantity_without_any_value_has_no_row():
    rows = [line for line in printed(comparison()).splitlines() if "inconclusive" in line]
    assert rows == []


def test_long_lists_are_cut_and_say_so():
    assert "… and 3 more cases in comparison.json" in printed(comparison())
    assert "… and 3 more cases in comparison.json" in render_markdown(comparison())


def test_hostile_text_stays_text():
    assert "\x1b" not in printed(comparison())
    document = render_markdown(comparison())
    assert "\x1b" not in document
    assert "<b>" not in document
    assert "*red*" not in document.replace("\\*", "")


def test_markdown_has_a_row_for_each_quantity():
    document = render_markdown(comparison(cases=[], behaviour=[]))
    assert sum(line.startswith("| p") for line in document.splitlines()) == 3


def test_cases_are_counted_above_and_named_once_below():
    found = comparison(reasons=["newly-failing: case-0: x", "worse: p50(ack) +25.0%"])
    for text in (printed(found), render_markdown(found)):
        assert text.index("worse: p50") < text.index("newly-failing: 15 cases")
        assert text.count("case-0") == 1
