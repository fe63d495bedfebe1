import msgspec
import pytest

from reports.allowance import Allowance
from reports.environment_view import environment_view, missing
from reports.material import Material, read_material
from schemas.records import LOG_VERSION, PartEnded, decode, encode
from schemas.run_log import RUN_LOG, read_run


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


def test_lines_that_are_gone_are_counted(make_run) -> None:
    folder = make_run()
    log = folder / RUN_LOG
    header, footer = log.read_bytes().splitlines(keepends=True)
    counted = msgspec.structs.replace(decode(footer), records=3)
    log.write_bytes(header + encode(counted))
    run = read_run(folder)
    assert (run.absent, run.partial) == (2, True)
    assert missing(run) == [f"2 lines are gone from {RUN_LOG} that its footer has counted."]


@pytest.mark.parametrize(("version", "told"), [("1.999", 2), ("1.x", 1), (LOG_VERSION, 1)])
def test_damage_in_a_newer_log_is_told_with_its_version(make_run, version, told) -> None:
    run = read_material(make_run(junk=b"{}\n")).run
    header = msgspec.structs.replace(run.header, log_version=version)
    assert len(missing(msgspec.structs.replace(run, header=header))) == told


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
    ended = PartEnded(name="load", duration_s=2, complete=False, reason="refused; is it running?")
    (sentence,) = missing(read_material(make_run(ended, parts=("load",))).run)
    assert sentence == "The load part ended early: refused; is it running?"
