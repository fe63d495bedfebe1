"""`chatsocket compare` on saved runs: directions, exit codes, files and wrong use."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from schemas.load_records import LoadPlanned
from schemas.records import Record, encode
from schemas.run_log import RUN_LOG, Run
from schemas.verdicts import Outcome
from tests.made_runs import case, latencies, made_run, metric

Saved = Callable[..., Path]

PLAN = LoadPlanned(
    scenario="steady",
    model="open-constant",
    rate=100,
    duration_s=15,
    warm_up_s=1,
    customers=20,
    staff=5,
    workers=1,
    seed=1,
)


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Write a run whose p50(ack) is so many milliseconds into a folder of that name."""

    def save(name: str, ack_ms: float, **changes: object) -> Path:
        fields = {"metrics": {"ack": metric(data=latencies(ack_ms, times=2_000))}, "plan": PLAN}
        run: Run = made_run(**fields | changes)
        header = msgspec.structs.replace(run.header, run_id=name)
        records: list[Record | None] = [header, run.plan, *run.cases, *run.metrics.values()]
        records += [*run.parts, run.totals, run.footer]
        (tmp_path / name).mkdir()
        lines = (encode(record) for record in records if record)
        (tmp_path / name / RUN_LOG).write_bytes(b"".join(lines))
        return tmp_path / name

    return save


@pytest.fixture
def base(saved: Saved) -> list[Path]:
    return [saved(f"base{number}", ms) for number, ms in enumerate((2.00, 2.04, 1.98))]


@pytest.mark.parametrize(
    ("factor", "code", "word"), [(1.0, 0, "Same"), (0.7, 0, "Better"), (1.3, 1, "Worse")]
)
def test_the_exit_code_is_the_directions(call, saved, base, factor, code, word) -> None:
    after = [saved(f"after{number}", factor * ms) for number, ms in enumerate((2.01, 2.03, 1.99))]
    ended = call("compare", *base, "--", *after)
    assert (ended.code, ended.err) == (code, "")
    assert f"{word}  3 runs against 3" in ended.out
    assert "p50(ack)" in ended.out


def test_single_runs_are_inconclusive_until_their_noise_is_known(call, saved, base) -> None:
    slow = saved("slow", 3.0)
    ended = call("compare", base[0], "--", slow)
    assert ended.code == 3
    assert "3 runs a side would decide" in ended.out
    assert call("compare", base[0], "--noise", "5%", "--", slow).code == 1
    assert call("compare", base[0], "--", slow, "--noise", "5%").code == 1


def test_a_newly_failing_case_is_named(call, saved, base) -> None:
    broken = saved("broken", 2.0, cases=[case(Outcome.FAILED)])
    ended = call("compare", *base, "--", broken)
    assert ended.code == 1
    assert "newly-failing login/first" in ended.out


def test_json_and_files_hold_the_whole_comparison(call, saved, base, tmp_path) -> None:
    ended = call("compare", *base, "--", saved("slow", 3.0), "--json", "--out", tmp_path / "out")
    printed = json.loads(ended.out)
    assert printed["direction"] == "worse"
    assert printed["base"] == ["base0", "base1", "base2"]
    assert json.loads((tmp_path / "out" / "comparison.json").read_text()) == printed
    assert (tmp_path / "out" / "comparison.md").read_text().startswith("## ✕ Worse")


def test_different_loads_are_refused_until_allowed(call, saved, base) -> None:
    faster = saved("faster", 2.0, plan=msgspec.structs.replace(PLAN, rate=200))
    ended = call("compare", *base, "--", faster)
    assert ended.code == 2
    assert "100/s against 200/s" in ended.err
    assert call("compare", *base, "--", faster, "--allow-different", "rate").code in (0, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("{base}",), "write chatsocket compare BASE... -- CANDIDATE..."),
        (("--", "{base}"), "write chatsocket compare BASE... -- CANDIDATE..."),
        (("{base}", "--", "{base}", "--", "{base}"), "BASE... -- CANDIDATE..."),
        (("{base}", "--", "nowhere"), "nowhere is no run folder"),
        (("{base}", "--", "{base}", "--primary", "p50(akc)"), "did you mean 'p50(ack)'?"),
        (("{base}", "--", "{base}", "--effect", "5"), "--effect '5' is no share"),
        (("{base}", "--", "{base}", "--allow-different", "rtae"), "did you mean 'rate'?"),
    ],
)
def test_wrong_use_is_a_sentence(call, base, arguments, sentence) -> None:
    ended = call("compare", *(text.format(base=base[0]) for text in arguments))
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.out == ""
