"""Charts in a browser: values at a hair line by pointer and by key, and a zoom over time."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from reports.render import Format, write
from schemas.histogram import HistogramData, bucket
from schemas.load_records import Second
from tests.reports.chromium import Open

pytestmark = pytest.mark.page


def chart(page: Page, title: str) -> Locator:
    return page.locator("figure.chart", has=page.get_by_text(title, exact=True))


def values(figure: Locator) -> list[str]:
    return [each.inner_text() for each in figure.locator(".value").all()]


def point_at(page: Page, figure: Locator, share: float) -> None:
    """Move the pointer to ``share`` of the chart's width."""
    drawing = figure.locator(".drawing")
    drawing.scroll_into_view_if_needed()
    box = drawing.locator(".background").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def hair(figure: Locator) -> str:
    return figure.locator(".hair").get_attribute("d") or ""


def tick_labels(figure: Locator) -> list[str]:
    axis = figure.locator("g:has(> .role-axis-tick) > .role-axis-label")
    return axis.first.locator("text").all_text_contents()


def attributes(found: Locator, name: str) -> list[str]:
    return [each.get_attribute(name) or "" for each in found.all()]


def heights(figure: Locator) -> list[str]:
    """The labels of the vertical axis."""
    axis = figure.locator("g:has(> .role-axis-label):not(:has(> .role-axis-tick))")
    return axis.locator("text").all_text_contents()


def test_pointing_at_a_second_shows_its_values_in_every_chart_of_time(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    rates, ack = chart(page, "Messages"), chart(page, "ack latency")
    point_at(page, rates, 0.55)
    assert rates.locator(".place").inner_text() == "second 5"
    assert values(rates) == ["20", "20", "19"]
    assert hair(rates) == hair(ack) == "M275,0v190"
    assert ack.locator(".place").inner_text() == "second 5"
    assert values(ack)[0] == "4.75"
    assert values(chart(page, "ack by percentile")) == ["", ""]


def test_values_go_when_the_pointer_goes(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    rates = chart(page, "Messages")
    point_at(page, rates, 0.5)
    assert all(values(rates))
    page.mouse.move(2, 2)
    assert values(rates) == ["", "", ""]
    assert hair(rates) == ""


def test_every_second_is_reached_and_told_by_key(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    rates = chart(page, "Messages")
    drawing = rates.locator(".drawing")
    drawing.focus()
    told = []
    for _ in range(10):
        page.keyboard.press("ArrowRight")
        told.append(drawing.get_attribute("aria-valuetext"))
    assert told[0] == "second 0: due 20, sent 20, acknowledged 20"
    assert told[5] == "second 5: due 20, sent 20, acknowledged 19"
    assert len(set(told)) == 10
    page.keyboard.press("ArrowRight")
    assert drawing.get_attribute("aria-valuenow") == "9"
    page.keyboard.press("Home")
    assert rates.locator(".place").inner_text() == "second 0"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert rates.locator(".place").inner_text() == "second 8"


def test_a_chart_is_one_stop_of_the_tab_key_with_a_name(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    stops = page.locator(".charts [tabindex]")
    assert stops.count() == page.locator(".chart").count()
    for stop in stops.all():
        assert stop.get_attribute("role") == "slider"
        assert stop.get_attribute("aria-label")
        assert stop.get_attribute("aria-valuetext")


def test_percentiles_are_told_by_name(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    curve = chart(page, "ack by percentile")
    curve.locator(".drawing").focus()
    names = []
    for _ in range(40):
        page.keyboard.press("ArrowRight")
        names.append(curve.locator(".place").inner_text())
    assert {"p50", "p90", "p99"} <= set(names)
    assert values(curve)[0] == "never answered"


def test_dragging_zooms_all_charts_of_time_and_showing_all_undoes_it(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    rates, ack = chart(page, "Messages"), chart(page, "ack latency")
    before = tick_labels(rates)
    point_at(page, rates, 0.2)
    page.mouse.down()
    point_at(page, rates, 0.4)
    assert rates.locator(".chosen").get_attribute("d")
    point_at(page, rates, 0.6)
    page.mouse.up()
    assert page.locator(".zoom [role=status]").inner_text() == "seconds 2 to 6"
    assert tick_labels(rates) == ["2", "3", "4", "5", "6"]
    for figure in (rates, ack):
        left, _, width, _ = figure.locator(".field").evaluate(_VIEW)
        assert (left, width) == (100, 200)
    point_at(page, rates, 0.9)
    assert rates.locator(".place").inner_text() == "second 5"
    page.get_by_role("button", name="Show all").click()
    assert tick_labels(rates) == before
    assert rates.locator(".field").get_attribute("viewBox") == "0 -3 500 196"


def test_zooming_stretches_the_vertical_axis_to_what_is_in_sight(
    open_report: Open, make_run
) -> None:
    seconds = [Second(second=n, counts={"sent": 1_000 if n == 0 else 20}) for n in range(20)]
    page = open_report(make_run(*seconds))
    rates = chart(page, "Messages")
    assert "1,000" in heights(rates)
    whole = rates.locator(".field").get_attribute("viewBox")
    rates.locator(".drawing").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert heights(rates) == ["0", "10", "20"]
    grid = rates.locator(".role-axis-grid line")
    assert grid.count() == 3
    places = [float(each.split(",")[1][:-1]) for each in attributes(grid, "transform")]
    assert places == sorted(places, reverse=True)
    assert 0 <= places[-1] < places[0] <= 190
    page.keyboard.press("Escape")
    assert rates.locator(".field").get_attribute("viewBox") == whole
    assert "1,000" in heights(rates)


def test_a_logarithmic_axis_keeps_its_values_when_zoomed(open_report: Open, make_run) -> None:
    slow, fast = (HistogramData({bucket(us): 50}, us) for us in (2_000_000, 4_000))
    seconds = [
        Second(second=n, counts={"sent": 50}, latencies={"ack": slow if n < 3 else fast})
        for n in range(20)
    ]
    page = open_report(make_run(*seconds))
    ack = chart(page, "ack latency")
    assert "1000" in heights(ack)
    ack.locator(".drawing").focus()
    for _ in range(14):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    shown = [float(each) for each in heights(ack)]
    assert len(shown) >= 2
    assert all(3.5 < each < 4.5 for each in shown)


def test_keys_zoom_around_the_hair_line_which_stays_in_sight(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    rates = chart(page, "Messages")
    rates.locator(".drawing").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert hair(rates) == "M250,0v190"
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        assert hair(rates)
    page.keyboard.press("Escape")
    assert page.locator(".zoom [role=status]").inner_text() == ""


def test_zooming_ends_at_a_few_seconds_and_at_all(open_report: Open, sample: Path) -> None:
    page = open_report(sample)
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    assert page.locator(".zoom [role=status]").inner_text() == "seconds 3 to 7"
    for _ in range(5):
        page.get_by_role("button", name="Zoom out").click()
    assert page.locator(".zoom [role=status]").inner_text() == ""


def test_a_hostile_metric_is_told_as_text(open_report: Open, make_run, hostile: str) -> None:
    data = HistogramData({900: 20}, 90_000)
    page = open_report(make_run(Second(second=0, counts={"sent": 1}, latencies={hostile: data})))
    for drawing in page.locator(".drawing").all():
        drawing.focus()
        page.keyboard.press("ArrowRight")
    assert page.locator("img, iframe").count() == 0
    assert page.locator("script").count() == 1


def test_without_its_script_the_page_says_the_same_but_for_the_hair_line(
    open_report: Open, sample: Path
) -> None:
    page = open_report(sample)
    text = page.content()
    assert 'class="zoom" role="group" aria-label="Zoom all charts over time" hidden' not in text
    saved = next(sample.glob("report.html")).read_text("utf-8")
    assert 'aria-label="Zoom all charts over time" hidden' in saved
    assert saved.count('class="drawing" role="img"') == page.locator(".chart").count()


def test_no_script_but_the_page_s_own_can_run(browser: BrowserContext, sample: Path) -> None:
    (path,) = write(sample, [Format.HTML], sample)
    page = browser.new_page()
    try:
        page.goto(path.as_uri())
        ran = page.evaluate(_TRY_TO_RUN)
    finally:
        page.close()
    assert ran == []


_VIEW = "field => (field.getAttribute('viewBox') || '').split(' ').map(Number)"
_TRY_TO_RUN = """() => {
  globalThis.ran = []
  const tries = [
    () => { document.body.innerHTML += '<img src=x onerror="ran.push(1)">' },
    () => { const button = document.querySelector('.zoom button')
            button.setAttribute('onclick', 'ran.push(2)'); button.click() },
    () => { const script = document.createElement('script')
            script.append('ran.push(3)'); document.body.append(script) },
    () => { const link = document.createElement('a')
            link.href = 'javascript:ran.push(4)'; document.body.append(link); link.click() },
  ]
  for (const each of tries) try { each() } catch {}
  return globalThis.ran
}"""
