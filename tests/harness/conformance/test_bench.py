"""What a run knows of what it has said."""

import pytest

from harness.conformance.bench import Bench
from harness.conformance.spec import Basis
from harness.conformance.stops import Blocked
from harness.conformance.tokens import Mint
from harness.target import MintedAccounts, default_profile
from harness.target.accounts import ListedAccounts
from schemas.words import Role

LISTED = ListedAccounts(MintedAccounts("").take(Role.CUSTOMER, 2), "a list")


def bench(lane=0, accounts=None):
    profile = default_profile("ws://127.0.0.1:1/")
    return Bench(profile, accounts or MintedAccounts("t"), mint=Mint("00abcd", lane, 2))


def test_what_another_case_or_worker_has_said_is_known():
    ours, workers = bench(), bench(1)
    before = ours.fresh()
    mark = ours.mark()
    assert ours.is_of_another_case(before, mark)
    assert ours.is_of_another_case([workers.fresh() for _ in range(9)][-1], mark)
    assert not ours.is_of_another_case(ours.fresh(), mark)


@pytest.mark.parametrize("content", ["00abce.000001", "words", None])
def test_what_no_case_has_said_is_of_none(content):
    assert not bench().is_of_another_case(content, 5)


def test_where_accounts_are_used_again_it_may_have_waited():
    ours = bench(accounts=LISTED)
    assert not ours.is_of_another_case(ours.fresh(), ours.mark())


def test_a_missing_basis_blocks_all_but_those_that_look_for_its_cause():
    ours = bench()
    ours.fell(Basis.ANSWERED, "a", "could not go on", "content-text")
    ours.fell(Basis.DELIVERED, "b", "a comes first")
    ours.require(Basis.LOGGED_IN)
    ours.require(Basis.DELIVERED, ("same-msg", "content-text"))
    with pytest.raises(Blocked, match="a comes first"):
        ours.require(Basis.DELIVERED, ("same-msg",))


def test_a_basis_that_fell_for_an_unknown_reason_blocks_everybody():
    ours = bench()
    ours.fell(Basis.ANSWERED, "a", "silence")
    with pytest.raises(Blocked):
        ours.require(Basis.ANSWERED, ("content-text",))


def test_a_slow_path_gives_time_and_a_slow_login_only_where_nothing_is_decided():
    ours = bench()
    ours.took(path_s=0.01, login_s=8.0)
    assert ours.answer_s == ours.profile.limits.answer_s
    assert ours.short_s == ours.answer_s
    ours.took(path_s=1.0, login_s=1.5)
    assert ours.answer_s == 20.0


def test_a_target_that_is_known_to_be_late_is_not_waited_for_longer():
    ours = bench()
    assert ours.patience().is_owed
    ours.reported.add("answer-in-time")
    assert not ours.patience().is_owed


def test_asking_for_a_sign_of_life_has_its_turn_like_what_is_said():
    ours = bench()
    assert ours.route.turn is ours.turn
