from collections.abc import Callable

from reports import markdown
from reports.material import Material, read_material
from schemas.findings import Finding
from schemas.histogram import HistogramData
from schemas.load_records import Anomaly, Metric
from schemas.marks import Mark, add_mark
from schemas.records import Note, PartEnded
from schemas.verdict_file import ThresholdOutcome, ThresholdResult, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict
from tests.made_runs import observed_run

METRICS = ("ack", "connect", "deliver", "login", "offer", "replay", "staff_ack", "staff_deliver")


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
    assert "### Cases that did not pass (the first 10 of 2500)" in text
    assert "… and 94 more reasons" in text
    assert "### Thresholds (the first 8 of 100)" in text
    assert "### Expected failures (the first 3 of 500)" in text


def test_what_is_full_everywhere_shows_less_of_each(make_run, make_case) -> None:
    cases = [make_case(f"g{n}.{outcome}", outcome) for outcome in Outcome for n in range(20)]
    wide = HistogramData({64: 20}, 100)
    missed = ThresholdOutcome.MISSED
    folder = make_run(
        *cases,
        *(Metric(name=name, latency=wide, service=wide) for name in METRICS),
        *observed_run().seconds,
        *observed_run().observed,
        *(Note(text=f"note {n}") for n in range(9)),
        observed_run().totals,
        verdict=VerdictFile(
            verdict=Verdict.FAILED,
            exit_code=ExitCode.FAILED,
            reasons=[f"failed: {n}" for n in range(100)],
            thresholds=[
                ThresholdResult(text=f"p{n}(ack) < 1ms", value=None, limit=1, outcome=missed)
                for n in range(1, 99)
            ],
        ),
        footer=False,
    )
    for _ in range(5):
        add_mark(folder, Mark("2026-11-22T10:00:07.000Z", "deployed"))
    text = markdown.render(read_material(folder))
    assert 50 < len(text.splitlines()) < 60
    for part in ("Partial run", "Cases that", "Expected f", "Thresholds", "| ack", "Server:"):
        assert part in text, part


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


def test_anomalies_are_told_by_one_example_of_each_word(make_run) -> None:
    folder = make_run(
        *(
            Anomaly(word=word, detail=f"message {n}", frames=["{`}"], captions=["sent"])
            for word in ("lost", "duplicated", "reordered", "misrouted")
            for n in range(3)
        )
    )
    text = markdown.render(read_material(folder))
    assert "- **lost**: message 0; sent: {\\`}" in text
    assert "message 1" not in text
    assert "- … and 1 more kinds of anomaly" in text
