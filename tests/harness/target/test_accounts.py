"""Accounts: where they come from, how many there are, and that they keep their tokens secret."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import NotEnoughAccounts, UsageError
from harness.target import Account, ListedAccounts, MintedAccounts, Secret
from harness.target.account_table import read_table, write_table
from schemas.account_tokens import DEMO_SECRET, verify
from schemas.words import Role

ROWS = "sn,name,role,token\nC1,顧客,customer,t1\nS1,,staff,t2\nC2,x,customer,env:C2\n"


def account(sn: str, role: Role = Role.CUSTOMER) -> Account:
    return Account(sn, role, "", Secret(f"token-of-{sn}"))


def table(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, "utf-8")
    return path


def test_minted_accounts_prove_themselves_and_are_the_same_in_every_process() -> None:
    first, second = MintedAccounts("r1"), MintedAccounts("r1")
    for role in Role:
        for one in first.take(role, 3, start=5):
            assert verify(one.token.reveal(), DEMO_SECRET, 0) == one.identity
        assert first.take(role, 3, 5) == second.take(role, 8)[5:]


def test_minted_accounts_of_two_runs_never_meet() -> None:
    def names(run: str) -> set[str]:
        source = MintedAccounts(run)
        return {one.sn for one in (*source.customers(20), *source.staff(20))}

    assert len(names("r1")) == 40
    assert not names("r1") & names("r2")


def test_there_is_no_end_to_minted_accounts() -> None:
    assert MintedAccounts("r").available(Role.STAFF) is None


def test_listed_accounts_come_by_role_in_their_order() -> None:
    source = ListedAccounts([account("C1"), account("S1", Role.STAFF), account("C2")], "p.toml")
    assert [one.sn for one in source.customers(2)] == ["C1", "C2"]
    assert [one.sn for one in source.customers(1, start=1)] == ["C2"]
    assert [one.sn for one in source.staff(1)] == ["S1"]


def test_too_few_accounts_say_how_many_are_needed() -> None:
    with pytest.raises(NotEnoughAccounts) as raised:
        ListedAccounts([account("C1")], "p.toml").customers(5)
    assert str(raised.value) == (
        "5 customer accounts needed, 1 in p.toml; add 4 more, or ask for fewer."
    )


def test_a_table_is_read_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    text = "\ufefftoken,role,sn\r\nt1,customer,C1\r\n"
    (entry,) = read_table(table(tmp_path, text))
    assert (entry.sn, entry.role, entry.name, entry.token) == ("C1", Role.CUSTOMER, "", "t1")


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    minted = MintedAccounts("r").customers(3)
    entries = read_table(table(tmp_path, "".join(write_table(minted))))
    assert [(e.sn, e.name, e.role, e.token) for e in entries] == [
        (a.sn, a.name, a.role, a.token.reveal()) for a in minted
    ]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("", "has no column sn; the first line is sn,name,role,token"),
        ("sn,name\n", "has no column role"),
        ("sn,role,rol\n", "there is no account column .* 'rol'; did you mean role"),
        ("sn,sn,role,token\n", "names a column twice"),
        ("sn,role,token\nC1,customer\n", "line 2 does not have as many fields"),
        ("sn,role,token\nC1,customer,hunter2,x\n", "line 2 does not have as many fields"),
        ("sn,role,token\n,customer,hunter2\n", "line 2 has no sn"),
        ("sn,role,token\nC1,client,hunter2\n", "line 2: the role is customer or staff, not 'cl"),
        ("sn,role,token\nC1,customer,\n", "line 2 has no token for 'C1'"),
        ("sn,role,token\nC1,staff,hunter2\nC1,staff,hunter2\n", "line 3 names 'C1' a second time"),
        ('sn,role,token\nC1,"customer,hunter2\n', "is not CSV: unexpected end of data"),
    ],
)
def test_a_wrong_table_names_line_and_reason(tmp_path: Path, text: str, pattern: str) -> None:
    with pytest.raises(UsageError, match=pattern) as raised:
        read_table(table(tmp_path, text))
    assert "hunter2" not in str(raised.value)


def test_a_table_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("sn,name,role,token\nC1,顧客,customer,t".encode("big5"))
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_table(path)


def test_an_unreadable_table_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the accounts"):
        read_table(tmp_path / "none.csv")


def test_tokens_may_be_missing_where_a_command_prints_them(tmp_path: Path) -> None:
    (entry,) = read_table(table(tmp_path, "sn,role\nC1,customer\n"), tokens_needed=False)
    assert entry.token == ""


@given(st.text(min_size=6))
def test_no_text_form_of_an_account_shows_its_token(token: str) -> None:
    one = Account("sn", Role.STAFF, "name", Secret(token))
    shown = f"{one!r} {one!s} {one.token!r} {one.token} {[one]} {vars_of(one)}"
    assert token not in shown.replace("Secret(***)", "").replace("<Role.STAFF: 'staff'>", "")


def vars_of(one: Account) -> str:
    return repr({name: getattr(one, name) for name in one.__struct_fields__})


def test_secrets_compare_by_content_and_survive_a_process_boundary() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert not Secret("")
    assert pickle.loads(pickle.dumps(Secret("a"))).reveal() == "a"
