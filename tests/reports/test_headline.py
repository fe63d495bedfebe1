from msgspec.structs import replace

from reports.headline import all_well, reason_views, tiles
from reports.material import Material, read_material
from reports.symbols import Tone
from schemas.load_records import Frames
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult
from schemas.verdicts import Level, Outcome, Verdict


def test_the_figures_of_a_whole_run(material: Material) -> None:
    shown = {tile.label: tile for tile in tiles(material.summary)}
    assert shown["Cases passed"].value == "1"
    assert shown["Cases passed"].unit == "of 6"
    assert shown["Cases passed"].note == "1 failed, 2 undecided, 1 failed as expected"
    assert shown["Rate asked"].note == "99.0\u202f% sent in time"
    assert shown["Acknowledge p99"].value == "~> 41.8"
    assert shown["Deliveries"].tone is Tone.BAD
    assert shown["Invalid frames"].tone is Tone.BAD


def test_cases_that_were_not_judged_are_doubtful_and_not_good(make_run, make_case) -> None:
    summary = read_material(make_run(make_case("a.b", Outcome.BLOCKED))).summary
    assert tiles(summary)[0].tone is Tone.DOUBT


def test_a_run_without_parts_has_no_figures(make_run) -> None:
    assert tiles(read_material(make_run()).summary) == []


def test_a_broken_clause_is_told_beside_frames_that_are_valid_by_themselves(
    material: Material,
) -> None:
    valid = replace(material.summary.load, frames=Frames(received=9))
    summary = replace(material.summary, load=valid)
    assert tiles(summary)[-1].note == "all valid"
    found = tiles(summary, material.run.violations)[-1]
    assert (found.value, found.note, found.tone) == ("0", "a clause is broken", Tone.BAD)


def test_missing_evidence_weighs_less_than_what_is_proven() -> None:
    reasons = ["lost: 3 messages", "in-flight: 2", "something new: x", "no colon"]
    views = reason_views(reasons, Verdict.FAILED)
    assert [view.tone for view in views] == [Tone.BAD, Tone.DOUBT, Tone.BAD, Tone.BAD]
    assert [view.word + view.rest for view in views] == reasons


def test_a_passed_run_claims_no_more_than_what_ran(material: Material, make_run) -> None:
    nothing = replace(read_material(make_run()).summary, thresholds=[])
    assert all_well(nothing, Level.MUST) == ""
    cases = replace(nothing, conformance=material.summary.conformance)
    assert all_well(cases, Level.MUST) == "No case failed at the gated level (MUST)."
    load = replace(nothing, load=material.summary.load, thresholds=[_met("a"), _met("b")])
    assert all_well(load, Level.MUST).endswith(" Every threshold was met.")
    warned = replace(_met("c"), outcome=ThresholdOutcome.MISSED, severity=Severity.WARN)
    load = replace(load, thresholds=[_met("a"), warned])
    assert all_well(load, Level.MUST).endswith(" Every threshold that counts was met.")


def _met(text: str) -> ThresholdResult:
    return ThresholdResult(text=text, value=0, limit=1, outcome=ThresholdOutcome.MET)


def test_a_latency_that_nobody_reached_is_told_in_words(material: Material) -> None:
    load = material.summary.load
    ack = replace(
        load.metrics["ack"],
        **{"count": 0, "p50_us": None, "p99_us": None, "p50_at_least_us": 0, "p99_at_least_us": 0},
    )
    summary = replace(material.summary, load=replace(load, metrics={"ack": ack}))
    (tile,) = (each for each in tiles(summary) if each.label == "Acknowledge p99")
    assert (tile.value, tile.unit, tile.note) == ("never", "", "nothing was answered")
    assert tile.tone is Tone.DOUBT

    unreached = replace(ack, count=9, p50_at_least_us=3_000, p99_at_least_us=3_000)
    summary = replace(material.summary, load=replace(load, metrics={"ack": unreached}))
    (tile,) = (each for each in tiles(summary) if each.label == "Acknowledge p99")
    assert (tile.value, tile.note) == ("~> 3.00", "half not within 3.00 ms")
