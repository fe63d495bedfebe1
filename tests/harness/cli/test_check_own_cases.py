"""`chatsocket check --cases`: a team's own cases, and what can be wrong with them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.run_log import read_run
from schemas.verdicts import Level, Outcome

EXAMPLES = Path(__file__).parents[3] / "examples" / "cases"
HEAD = "from harness.conformance import case\n"


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "test_a.py") -> Path:
        path = tmp_path / "cases" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        return tmp_path / "cases"

    return write


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import nosuchmodule\n", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("def test_x(:\n", "cannot be loaded: SyntaxError"),
        ("def test_x(): pass\n", "is a test and no case: it names nothing that it checks"),
        (HEAD + '@case("ack-ordr")\ndef test_x(): pass\n', "'ack-ordr'; did you mean 'ack-order'?"),
        (HEAD + "@case()\ndef test_x(): pass\n", "a case names a clause, or has a sentence"),
    ],
)
def test_wrong_files_are_one_sentence(call, folder, tmp_path, text: str, sentence: str) -> None:
    out = tmp_path / "run"
    own = ("--cases", folder(text), "--group", "own")
    ended = call("check", "ws://127.0.0.1:1/", *own, "--out", out)
    assert ended.code == 2
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not out.exists()


def test_cases_that_cannot_be_told_apart_are_refused(call, folder) -> None:
    text = HEAD + '@case(must="m")\ndef test_x(): pass\n'
    folder(text, "one/test_a.py")
    ended = call("check", "--list", "--cases", folder(text, "two/test_a.py"), "--group", "own")
    assert ended.code == 2
    assert "there are two cases own-a-x" in ended.err


@pytest.mark.parametrize("empty", [True, False])
def test_a_folder_without_cases_is_refused(call, tmp_path: Path, empty: bool) -> None:
    path = tmp_path / "own"
    if empty:
        path.mkdir()
    ended = call("check", "ws://127.0.0.1:1/", "--cases", path)
    assert ended.code == 2
    assert ("holds no cases" if empty else "there is no folder") in ended.err


def test_the_list_shows_them_last(call) -> None:
    ended = call("check", "--list", "--cases", EXAMPLES)
    names = [line.split()[0] for line in ended.out.splitlines() if line.startswith("own-")]
    assert "own-shop-two-questions-in-a-row" in names
    assert len(names) == 6


@pytest.mark.loopback
def test_the_examples_pass_and_stand_in_the_log(call, server: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    own = ("--cases", EXAMPLES, "--group", "own")
    ended = call("check", server, "--profile", "reference", *own, "--out", out)
    assert ended.code == 0, ended.out
    cases = {case.id: case for case in read_run(out).cases}
    assert {case.group for case in cases.values()} == {"own"}
    asked = cases["own-shop-two-questions-in-a-row"]
    assert asked.clauses == ["own-shop-two-questions-in-a-row", "ack-order"]
    assert asked.own_clauses[0].sentence.startswith("A customer who asks twice")
    assert asked.level is Level.SHOULD


@pytest.mark.loopback
@pytest.mark.parametrize(("level", "code"), [("must", 1), ("should", 0)])
def test_a_broken_sentence_fails_at_its_level(
    call, server: str, folder, tmp_path: Path, level: str, code: int
) -> None:
    text = HEAD + f'@case({level}="We say hello.")\ndef test_x(customer): assert 1 == 2, "no"\n'
    out = tmp_path / "run"
    own = ("--cases", folder(text), "-k", "test_a.py or text_is_acknowledged")
    ended = call("check", server, *own, "--level", "must", "--out", out)
    assert ended.code == code, ended.out + ended.err
    (case,) = (case for case in read_run(out).cases if case.id == "own-a-x")
    assert case.outcome is Outcome.FAILED
    assert "We say hello." in (out / "report.html").read_text()
    assert "We say hello." in (out / "junit.xml").read_text()
    again = call("replay", out, "own-a-x", "--out", tmp_path / "again")
    assert again.out.startswith("still failing  own-a-x")
