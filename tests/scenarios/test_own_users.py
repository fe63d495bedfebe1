"""Users of one's own, as a locustfile has them."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.swarm.customer import Customer
from harness.swarm.staff import Staff
from scenarios.own_users import digest_of, populations_of

USERS = "from scenarios.slots import CustomerUser, StaffUser\n"


def refusal(folder: Path, text: str) -> str:
    file = folder / "mine.py"
    file.write_text(text)
    with pytest.raises(UsageError) as refused:
        populations_of(str(file))
    return str(refused.value)


HASTY = f"""
from harness.swarm.customer import Customer
{USERS}
class Hasty(Customer): pass
class HastyUser(CustomerUser):
    participant = Hasty
"""


def test_whom_a_file_does_not_bring_we_play(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(HASTY)
    found = populations_of(str(tmp_path / "mine.py"))
    assert found.customer.__name__ == "Hasty"
    assert found.staff is Staff


def test_without_a_file_ours_play() -> None:
    found = populations_of("")
    assert (found.customer, found.staff) == (Customer, Staff)
    assert digest_of("") == ""


def test_what_it_prints_is_kept_off_the_line_to_the_leader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"{USERS}print('hello')\nclass Mine(StaffUser): pass\n")
    populations_of(str(file))
    assert capsys.readouterr() == ("", "hello\n")


def test_files_beside_it_can_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    (tmp_path / "beside_it.py").write_text(f"{USERS}class Mine(CustomerUser): pass\n")
    (tmp_path / "mine.py").write_text("from beside_it import Mine\n")
    assert populations_of(str(tmp_path / "mine.py")).customer is Customer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "mine.py has no users of its own; make a subclass"),
        (f"{USERS}", "has no users of its own"),
        ("\nimport nothing_such\n", "ModuleNotFoundError: No module named 'nothing_such' (line 2)"),
        ("def f(:\n", "SyntaxError: invalid syntax (line 1)"),
        ("raise SystemExit(7)\n", "SystemExit: 7 (line 1)"),
        (
            f"{USERS}class A(CustomerUser): pass\nclass B(CustomerUser): pass\n",
            "has 2 kinds of customer: A, B",
        ),
        (
            f"{USERS}class A(CustomerUser):\n    participant = StaffUser.participant\n",
            "the participant of A is no Customer",
        ),
    ],
)
def test_a_file_that_cannot_be_played_is_refused_in_a_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    assert words in refusal(tmp_path, text)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"cannot read the locustfile /nowhere\.py"):
        populations_of("/nowhere.py")
