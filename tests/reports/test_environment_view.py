from reports.allowance import Allowance
from reports.environment_view import environment_view, missing
from reports.material import Material, read_material
from schemas.records import PartEnded
from schemas.run_log import RUN_LOG


def test_the_command_can_be_pasted_into_a_shell(material: Material) -> None:
    assert (
        environment_view(material, Allowance(10_000)).command == "chatsocket run --out 'runs/a b'"
    )


def test_nothing_is_missing_of_a_whole_run(material: Material) -> None:
    assert missing(material.run) == []


def test_damaged_lines_are_named(make_run) -> None:
    run = read_material(make_run(junk=b"\x00 no record\n")).run
    assert missing(run) == [f"1 line of {RUN_LOG} cannot be read and counts for nothing: 2."]


def test_many_damaged_lines_are_counted(make_run) -> None:
    (sentence,) = missing(read_material(make_run(junk=b"{}\n" * 50)).run)
    assert sentence.endswith("20, 21 and 30 more.")


def test_a_log_without_footer_and_a_part_without_end_are_told(make_run) -> None:
    run = read_material(make_run(footer=False, parts=("conformance", "load"))).run
    assert [sentence.split(" ")[0:2] for sentence in missing(run)] == [
        [RUN_LOG, "has"],
        ["The", "conformance"],
        ["The", "load"],
    ]


def test_why_a_part_ended_early_is_told(make_run) -> None:
    ended = PartEnded(name="load", duration_s=2, complete=False, reason="interrupted")
    (sentence,) = missing(read_material(make_run(ended, parts=("load",))).run)
    assert sentence == "The load part ended early: interrupted."
