from reports import html_page
from reports.allowance import Allowance
from reports.material import Material, read_material
from reports.page_load import load_view
from schemas.histogram import HistogramData
from schemas.load_records import Anomaly, Metric, Second, SlowMessage
from schemas.verdicts import Outcome


def test_without_a_load_there_is_no_view(make_run) -> None:
    assert load_view(read_material(make_run()).run, None, Allowance(1_000)) is None


def test_metrics_stand_in_the_order_in_which_people_ask(make_run) -> None:
    empty = HistogramData()
    names = ("zeta", "login", "deliver", "ack")
    run = read_material(
        make_run(*(Metric(name=n, latency=empty, service=empty) for n in names))
    ).run
    view = load_view(run, None, Allowance(10_000))
    assert view is not None
    assert [metric.name for metric in view.metrics] == ["ack", "deliver", "login", "zeta"]


def test_metrics_are_named_before_examples_take_the_room(make_run) -> None:
    wide = HistogramData({64: 20}, 100)
    flood = [Anomaly(word="lost", detail="d" * 500) for _ in range(20)]
    run = read_material(make_run(*flood, Metric(name="ack", latency=wide, service=wide))).run
    view = load_view(run, None, Allowance(2_000))
    assert view is not None
    assert (view.metrics[0].name, view.charts[0].title) == ("ack", "ack by percentile")
    assert "left out" in view.anomalies[-1].detail


def test_quantiles_with_too_few_samples_are_indicative(material: Material) -> None:
    view = load_view(material.run, material.summary.load, Allowance(100_000))
    assert view is not None
    ack = view.metrics[0].rows[0]
    assert [cell.indicative for cell in ack.cells] == [False, False, True, True]
    assert [cell.text[:1] for cell in ack.cells] == ["2", "3", "~", "~"]
    assert (ack.count, ack.unanswered) == (200, 3)


def test_a_log_that_ends_before_the_sums_still_draws_its_seconds(make_run) -> None:
    seconds = [Second(second=n, counts={"sent": 5, "open": 1}) for n in range(3)]
    run = read_material(make_run(*seconds, footer=False)).run
    view = load_view(run, None, Allowance(10_000))
    assert view is not None
    assert view.totals is None
    assert [chart.title for chart in view.charts] == ["Messages", "Connections"]


def test_broken_clauses_keep_what_the_profile_makes_of_them(material: Material) -> None:
    view = load_view(material.run, material.summary.load, Allowance(100_000))
    assert view is not None
    assert [found.outcome for found in view.violations] == [Outcome.FAILED, Outcome.NON_STRICT]


def slow_message(**more: list[str]) -> SlowMessage:
    detail = "message 3 of <C\x1b1>"
    return SlowMessage(
        latency_us=90_000, service_us=80_000, at_s=1.5, type="text", detail=detail, **more
    )


def test_the_slowest_messages_are_named_and_made_harmless(make_run) -> None:
    slow = slow_message()
    run = read_material(make_run(Second(second=0, counts={"sent": 5}), slow)).run
    view = load_view(run, None, Allowance(10_000))
    assert view is not None
    (shown,) = view.slowest
    assert (shown.type, shown.detail) == ("text", "message 3 of <C\\x1b1>")
    page = html_page.render(read_material(make_run(Second(second=0, counts={"sent": 5}), slow)))
    assert "message 3 of &lt;C\\x1b1&gt;" in page
    assert "90.0 ms" in page


def test_the_frames_of_a_message_are_told_apart_and_made_harmless(make_run) -> None:
    slow = slow_message(frames=["<b>\x1b", "{}"])
    run = read_material(make_run(Second(second=0, counts={"sent": 5}), slow)).run
    view = load_view(run, None, Allowance(10_000), Allowance(10_000))
    assert view is not None
    told = [(frame.caption, frame.text) for frame in view.slowest[0].frames]
    assert told == [("sent", "<b>\\x1b"), ("answered with", "{}")]


def test_a_message_opens_on_its_frames_where_there_are_any(make_run) -> None:
    slow = slow_message(), slow_message(frames=["<b>", "{}"])
    page = html_page.render(read_material(make_run(Second(second=0, counts={"sent": 5}), *slow)))
    assert page.count('<details class="case calm row slow">') == 1
    assert page.count('<p class="case calm row slow brief">') == 1
    assert 'aria-label="answered with">{}</pre>' in page
    assert "&lt;b&gt;</pre>" in page


def test_no_more_frames_are_shown_than_there_is_room_for(make_run) -> None:
    frames = ["a" * 2_000] * 9
    lost = Anomaly(word="lost", detail="x", frames=frames, captions=["sent", "answered with"])
    seen = (Second(second=0, counts={"sent": 5}), lost, slow_message(frames=frames))
    run = read_material(make_run(*seen)).run
    for room, shown in ((Allowance(100_000), 6), (Allowance(2_500), 2), (None, 0)):
        view = load_view(run, None, Allowance(10_000), room)
        assert view is not None
        assert [len(frame.text) > 0 for frame in view.anomalies[0].frames] == [True] * shown
        assert all(len(frame.text) <= 1_001 for frame in view.anomalies[0].frames)
