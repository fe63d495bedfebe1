"""Files of thresholds: texts and tables, and one sentence for each way to be wrong."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.thresholds import DEFAULTS, read_thresholds
from schemas.verdict_file import Severity


@pytest.fixture
def file(tmp_path: Path):
    def write(content: str) -> Path:
        path = tmp_path / "thresholds.toml"
        path.write_text(content)
        return path

    return write


def test_a_list_of_texts_gives_its_thresholds(file) -> None:
    path = file("thresholds = [" + ", ".join(f'"{text}"' for text in DEFAULTS) + "]")
    assert [threshold.text for threshold in read_thresholds(path)] == list(DEFAULTS)


def test_a_table_says_more_about_one(file) -> None:
    warned, ending, plain = read_thresholds(
        file(
            """
            thresholds = [
              { demand = "p99(ack) < 200ms after 10s", severity = "warn" },
              { demand = "error_rate < 1%", abort = true, grace = "10s" },
              { demand = "lost == 0", abort = false },
            ]
            """
        )
    )
    assert (warned.severity, warned.grace_s) == (Severity.WARN, None)
    assert (ending.severity, ending.grace_s) == (Severity.FAIL, 10)
    assert plain.grace_s is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("thresholds = 5", "no list 'thresholds'"),
        ("thresolds = []", "unknown key 'thresolds'"),
        ("not toml", "is not TOML"),
        ('thresholds = ["p99"]', "column 4"),
        ("[a]\nb=1", "unknown key 'a'"),
        ("thresholds = [5]", "neither a text nor a table"),
        ('thresholds = [{severity="warn"}]', "neither a text nor a table"),
        ('thresholds = [{demand="lost == 0", severty="warn"}]', "did you mean 'severity'?"),
        ('thresholds = [{demand="lost == 0", severity="wran"}]', "did you mean 'warn'?"),
        ('thresholds = [{demand="lost == 0", abort="yes"}]', "of the wrong type"),
        ('thresholds = [{demand="lost == 0", abort=true, grace="x"}]', "grace 'x' is no duration"),
    ],
)
def test_a_wrong_file_is_one_sentence(file, content: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_thresholds(file(content))
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_thresholds(tmp_path / "absent.toml")
