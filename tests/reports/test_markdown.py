from collections.abc import Callable

from reports import markdown
from reports.material import Material, read_material
from schemas.findings import Finding
from schemas.records import PartEnded
from schemas.verdict_file import ThresholdOutcome, ThresholdResult, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict


def test_summary_md(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("summary.md", markdown.render(material))


def test_hostile_text_stays_text(material: Material, hostile: str) -> None:
    text = markdown.render(material)
    assert "<" not in text.replace("&lt;", "")
    assert "\x1b" not in text
    assert "\x00" not in text
    assert hostile not in text
    rows = [line for line in text.splitlines() if line.startswith("| failed")]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 5


def test_failures_come_before_everything_but_the_verdict(material: Material) -> None:
    text = markdown.render(material)
    order = ["## ✕ Failed", "### Cases that did not pass", "### Thresholds", "### Load"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)


def test_five_hundred_failures_fit_into_sixty_lines(make_run, make_case) -> None:
    finding = Finding("out-result-type", Level.MUST, "a boolean", "x" * 5_000)
    folder = make_run(
        *(
            make_case(f"g{n % 20}.case-{n}", outcome, findings=[finding])
            for outcome in Outcome
            for n in range(500)
        ),
        verdict=VerdictFile(
            verdict=Verdict.FAILED,
            exit_code=ExitCode.FAILED,
            reasons=[f"failed: {n}" for n in range(100)],
            thresholds=[
                ThresholdResult(
                    text=f"p99(m{n}) < 1ms", value=None, limit=1, outcome=ThresholdOutcome.MISSED
                )
                for n in range(100)
            ],
        ),
    )
    text = markdown.render(read_material(folder))
    assert len(text.splitlines()) < 60
    assert "… and 2490 more cases" in text
    assert "… and 94 more reasons" in text
    assert "… and 92 more thresholds" in text


def test_the_fullest_run_stays_below_sixty_lines(sample, material: Material) -> None:
    assert len(markdown.render(material).splitlines()) < 60


def test_a_partial_run_says_so(make_run) -> None:
    folder = make_run(footer=False, parts=("load",))
    assert "Partial run" in markdown.render(read_material(folder))


def test_a_green_run_has_no_list_of_failures(passing) -> None:
    text = markdown.render(read_material(passing))
    assert text.startswith("## ✓ Passed")
    assert "did not pass" not in text
    assert "Partial" not in text


def test_a_part_that_ended_early_makes_the_run_partial(make_run) -> None:
    ended = PartEnded(name="load", duration_s=2, complete=False, reason="Ctrl-C")
    folder = make_run(ended, parts=("load",))
    assert "Partial run" in markdown.render(read_material(folder))
