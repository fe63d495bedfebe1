"""Opening a capture: which kind it is, and one sentence for what is none."""

import io
from pathlib import Path

import pytest

from harness.captures import open_source
from harness.captures.steps import CaptureDamaged, Message, NoCapture, Step
from tests.harness.captures.made_captures import HONEST, har, har_entry, har_messages, wrapped


def steps(data: bytes | str, folder: Path) -> list[Step]:
    path = folder / "x.capture"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with open_source(str(path)) as found:
        return list(found)


def texts(found: list[Step]) -> list[bytes | str]:
    return [step.data for step in found if isinstance(step, Message)]


@pytest.mark.parametrize("begin", ["", "\ufeff", "\n\n  "])
def test_a_har_is_known_by_its_beginning(begin: str, tmp_path: Path) -> None:
    text = begin + har(har_entry(har_messages(HONEST)))
    assert len(texts(steps(text, tmp_path))) == len(HONEST)


@pytest.mark.parametrize("begin", ["", "\ufeff", "\n\n"])
def test_what_is_no_har_is_read_line_by_line(begin: str, tmp_path: Path) -> None:
    assert len(texts(steps(begin + wrapped(HONEST), tmp_path))) == len(HONEST)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "x.capture is empty"),
        (b"\n\n", "x.capture is empty"),
        (b"\x89PNG\r\n", "no capture: its first line is no JSON object"),
        (b"[1,2,3]\n", "no capture: its first line is no JSON object"),
        (b"\x1f\x8b\x08rest", "compressed (gzip); unpack it first"),
        (b"PK\x03\x04rest", "compressed (zip); unpack it first"),
        (b'{"log": {"entries": []}}', "holds 0 requests and no WebSocket message"),
    ],
)
def test_what_is_no_capture_is_said_in_one_sentence(
    data: bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(NoCapture, match=r"x\.capture") as caught:
        steps(data, tmp_path)
    assert sentence in str(caught.value)
    assert "HAR file" in str(caught.value)


def test_a_missing_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoCapture, match="gone cannot be read: No such file"):  # noqa: SIM117
        with open_source(str(tmp_path / "gone")):
            pass


def test_a_run_folder_stands_for_its_log(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_text(wrapped(HONEST))
    with open_source(str(tmp_path)) as found:
        assert len(texts(list(found))) == len(HONEST)


def test_the_standard_input_is_read_once_and_left_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "piped").write_text(wrapped(HONEST))
    with (tmp_path / "piped").open("rb") as piped:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(piped))
        with open_source("-") as found:
            assert len(texts(list(found))) == len(HONEST)
        assert not piped.closed


def test_a_capture_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.har"
    path.write_text(har(har_entry(har_messages(HONEST)))[:1200])
    found: list[Step] = []
    with (
        pytest.raises(CaptureDamaged, match=r"cut\.har breaks off in the middle"),
        open_source(str(path)) as read,
    ):
        found.extend(step for step in read)
    assert 2 <= len(texts(found)) < len(HONEST)
