from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from reports import html_page
from reports.material import Material, read_material
from reports.shards import ShardsDiffer, merged
from schemas.case_records import SuitePlanned
from schemas.load_records import Second
from schemas.records import Record, decode, encode
from schemas.run_log import RUN_LOG
from schemas.verdict_file import VerdictFile
from schemas.verdicts import ExitCode, Outcome, Verdict

Shard = Callable[..., Material]

PASSED = VerdictFile(verdict=Verdict.PASSED, exit_code=ExitCode.PASSED, reasons=[])
FAILED = VerdictFile(
    verdict=Verdict.FAILED, exit_code=ExitCode.FAILED, reasons=["failed: 1 case: b.one"]
)
UNDECIDED = VerdictFile(
    verdict=Verdict.NO_VERDICT, exit_code=ExitCode.NO_VERDICT, reasons=["nothing: no case ran"]
)


@pytest.fixture
def shard(make_run, tmp_path: Path) -> Shard:
    """Makes one shard; each has a run id of its own, and its header as it is told."""

    def make(name: str, *records: Record, verdict: VerdictFile = PASSED, **more) -> Material:
        target = more.pop("target", None)
        folder = make_run(*records, verdict=verdict, **more)
        log = folder / RUN_LOG
        first, _, rest = log.read_bytes().partition(b"\n")
        header = msgspec.structs.replace(decode(first), run_id=name)
        if target:
            changed = msgspec.structs.replace(header.target, **target)
            header = msgspec.structs.replace(header, target=changed)
        log.write_bytes(encode(header) + rest)
        return read_material(folder)

    return make


def test_shards_of_one_run_are_one(shard: Shard, make_case) -> None:
    one = shard("first", make_case("a.one", Outcome.PASSED))
    other = shard("second", make_case("b.one", Outcome.FAILED), verdict=FAILED)
    both = merged([one, other])
    assert [case.id for case in both.summary.conformance.cases] == ["a.one", "b.one"]
    assert both.summary.exit_code == ExitCode.FAILED
    assert both.summary.reasons == ["failed: 1 case: b.one"]
    assert both.run.header.run_id == "first and 1 more"
    assert both.run.notes[0].text == "put together from first, second"
    assert both.replay_folder("a.one") == ""
    assert both.run.footer.duration_s == pytest.approx(2 * 57.782)


def test_the_worst_verdict_is_that_of_all(shard: Shard, make_case) -> None:
    def of(*verdicts: VerdictFile) -> Verdict:
        shards = [
            shard(f"r{n}", make_case(f"a.{n}", Outcome.PASSED), verdict=verdict)
            for n, verdict in enumerate(verdicts)
        ]
        return merged(shards).summary.verdict

    assert of(PASSED, PASSED) is Verdict.PASSED
    assert of(PASSED, UNDECIDED) is Verdict.NO_VERDICT
    assert of(UNDECIDED, FAILED, PASSED) is Verdict.FAILED


def test_one_run_is_itself(shard: Shard) -> None:
    alone = shard("only")
    assert merged([alone]) is alone


def test_a_partial_shard_makes_all_of_it_partial_and_is_named(shard: Shard, make_case) -> None:
    one = shard("first", make_case("a.one", Outcome.PASSED))
    other = shard("second", make_case("b.one", Outcome.PASSED), footer=False)
    both = merged([one, other])
    assert both.run.partial
    assert any("second: run.ndjson has no footer" in note.text for note in both.run.notes)


def test_loads_are_refused_with_a_sentence(shard: Shard) -> None:
    loaded = shard("second", Second(second=0, counts={"sent": 1}))
    with pytest.raises(ShardsDiffer, match="the run second has a load, which cannot be put"):
        merged([shard("first"), loaded])


def test_other_targets_and_cases_told_twice_are_refused(shard: Shard, make_case) -> None:
    first = shard("first", make_case("a.one", Outcome.PASSED))
    with pytest.raises(ShardsDiffer, match=r"cases are in more than one of the runs: a\.one"):
        merged([first, first])
    elsewhere = shard("second", target={"url": "ws://elsewhere.example/"})
    with pytest.raises(ShardsDiffer, match=r"different targets \(ws://127.*elsewhere"):
        merged([first, elsewhere])
    otherwise = shard("third", target={"profile": {"tier": "literal"}})
    with pytest.raises(ShardsDiffer, match="their profiles differ"):
        merged([first, otherwise])


def test_what_every_shard_comes_across_is_told_once_and_at_its_worst(
    shard: Shard, make_case
) -> None:
    def came(outcome: Outcome) -> Record:
        return make_case("envelope.any", outcome, passive=True)

    one = shard("first", came(Outcome.PASSED), make_case("a.one", Outcome.PASSED))
    other = shard("second", came(Outcome.FAILED), make_case("b.one", Outcome.PASSED))
    third = shard("third", came(Outcome.PASSED))
    found = {case.id: case.outcome for case in merged([one, other, third]).run.cases}
    assert found == {
        "envelope.any": Outcome.FAILED,
        "a.one": Outcome.PASSED,
        "b.one": Outcome.PASSED,
    }


def test_a_case_is_run_again_from_its_own_shard(shard: Shard, make_case) -> None:
    planned = SuitePlanned(options={})
    one = shard("first", planned, make_case("a.one", Outcome.FAILED))
    other = shard("second", planned, make_case("b.one", Outcome.FAILED))
    other = msgspec.structs.replace(other, folder="runs/b b")
    page = html_page.render(merged([one, other]))
    assert f"chatsocket replay {one.folder} a.one" in page
    assert "chatsocket replay &#39;runs/b b&#39; b.one" in page
