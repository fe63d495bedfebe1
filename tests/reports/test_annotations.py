import re
from collections.abc import Callable

import pytest

from reports import annotations
from reports.material import Material, read_material
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def commands(material: Material) -> list[tuple[str, str, str]]:
    found = []
    for line in annotations.render(material).splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        found.append((match[1], match[2], match[3]))
    return found


def test_annotations_txt(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("annotations.txt", annotations.render(material))


def test_no_text_ends_a_command_or_begins_another(make_run, make_case) -> None:
    evil = "a\n::error::b\r::stop-commands::x%0A::notice::c, title=d: e\u2028::warning::f"
    found = commands(read_material(make_run(make_case(f"g.{evil}", Outcome.FAILED, message=evil))))
    assert [kind for kind, _, _ in found] == ["error", "error"]
    assert "%250A" in found[1][1]
    assert "%250A" in found[1][2]


def test_there_are_never_more_than_are_shown(make_run, make_case) -> None:
    folder = make_run(
        *(
            make_case(f"g.{n}", outcome, message="x" * 9_000)
            for outcome in (Outcome.FAILED, Outcome.ERROR)
            for n in range(50)
        )
    )
    found = commands(read_material(folder))
    kinds = [kind for kind, _, _ in found]
    assert kinds == ["error"] * 10 + ["warning"] * 10
    assert found[9][1] == "42 more"
    assert all(len(text) < 10_000 for _, _, text in found)


@pytest.mark.parametrize(
    ("verdict", "code", "kind"),
    [
        (Verdict.PASSED, ExitCode.PASSED, "notice"),
        (Verdict.FAILED, ExitCode.FAILED, "error"),
        (Verdict.NO_VERDICT, ExitCode.NO_VERDICT, "error"),
    ],
)
def test_the_verdict_stands_first(make_run, verdict: Verdict, code: ExitCode, kind: str) -> None:
    judged = VerdictFile(verdict=verdict, exit_code=code, reasons=["lost: 3"] * (code > 0))
    ((found, _, text),) = commands(read_material(make_run(verdict=judged)))
    assert found == kind
    assert ("lost: 3" in text) is (code > 0)


def test_what_does_not_count_only_warns(make_run, make_case) -> None:
    missed = ThresholdResult(
        text="p99(ack) < 1ms",
        value=2_000,
        limit=1_000,
        outcome=ThresholdOutcome.MISSED,
        severity=Severity.WARN,
    )
    judged = VerdictFile(
        verdict=Verdict.PASSED, exit_code=ExitCode.PASSED, reasons=[], thresholds=[missed]
    )
    folder = make_run(make_case("g.low", Outcome.FAILED, level=Level.INFO), verdict=judged)
    assert [kind for kind, _, _ in commands(read_material(folder))] == [
        "warning",
        "warning",
        "notice",
    ]
