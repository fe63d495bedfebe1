import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from reports import html_page, markdown
from reports.material import Material, read_material
from schemas.case_records import CaseRecord, TranscriptLine
from schemas.clauses import clause, register
from schemas.comparison import Direction
from schemas.findings import Finding
from schemas.histogram import HistogramData
from schemas.load_records import Anomaly, Metric, Second, SlowMessage, Violation
from schemas.records import Note
from schemas.verdict_file import (
    BaselineResult,
    Severity,
    ThresholdOutcome,
    ThresholdResult,
    VerdictFile,
)
from schemas.verdicts import ExitCode, Level, Outcome, Verdict

_VOID = {"meta", "input", "br", "link", "img"}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_CHART = re.compile(r'<svg xmlns="http://www.w3.org/2000/svg".*?</svg>(?=</div>)', re.DOTALL)


class _Page(HTMLParser):
    """Collects what a browser would act on, and whether elements nest as they should."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page(
    material: Material, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ("out-result-type", "ack-echo", "login-first", "in-type-type")
    monkeypatch.setattr(html_page, "register", lambda: {slug: clause(slug) for slug in few})
    page = _CHART.sub("(a chart)", html_page.render(material))
    page = re.sub(r"sha256-[^']+", "sha256-…", page)
    page = _SCRIPT.sub("<script>…</script>", page)
    golden("report.html", _STYLE.sub("<style>…</style>", page))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_allows_one_style_sheet_and_one_script_and_nothing_else(
    material: Material,
) -> None:
    page = html_page.render(material)
    (style,), (script,) = _STYLE.findall(page), _SCRIPT.findall(page)
    assert (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'; "
        "base-uri 'none'; form-action 'none'\">"
    ) in page


def test_the_script_is_the_same_whatever_the_run(material: Material, passing) -> None:
    (script,) = _SCRIPT.findall(html_page.render(material))
    assert _SCRIPT.findall(html_page.render(read_material(passing))) == [script]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch", script)


def test_hostile_text_makes_no_element_and_no_attribute(material: Material) -> None:
    page = _Page(html_page.render(material))
    assert page.open == []
    assert page.tags.count("script") == 1
    assert not {"img", "iframe", "object", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_hostile_text_is_shown(material: Material) -> None:
    page = html_page.render(material)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "\\x1b[31mred" in page
    for hidden in ("\x1b", "\x00", "\x07", "\u202e"):
        assert hidden not in page


def test_nothing_is_fetched(material: Material) -> None:
    page = html_page.render(material)
    fetching = {"src", "href", "action", "data", "srcset", "xlink:href", "poster"}
    targets = [value for name, value in _Page(page).attributes if name in fetching]
    assert targets
    assert all(target.startswith("#") for target in targets)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_links_inside_the_page_arrive(material: Material) -> None:
    attributes = _Page(html_page.render(material)).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)


def test_a_failure_shows_clause_sentence_source_pointer_and_the_guilty_frame(
    material: Material,
) -> None:
    page = html_page.render(material)
    start = page.index('id="case-2"')
    failure = page[start : page.index("</details>", start)]
    for part in ("out-result-type", "is a boolean, null or absent.", "table", "/Result", "✕ here"):
        assert part in failure
    assert failure.count('<li class="received guilty"') == 1


def test_every_clause_of_the_register_is_listed_with_what_became_of_it(material: Material) -> None:
    page = html_page.render(material)
    matrix = page[page.index('<details class="plain trace">') : page.index('<section id="load">')]
    listed = re.findall(
        r'<li class="s-([\w-]+) l-\w+">\n<div>\s*<p class="clause"><code>(.*?)<', matrix
    )
    standings = {slug: standing for standing, slug in listed}
    assert list(standings) == list(register())
    assert standings["out-result-type"] == "broken"
    assert standings["ack-echo"] == "remarked"
    assert standings["login-first"] == "not-checked"
    for slug, entry in register().items():
        assert (standings[slug] == "untestable") == bool(entry.untestable)
    assert "not checked in this run" in matrix


def test_every_result_has_a_word_beside_its_symbol(material: Material) -> None:
    tags = re.findall(r'<span class="tag \w+">(.*?)</span>(.*?)</span>', html_page.render(material))
    assert tags
    assert all(word.strip() for _, word in tags)


def test_every_region_has_a_name_of_its_own(make_run, make_case) -> None:
    lines = [TranscriptLine(1.0, "C1", True, "text", "{}", 2)]
    cases = [make_case(f"a.{n}", Outcome.FAILED, transcript=lines) for n in range(3)]
    page = html_page.render(read_material(make_run(*cases)))
    names = re.findall(r'role="region" aria-label="(.*?)"', page)
    assert sum("Sequence diagram" in name for name in names) == 3
    assert len(names) == len(set(names))


def test_a_threshold_that_only_warns_says_so_and_alarms_nobody(make_run) -> None:
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
    material = read_material(make_run(verdict=judged))
    assert "missed, warns only</span>" in html_page.render(material)
    assert "– missed, warns only" in markdown.render(material)


def test_a_baseline_stands_beside_the_thresholds(make_run, hostile: str) -> None:
    baseline = BaselineResult(
        direction=Direction.WORSE, runs=["a", "b"], reasons=[f"p50(ack): +12 % {hostile}"]
    )
    judged = VerdictFile(
        verdict=Verdict.FAILED, exit_code=ExitCode.FAILED, reasons=["baseline"], baseline=baseline
    )
    page = html_page.render(read_material(make_run(verdict=judged)))
    assert "held against 2 runs" in page
    assert "p50(ack): +12 % &lt;script&gt;" in page


def test_a_partial_run_is_marked_on_the_first_screen(make_run) -> None:
    page = html_page.render(read_material(make_run(footer=False, parts=("load",))))
    head = page[: page.index("<nav")]
    assert "Partial run." in head
    assert "has no footer" in head
    assert "not judged yet" in head


def test_damaged_lines_are_named_on_the_page(make_run) -> None:
    page = html_page.render(read_material(make_run(Note(text="x"), junk=b"{broken\n")))
    assert "cannot be read and count for nothing: 2, 4." in page


@pytest.mark.parametrize("parts", [(), ("conformance",), ("load",), ("conformance", "load")])
def test_an_empty_run_is_drawn(make_run, parts: tuple[str, ...]) -> None:
    page = html_page.render(read_material(make_run(parts=parts)))
    assert "No verdict" in page
    assert page.count("It was not part of this run.") == 2 - len(parts)


def test_a_run_of_conformance_alone_is_drawn(passing) -> None:
    page = html_page.render(read_material(passing))
    assert "Passed" in page
    assert "Did not pass" not in page
    assert page.count("It was not part of this run.") == 1


def test_where_markup_takes_the_room_cases_get_less_of_it(make_run, monkeypatch) -> None:
    cases = [
        CaseRecord(
            id=f"case-{n}", group="g", level=Level.MUST, outcome=Outcome.FAILED, clauses=[],
            message="said " * 100,
        )
        for n in range(300)
    ]  # fmt: skip
    material = read_material(make_run(*cases))
    whole = html_page.render(material)
    monkeypatch.setattr(html_page, "_MOST_BYTES", len(whole.encode()) - 1)
    less = html_page.render(material)
    assert len(less.encode()) < len(whole.encode())
    assert "case-0" in less


def test_the_page_stays_small_whatever_a_target_sends(make_run) -> None:
    flood = "<&\x1b\U000e0001林" * 1_000
    finding = Finding(flood, Level.MUST, flood, flood, flood, flood)
    words = ("due", "sent", "acked", "open")
    waits = {f"{n}{flood[:600]}": HistogramData({9 + n: 20, 900 + n: 1}, 90_000) for n in range(5)}
    wide = HistogramData({64 * n: n + 1 for n in range(50)}, 10**8)
    waits |= {"ack": wide, "deliver": wide}
    lines = [TranscriptLine(1.0, flood, False, flood, flood, 1)] * 100
    folder = make_run(
        *(
            CaseRecord(
                id=f"{n}{flood[:600]}", group=f"{n % 60}{flood[:600]}", level=Level.MUST,
                outcome=Outcome.FAILED, clauses=[flood[:600], *register()], message=flood[:600],
                findings=[finding] if n < 3 else [], transcript=lines if n < 3 else [],
            )
            for n in range(1_500)
        ),
        *(
            Anomaly(word=flood, detail=flood, frames=[flood] * 9, captions=[flood] * 9)
            for _ in range(40)
        ),
        *(
            SlowMessage(
                latency_us=9, service_us=8, at_s=1.0, type=flood, detail=flood, frames=[flood] * 2
            )
            for _ in range(20)
        ),
        *(Violation(finding=finding, count=1) for _ in range(4)),
        *(Second(second=n, counts=dict.fromkeys(words, n), latencies=waits) for n in range(1_000)),
        *(Metric(name=name, latency=wide, service=wide) for name in ("ack", "deliver")),
        Note(text=flood),
    )  # fmt: skip
    page = html_page.render(read_material(folder))
    assert len(_CHART.findall(page)) == 10
    assert 1_500_000 < len(page.encode()) < 2_000_000, len(page.encode())
    assert _Page(page).open == []
