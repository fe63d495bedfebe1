from pathlib import Path

import pytest

from reports.material import read_material
from schemas.run_log import RUN_LOG, RunLogUnreadable
from schemas.verdict_file import VERDICT_FILE
from schemas.verdicts import ExitCode, Verdict


def test_a_folder_without_a_verdict_is_not_judged_and_never_green(make_run) -> None:
    material = read_material(make_run())
    assert not material.judged
    assert material.summary.verdict is Verdict.NO_VERDICT
    assert material.summary.exit_code is ExitCode.NO_VERDICT
    assert "not judged yet" in material.summary.reasons[0]


def test_a_damaged_verdict_counts_as_none(passing: Path) -> None:
    assert read_material(passing).judged
    (passing / VERDICT_FILE).write_text('{"verdict": "passed"')
    assert not read_material(passing).judged


@pytest.mark.parametrize("content", [None, b"", b"not a log\n", b'{"kind":"note","text":"x"}\n'])
def test_a_folder_without_a_readable_log_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / RUN_LOG).write_bytes(content)
    with pytest.raises(RunLogUnreadable):
        read_material(tmp_path)
