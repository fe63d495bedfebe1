"""Opens reports in a browser and looks at what a reader would see."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from reports import capacity_page, history_page
from schemas.case_records import TranscriptLine
from schemas.history import RecordedRun, Trend
from schemas.load_records import Anomaly, Second
from schemas.verdicts import Outcome, Verdict
from tests.reports.chromium import Open
from tests.reports.made_capacity import FOUND

pytestmark = pytest.mark.page

_WIDE: ViewportSize = {"width": 1440, "height": 900}
_NARROW: ViewportSize = {"width": 390, "height": 844}
_CONTRAST = 4.5

# Put there by `make test` where npm is at hand.
_AXE = Path(__file__).parents[2] / ".venv/npm/node_modules/axe-core/axe.min.js"


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_hostile_text_stays_text(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    _open_everything(page)
    assert page.locator("img, iframe").count() == 0
    assert page.locator("script").count() == 1
    assert "<script>alert(1)</script>" in page.locator("#case-2").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [_WIDE, _NARROW], ids=["wide", "narrow"])
def test_nothing_is_wider_than_the_screen(
    open_report: Open, sample: Path, viewport: ViewportSize, scheme: str
) -> None:
    page = open_report(sample)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)
    _open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_verdict_and_its_reasons_are_on_the_first_screen(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    for viewport in (_WIDE, _NARROW):
        page.set_viewport_size(viewport)
        for selector in ("h1", ".reasons li:last-of-type"):
            box = page.locator(selector).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= viewport["height"]


def test_both_colour_schemes_are_drawn(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen[scheme] = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.body).color,"
            " getComputedStyle(document.querySelector('.chart path[stroke^=\"#0c0c0\"]')).stroke]"
        )
    assert all(light != dark for light, dark in zip(seen["light"], seen["dark"], strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_background(
    open_report: Open, sample: Path, scheme: str
) -> None:
    page = open_report(sample)
    page.emulate_media(color_scheme=scheme)
    _open_everything(page)
    weak = page.evaluate(_WEAK_CONTRAST, _CONTRAST)
    assert weak == []


def test_charts_are_painted_by_the_style_sheet(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    tokens = page.evaluate(
        "[...document.querySelectorAll('.chart [stroke], .chart [fill]')].flatMap(mark => {"
        " const style = getComputedStyle(mark); return [style.stroke, style.fill] })"
        ".filter(colour => /^rgb\\(12, 12, \\d\\)$/.test(colour))"
    )
    assert tokens == []
    assert page.locator(".chart").count() == 8


def test_a_filter_hides_the_cases_of_its_outcome(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    _open_everything(page)
    assert page.locator(".o-failed").is_visible()
    page.locator("#show-failed").uncheck()
    assert page.locator(".o-failed").is_hidden()
    assert page.locator(".o-passed").is_visible()


def test_a_filter_hides_the_cases_of_its_level(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    _open_everything(page)
    assert page.locator(".o-not-applicable").is_visible()
    page.locator("#show-should").uncheck()
    assert page.locator(".o-not-applicable").is_hidden()
    assert page.locator(".o-passed").is_visible()


def test_a_search_leaves_the_cases_and_groups_that_hold_all_its_words(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    page.locator("#find-cases").fill("Blocked once")
    shown = page.locator(".catalogue .row:visible")
    assert [each.locator(".id").inner_text() for each in shown.all()] == ["delivery.once"]
    assert page.locator("details.group:visible").count() == 1
    assert page.locator(".catalogue .search [role=status]").inner_text() == "1 of 7"
    page.locator("#find-cases").fill("")
    assert page.locator("details.group:visible").count() == 4
    assert page.locator(".catalogue .row:visible").count() == 0


def test_a_search_finds_clauses_by_their_cases(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    page.locator(".trace > summary").click()
    page.locator("#find-clauses").fill("envelope.result")
    assert page.locator(".trace > ul > li:visible").count() == 1
    page.locator("#find-clauses").fill("<script>")
    assert page.locator(".trace > ul > li:visible").count() == 0
    assert page.locator(".trace .search [role=status]").inner_text().startswith("0 of ")


def test_clauses_are_folded_away_and_filtered_by_standing_and_by_level(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    broken, remarked = page.locator(".trace .s-broken"), page.locator(".trace .s-remarked")
    assert broken.is_hidden()
    page.locator(".trace > summary").click()
    assert broken.is_visible()
    page.locator("#clauses-broken").uncheck()
    assert broken.is_hidden()
    assert remarked.is_visible()
    page.locator("#clauses-should").uncheck()
    assert remarked.is_hidden()
    assert page.locator(".trace .l-must.s-not-checked").first.is_visible()


def test_a_clause_leads_to_its_case_though_the_group_is_closed(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    page.locator(".trace > summary").click()
    assert page.locator("#case-1").is_hidden()
    page.locator('.trace a[href="#case-1"]').first.click()
    page.locator("#case-1").wait_for(state="visible")


def test_cases_open_with_the_keyboard_alone(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    group = page.locator("details.group").first
    group.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert group.evaluate("details => details.open")


def test_every_control_can_be_reached_by_its_name(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    for box in page.locator("input").all():
        assert box.evaluate("input => input.labels.length") == 1
    for region in page.locator("[tabindex='0']").all():
        assert region.get_attribute("aria-label")
    headings = page.locator("h1, h2, h3, h4").evaluate_all(
        "all => all.map(heading => Number(heading.tagName[1]))"
    )
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [_WIDE, _NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_that_shuts_anybody_out(
    open_report: Open, sample: Path, viewport: ViewportSize, scheme: str
) -> None:
    if not _AXE.exists() and not os.environ.get("CHATSOCKET_REQUIRE_NPM"):
        pytest.skip("axe-core comes with npm, which is not here")
    page = open_report(sample)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)
    _open_everything(page)
    assert _shut_out(page) == []


def _shut_out(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: its name, and some of the places."""
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 15
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
        for each in found["violations"]
    ]


@pytest.mark.parametrize("name", ["capacity", "history"])
def test_axe_finds_nothing_on_the_other_pages(
    browser: BrowserContext, tmp_path: Path, name: str
) -> None:
    if not _AXE.exists() and not os.environ.get("CHATSOCKET_REQUIRE_NPM"):
        pytest.skip("axe-core comes with npm, which is not here")
    pages = {"capacity": capacity_page.render(FOUND), "history": history_page.render(_trends())}
    (tmp_path / "page.html").write_text(pages[name], "utf-8")
    page = browser.new_page()
    try:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(_NARROW)
            page.goto((tmp_path / "page.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= _NARROW["width"]
            assert _shut_out(page) == []
    finally:
        page.close()


def _trends() -> list[Trend]:
    runs = [
        RecordedRun(
            run_id=f"r{number}",
            started="2026-11-22T10:00:00Z",
            target="ws://127.0.0.1:1/",
            verdict=Verdict.FAILED if number else None,
            accepted=number == 1,
        )
        for number in range(3)
    ]
    return [
        Trend(kind=kind, quantity="p50(ack)", runs=runs, values=[1e3, 2e3, None], shifts=[1])
        for kind in ("one load", "another load")
    ]


def test_axe_would_find_what_shuts_people_out(open_report: Open, sample: Path) -> None:
    if not _AXE.exists() and not os.environ.get("CHATSOCKET_REQUIRE_NPM"):
        pytest.skip("axe-core comes with npm, which is not here")
    page = open_report(sample)
    page.locator(".drawing").first.evaluate("drawing => drawing.removeAttribute('aria-label')")
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert "aria-input-field-name" in [each["id"] for each in found["violations"]]


def test_a_page_prints_without_its_controls_and_with_its_charts(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    page.emulate_media(media="print")
    for control in ("nav", ".filters", ".zoom"):
        assert page.locator(control).first.is_hidden()
    assert page.locator(".chart .drawing").first.is_visible()


def test_one_failure_is_open_and_the_others_say_why_in_a_line(
    open_report: Open, make_run, make_case
) -> None:
    cases = [make_case(f"a.{n}", Outcome.FAILED, message=f"cause {n}") for n in range(3)]
    page = open_report(make_run(*cases))
    told = page.locator("details.wrong")
    assert [each.evaluate("each => each.open") for each in told.all()] == [True, False, False]
    assert [each.locator(".why").is_visible() for each in told.all()] == [False, True, True]
    assert told.nth(1).locator(".why").inner_text() == "cause 1"


def test_an_anomaly_without_frames_does_not_open_on_nothing(open_report: Open, make_run) -> None:
    bare = Anomaly(word="unread_wrong", detail="bare", at_s=1.0)
    shown = Anomaly(word="lost", detail="shown", at_s=2.0, frames=["{}"])
    page = open_report(make_run(Second(second=0, counts={"sent": 1}), bare, shown))
    assert page.locator("#load p.anomaly").inner_text().startswith("✕ unread_wrong")
    (opened,) = page.locator("#load details.anomaly").all()
    assert "shown" in opened.inner_text()
    assert opened.evaluate("each => each.open")


def test_paper_gets_the_proof_in_words_and_in_full_where_it_was_opened(
    open_report: Open, make_run, make_case
) -> None:
    line = TranscriptLine(1.0, "C1", True, "text", "{}", 2)
    cases = [make_case(f"a.{n}", Outcome.FAILED, transcript=[line]) for n in range(2)]
    page = open_report(make_run(*cases))
    page.emulate_media(media="print")
    first, second = page.locator("details.wrong").all()
    for kind in (".sequence", ".timeline"):
        assert first.locator(kind).is_visible()
        assert second.locator(kind).is_hidden()
    assert second.locator(".clause").first.is_visible()
    assert page.locator(".catalogue .row").first.is_hidden()


def test_a_partial_run_is_drawn(open_report: Open, make_run) -> None:
    page = open_report(make_run(footer=False, parts=("conformance", "load")))
    assert "Partial run." in page.locator("header").inner_text()


_WEAK_CONTRAST = """least => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1
  const brush = canvas.getContext('2d', {willReadFrequently: true})
  const rgba = colour => { brush.clearRect(0, 0, 1, 1); brush.fillStyle = colour
    brush.fillRect(0, 0, 1, 1); return [...brush.getImageData(0, 0, 1, 1).data] }
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = node => { for (; node; node = node.parentElement) {
    const found = rgba(getComputedStyle(node).backgroundColor); if (found[3] === 255) return found }
    return [255, 255, 255, 255] }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const weak = new Set()
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || !node.checkVisibility()) continue
    const style = getComputedStyle(node)
    const ink = rgba(node.closest('svg') ? style.fill : style.color)
    const [high, low] = [luminance(ink), luminance(behind(node))].sort((a, b) => b - a)
    const contrast = (high + 0.05) / (low + 0.05)
    if (contrast < least) weak.add(`${node.className || node.tagName}: ${contrast.toFixed(2)}`)
  }
  return [...weak]
}"""
