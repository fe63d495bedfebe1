"""Wrong usage wins over whatever a run holds: nothing is decided then."""

from pathlib import Path

import pytest

from schemas.records import encode
from schemas.run_log import RUN_LOG
from schemas.verdict_file import VERDICT_FILE
from schemas.verdicts import Outcome
from tests.made_runs import case, made_run


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    run = made_run(cases=[case(Outcome.FAILED)])
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / RUN_LOG).write_bytes(b"".join(map(encode, [run.header, *run.cases, run.footer])))
    return folder


def test_the_run_by_itself_is_proven_wrong(call, failing: Path) -> None:
    assert call("gate", failing).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--level", "nonsense"),
        ("--thresholds", "absent.toml"),
        ("--expect", "absent.toml"),
        ("--baseline", "absent"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_decides_nothing(
    call, failing: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(failing.parent)
    ended = call("gate", failing, *arguments)
    assert ended.code == 2
    assert ended.err.startswith("chatsocket: ")
    assert not (failing / VERDICT_FILE).exists()
