"""A capacity search as one page: the answer, a curve for each demand, every trial. No script."""

import altair as alt

from reports import figures
from reports.allowance import Allowance
from reports.capacity_levels import levels, result_of, verdict_tone
from reports.capacity_text import headline, trial_cells
from reports.drawing import (
    FIRST,
    NO_READINGS,
    SECOND,
    THIRD,
    Chart,
    Row,
    draw,
    spread_scale,
    y_axis,
)
from reports.page_frame import environment, style, style_hash
from schemas.capacity import Capacity, Of, TrialOutcome, shown
from schemas.verdict_file import ThresholdOutcome, ThresholdResult

_TEXT_BYTES = 300_000
_MOST_CHARTS = 8
_MOST_TRIALS = 500
_CROSS = "M-1,-1L1,1M1,-1L-1,1"
_ROOM = 14
_MARKS = {
    TrialOutcome.HELD: ("circle", FIRST),
    TrialOutcome.FAILED: (_CROSS, THIRD),
    TrialOutcome.SATURATED: ("triangle-up", SECOND),
    TrialOutcome.UNDECIDED: ("diamond", SECOND),
}
_SAYS = "dots held, crosses failed, other marks decided nothing"


def render(found: Capacity) -> str:
    """The whole page."""
    room = Allowance(_TEXT_BYTES)
    charts = [chart for text in found.slos[:_MOST_CHARTS] if (chart := curve(found, text))]
    page = environment().get_template("capacity.html.j2")
    return page.render(
        headline=headline(found),
        tone=verdict_tone(found),
        target=room.text(found.target, 300),
        reasons=[room.text(reason, 600) for reason in found.reasons],
        slos=[room.text(text, 100) for text in found.slos],
        charts=charts,
        levels=[
            (shown(view.level, found.of), view.tone, view.outcomes, _texts(view.values, room))
            for view in levels(found)
        ],
        trials=[
            (_texts(trial_cells(trial, found), room), room.text(trial.note, 200), trial.folder)
            for trial in found.trials[:_MOST_TRIALS]
        ],
        seed=found.seed,
        style=style(),
        style_hash=style_hash(),
    )


def curve(found: Capacity, text: str) -> Chart | None:
    """What was measured of the demand ``text`` at each level; None where nothing was."""
    rows: list[tuple[TrialOutcome, Row]] = []
    sample: ThresholdResult | None = None
    for trial in found.trials:
        result = result_of(text, trial)
        if result is not None and result.value is not None and trial.outcome in _MARKS:
            sample = result
            value = _scaled(result, result.value)
            rows.append((trial.outcome, {"level": trial.level, "value": value}))
    if sample is None:
        return None
    limit = _scaled(sample, sample.limit)
    known = [row["value"] or 0.0 for _, row in rows]
    scale = spread_scale(min(*known, limit), max(*known, limit))
    layers = [
        _points([row for own, row in rows if own is outcome], shape, token, found, scale)
        for outcome, (shape, token) in _MARKS.items()
        if any(own is outcome for own, _ in rows)
    ]
    rule = alt.Chart(alt.InlineData(values=[{"value": limit}]))
    layers.append(rule.mark_rule(color=THIRD, strokeDash=[7, 3]).encode(y=y_axis("value", scale)))
    layers += _ends(found)
    says = f"limit {figures.threshold(sample, sample.limit)}; {_SAYS}"
    unseen = sum(_not_reached(result_of(text, trial)) for trial in found.trials)
    says += f"; in {unseen} it was not reached at all" if unseen else ""
    unit = "ms" if _in_ms(sample) else ""
    return Chart(text, unit, says, NO_READINGS, draw([row for _, row in rows], layers))


def _not_reached(result: ThresholdResult | None) -> bool:
    missed = result is not None and result.outcome is ThresholdOutcome.MISSED
    return missed and result is not None and result.value is None


def _points(
    rows: list[Row], shape: str, token: str, found: Capacity, scale: alt.Scale
) -> alt.Chart:
    chart = alt.Chart(alt.InlineData(values=rows))
    marks: alt.Chart = chart.mark_point(color=token, shape=shape, size=70, strokeWidth=2).encode(
        x=_x(found, "level"), y=y_axis("value", scale)
    )
    return marks


def _ends(found: Capacity) -> list[alt.Chart]:
    """A rule at each end of the interval, dashed where it failed."""
    ends = ((found.held, FIRST, [1, 0]), (found.failed, THIRD, [2, 3]))
    return [
        alt.Chart(alt.InlineData(values=[{"at": level}]))
        .mark_rule(color=token, strokeDash=dash)
        .encode(x=_x(found, "at"))
        for level, token, dash in ends
        if level is not None
    ]


def _x(found: Capacity, key: str) -> alt.X:
    title = "messages per second" if found.of is Of.RATE else "participants"
    axis = alt.Axis(title=title, tickCount=6, grid=False, format=",.4~r")
    scale = alt.Scale(zero=False, nice=False, padding=_ROOM)
    return alt.X(f"{key}:Q", scale=scale, axis=axis)


def _in_ms(result: ThresholdResult) -> bool:
    return "(" in result.text


def _scaled(result: ThresholdResult, value: float) -> float:
    return value / 1000 if _in_ms(result) else value


def _texts(cells: list[str], room: Allowance) -> list[str]:
    return [room.text(cell, 200) for cell in cells]
