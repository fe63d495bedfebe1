"""The observed server and the marks in every report."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from reports import html_page, markdown
from reports.material import NOT_JUDGED, Material
from reports.terminal import print_summary
from schemas.marks import MOST, Mark
from schemas.run_log import Run
from schemas.summary import summarize
from tests.made_runs import observed_run


def material(run: Run) -> Material:
    summary = summarize(run, NOT_JUDGED)
    return Material(run=run, verdict=NOT_JUDGED, summary=summary, judged=False)


DEPLOYED = Mark("2026-11-22T10:00:07.000Z", "deployed <b>v2</b>")


def test_the_terminal_tells_what_a_cpu_second_serves() -> None:
    out = StringIO()
    print_summary(material(observed_run()).summary, Path("x"), Console(file=out))
    assert "  server  messages per CPU second 1\N{NARROW NO-BREAK SPACE}000" in out.getvalue()


def test_the_job_summary_has_both_and_stays_short() -> None:
    text = markdown.render(material(observed_run(*[DEPLOYED] * MOST)))
    assert "Server: messages per CPU second" in text
    assert "(second 2.0 of the load) deployed &lt;b&gt;v2" in text
    assert f"… and {MOST - 3} more marks" in text
    assert len(text.splitlines()) < 60


def test_the_page_has_both_and_escapes_them() -> None:
    page = html_page.render(material(observed_run(DEPLOYED)))
    assert "deployed &lt;b&gt;v2" in page
    assert "As told by &lt;page&gt;." in page
    assert "Server CPU" in page
    assert "Server memory" in page
    assert "<b>v2" not in page
