from reports.headline import tiles
from reports.material import Material, read_material
from reports.symbols import Tone
from schemas.verdicts import Outcome


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
