"""What a swarm knows of its target: accounts, addresses, dialect."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from harness.errors import NotEnoughAccounts, UsageError
from harness.swarm.setup import Setup, profile_of
from harness.target import default_profile
from schemas.modes import Binding
from schemas.words import Role
from tests.harness.swarm.simulation import plan_for, setup_for


def test_participants_are_numbered_customers_first() -> None:
    setup = setup_for(plan_for(customers=3, staff=2))
    accounts = [setup.account(number) for number in range(5)]
    assert [account.role for account in accounts] == [Role.CUSTOMER] * 3 + [Role.STAFF] * 2
    assert [setup.roster.numbers[account.sn] for account in accounts] == list(range(5))
    assert setup.roster.cases[accounts[1].sn] == 1


def test_an_address_carries_the_token_and_never_shows_it() -> None:
    setup = setup_for(plan_for())
    address = asyncio.run(setup.address(0))
    token = setup.account(0).token.reveal()
    assert any(token in value for _, value in address.headers)
    assert token not in repr(address)
    assert token not in str(address)


def test_origin_and_subprotocols_become_headers() -> None:
    profile = msgspec.structs.replace(
        default_profile("ws://shop/"), origin="https://shop.example", subprotocols=("a", "b")
    )
    headers = dict(asyncio.run(Setup(plan_for(), profile).address(0)).headers)
    assert headers["Origin"] == "https://shop.example"
    assert headers["Sec-WebSocket-Protocol"] == "a, b"


def test_a_plan_without_a_target_is_refused() -> None:
    with pytest.raises(UsageError, match="target"):
        profile_of(plan_for(url=""))


def test_accounts_of_a_file_replace_the_profiles_and_may_be_too_few(tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    table.write_text("sn,name,role,token\nA,Ann,customer,t1\nB,Bo,staff,t2\n")
    few = plan_for(customers=1, accounts=str(table))
    setup = Setup(few)
    assert [setup.account(number).sn for number in (0, 1)] == ["A", "B"]
    with pytest.raises(NotEnoughAccounts):
        Setup(plan_for(customers=2, accounts=str(table)))


def test_where_the_url_binds_staff_has_a_conversation_from_the_start() -> None:
    profile = msgspec.structs.replace(
        default_profile("ws://shop/"),
        staff_url="ws://shop/staff?for={customer_sn}",
        binding=Binding.URL,
    )
    setup = Setup(plan_for(customers=2, staff=3), profile)
    assert [setup.assigned(number) for number in (2, 3, 4)] == [0, 1, 0]
    assert asyncio.run(setup.address(3)).url.endswith("abc123-C2")
