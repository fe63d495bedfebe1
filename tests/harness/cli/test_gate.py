"""`chatsocket gate` and `chatsocket report` on saved runs."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from schemas.load_records import Connections, Frames
from schemas.records import PartEnded, Record, encode
from schemas.run_log import RUN_LOG, Run
from schemas.verdicts import Level, Outcome
from tests.made_runs import case, made_run, totals

Save = Callable[..., Path]


@pytest.fixture
def saved(tmp_path: Path) -> Save:
    """Write a made run's log into a folder."""

    def save(run: Run, profile: dict[str, object] | None = None) -> Path:
        target = msgspec.structs.replace(run.header.target, profile=profile or {})
        header = msgspec.structs.replace(run.header, target=target)
        records: list[Record] = [header, *run.cases, *run.metrics.values(), *run.parts]
        records += [record for record in (run.totals, run.footer) if record]
        (tmp_path / RUN_LOG).write_bytes(b"".join(map(encode, records)))
        return tmp_path

    return save


def test_a_green_run_passes_and_its_reports_lie_beside_it(call, saved: Save) -> None:
    folder = saved(made_run())
    ended = call("gate", folder)
    assert (ended.code, ended.err) == (0, "")
    assert str(folder / "report.html") in ended.out.replace("\n", "")
    verdict = json.loads((folder / "verdict.json").read_text())
    summary = json.loads((folder / "summary.json").read_text())
    assert (verdict["verdict"], summary["exit_code"]) == ("passed", 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cases": [case(Outcome.FAILED)]}, 1),
        ({"totals": totals(ledger={"lost": 1})}, 1),
        ({"footer": None}, 3),
        ({"cases": [], "totals": None, "metrics": {}, "parts": []}, 3),
        ({"totals": totals(connections=Connections(asked=99, opened=9, failed=90))}, 1),
        ({"totals": totals(frames=Frames(sent=9, received=9, invalid=1))}, 1),
        ({"parts": [PartEnded(name="load", duration_s=1, complete=True)]}, 3),
    ],
)
def test_the_exit_code_is_the_verdicts(
    call, saved: Save, changes: dict[str, object], code: int
) -> None:
    folder = saved(made_run(**changes))
    assert call("gate", folder).code == code
    assert json.loads((folder / "verdict.json").read_text())["exit_code"] == code


def test_a_lower_level_forgives_what_binds_less(call, saved: Save) -> None:
    folder = saved(made_run(cases=[case(), case(Outcome.FAILED, Level.SHOULD, "login/other")]))
    assert call("gate", folder).code == 1
    assert call("gate", folder, "--level", "must").code == 0


def test_a_file_of_thresholds_replaces_all_others(call, saved: Save, tmp_path: Path) -> None:
    folder = saved(made_run(), {"thresholds": ["p99(ack) < 1ms"]})
    assert call("gate", folder).code == 1
    file = tmp_path / "thresholds.toml"
    file.write_text('thresholds = ["p99(ack) < 1s"]')
    assert call("gate", folder, "--thresholds", file).code == 0


def test_a_threshold_that_cannot_be_read_is_wrong_usage(call, saved: Save, tmp_path: Path) -> None:
    folder = saved(made_run())
    file = tmp_path / "thresholds.toml"
    file.write_text('thresholds = ["p99(akc) < 1s"]')
    ended = call("gate", folder, "--thresholds", file)
    assert ended.code == 2
    assert "did you mean 'ack'?" in ended.err
    assert not (folder / "verdict.json").exists()


@pytest.mark.parametrize("command", ["gate", "report"])
def test_a_folder_without_a_run_is_wrong_usage(call, tmp_path: Path, command: str) -> None:
    ended = call(command, tmp_path / "none")
    assert ended.code == 2
    assert "is no run folder" in ended.err
    assert ended.err.count("\n") == 1


def test_report_draws_the_chosen_formats_elsewhere(call, saved: Save, tmp_path: Path) -> None:
    folder, out = saved(made_run()), tmp_path / "out"
    ended = call("report", folder, "--format", "junit", "--format", "json", "--out", out)
    assert ended.code == 0
    assert ended.out.split() == [str(out / "junit.xml"), str(out / "summary.json")]
    assert sorted(path.name for path in out.iterdir()) == ["junit.xml", "summary.json"]


def test_an_unknown_format_names_the_nearest(call, saved: Save) -> None:
    ended = call("report", saved(made_run()), "--format", "htlm")
    assert ended.code == 2
    assert "there is no format 'htlm'; did you mean 'html'?" in ended.err


def test_a_report_that_cannot_be_written_is_told(call, saved: Save, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = call("report", saved(made_run()), "--out", tmp_path / "file")
    assert ended.code == 2
    assert "cannot write to" in ended.err
