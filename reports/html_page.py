"""Writes ``report.html``: one page that opens anywhere, with nothing to fetch.

Its one script is fixed, named by its hash and holds no data; without it the page is whole.
Everything that came from outside passes through the page's allowance and the template's escaping.
"""

from dataclasses import dataclass

from reports import figures
from reports.allowance import Allowance
from reports.case_views import ConformanceView
from reports.environment_view import environment_view
from reports.headline import all_well, reason_views, tiles
from reports.material import Material
from reports.page_cases import Room, conformance_view
from reports.page_clauses import ClausesView, clauses_view
from reports.page_frame import environment, script, script_hash, style, style_hash
from reports.page_load import LoadView, load_view
from reports.symbols import DIRECTION_TONE, VERDICT_TONE, VERDICT_WORDS, Tone, threshold_tone
from schemas.clauses import register
from schemas.verdict_file import BaselineResult, Severity, ThresholdOutcome, ThresholdResult

_FRAME_BYTES, _NAMES_BYTES, _EVIDENCE_BYTES = 120_000, 200_000, 380_000
_CLAUSES_BYTES, _MATRIX_BYTES, _LOAD_BYTES, _FRAMES_BYTES = 80_000, 90_000, 140_000, 60_000
_DIAGRAMS_BYTES, _BRIEF_BYTES = 160_000, 150_000
"""Room for texts from outside, each section on its own. Charts and markup need the rest of 2 MB."""

_MOST_BYTES = 1_990_000
_SHARES = (1.0, 0.7, 0.4, 0.1)
"""How much of the room cases get: less where, with all the markup, it would be too much."""

_REASONS = 12
_THRESHOLDS = 200


@dataclass(frozen=True, slots=True)
class ThresholdView:
    """One threshold as written, with the measured value and the limit in its own unit."""

    text: str
    measured: str
    limit: str
    outcome: ThresholdOutcome
    tone: Tone
    warns: bool
    note: str


@dataclass(frozen=True, slots=True)
class BaselineView:
    """How the run stands to its baseline."""

    result: BaselineResult
    tone: Tone
    reasons: list[str]


def render(material: Material) -> str:
    """The whole page, below 2 MB whatever the run holds."""
    load = load_view(
        material.run, material.summary.load, Allowance(_LOAD_BYTES), Allowance(_FRAMES_BYTES)
    )
    page = ""
    for share in _SHARES:
        page = _page(material, load, share)
        if len(page.encode()) <= _MOST_BYTES:
            break
    return page


def _page(material: Material, load: LoadView | None, share: float) -> str:
    summary, allowance = material.summary, Allowance(_FRAME_BYTES)
    conformance = conformance_view(material.run.cases, _room(share), material.replay_folder)
    page = environment().get_template("page.html.j2")
    return page.render(
        summary=summary,
        parts=material.run.header.parts,
        judged=material.judged,
        reasons=reason_views(
            [allowance.text(reason, 600) for reason in summary.reasons[:_REASONS]],
            summary.verdict,
        ),
        all_well=all_well(summary, material.verdict.level),
        reasons_left_out=max(0, len(summary.reasons) - _REASONS),
        verdict_tone=VERDICT_TONE[summary.verdict],
        verdict_words=VERDICT_WORDS[summary.verdict],
        environment=environment_view(material, allowance),
        tiles=tiles(summary, material.run.violations),
        thresholds=[_threshold(result, allowance) for result in summary.thresholds[:_THRESHOLDS]],
        baseline=_baseline(summary.baseline, allowance),
        conformance=conformance,
        clauses=_clauses(material, conformance),
        load=load,
        style=style(),
        style_hash=style_hash(),
        script=script(),
        script_hash=script_hash(),
    )


def _room(share: float) -> Room:
    sizes = (_NAMES_BYTES, _CLAUSES_BYTES, _EVIDENCE_BYTES, _DIAGRAMS_BYTES, _BRIEF_BYTES)
    return Room(*(Allowance(int(share * size)) for size in sizes))


def _clauses(material: Material, conformance: ConformanceView | None) -> ClausesView | None:
    if conformance is None:
        return None
    run = material.run
    names = Allowance(_MATRIX_BYTES)
    return clauses_view(register(), run.cases, run.violations, conformance.anchors, names)


def _baseline(result: BaselineResult | None, allowance: Allowance) -> BaselineView | None:
    if result is None:
        return None
    reasons = [allowance.text(reason, 600) for reason in result.reasons[:_REASONS]]
    return BaselineView(result, DIRECTION_TONE[result.direction], reasons)


def _threshold(result: ThresholdResult, allowance: Allowance) -> ThresholdView:
    return ThresholdView(
        text=allowance.text(result.text),
        measured=figures.threshold(result, result.value),
        limit=figures.threshold(result, result.limit),
        outcome=result.outcome,
        tone=threshold_tone(result),
        warns=result.severity is Severity.WARN,
        note=allowance.text(result.note) if result.note else "",
    )
