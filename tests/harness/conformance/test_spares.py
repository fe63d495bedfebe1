"""Connections are kept where reading all anew would be most of a run, if they can go on at all."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from harness.conformance.spares import ROOMY, Spares
from harness.target import MintedAccounts, default_profile
from schemas.modes import Binding, ReadReceipt
from schemas.words import Role

PROFILE = default_profile("ws://127.0.0.1:1/")
MINTED = MintedAccounts("t")
RULES = "rules"


def profile(receipt=ReadReceipt.NONE, binding=Binding.FRAME, **limits):
    dialect = replace(PROFILE.dialect, read_receipt=receipt)
    limits = replace(PROFILE.limits, **limits)
    return replace(PROFILE, dialect=dialect, binding=binding, limits=limits)


def connection(role=Role.STAFF, number=0, *, at_rest=True):
    closed = []
    return SimpleNamespace(
        account=MINTED.take(role, 1, number)[0],
        is_at_rest=at_rest,
        terms=SimpleNamespace(rules=RULES),
        channel=SimpleNamespace(close=closed.append),
        closed=closed,
    )


@pytest.fixture
def spares():
    return Spares.of(profile(), own_accounts=False)


def test_a_connection_is_taken_up_where_it_was_left(spares):
    kept = connection()
    assert spares.keep(kept)
    assert spares.account(Role.STAFF) == kept.account
    assert spares.take(kept.account, RULES) is kept
    assert spares.take(kept.account, RULES) is None
    assert kept.closed == []


def test_one_of_each_role_is_kept(spares):
    kept, customer, other = connection(), connection(Role.CUSTOMER), connection(number=1)
    assert [spares.keep(each) for each in (kept, customer, other, kept)] == [
        True,
        True,
        False,
        True,
    ]
    assert spares.take(other.account, RULES) is None


def test_what_is_half_done_is_not_kept(spares):
    assert not spares.keep(connection(at_rest=False))


def test_who_is_to_begin_anew_has_no_connection(spares):
    kept = connection()
    spares.keep(kept)
    spares.close(connection(number=1).account)
    assert not kept.closed
    spares.close(kept.account)
    assert kept.closed
    assert spares.account(Role.STAFF) is None


def test_other_rules_are_for_another_connection(spares):
    kept = connection()
    spares.keep(kept)
    assert spares.take(kept.account, "others") is None
    assert kept.closed


def test_all_are_closed_at_once(spares):
    kept = [connection(), connection(Role.CUSTOMER)]
    assert all(map(spares.keep, kept))
    spares.close_all()
    assert all(each.closed for each in kept)


def test_customers_who_are_never_seen_again_are_not_kept():
    spares = Spares.of(profile(), own_accounts=True)
    assert not spares.keep(connection(Role.CUSTOMER))
    assert spares.keep(connection())


@pytest.mark.parametrize(
    "other",
    [
        profile(ReadReceipt.EMPTY_CONTENT),
        profile(ReadReceipt.FLAG),
        profile(binding=Binding.URL),
        profile(max_backlog=100),
        profile(max_connections=ROOMY - 1),
    ],
)
def test_elsewhere_every_case_logs_in_anew(other):
    assert not Spares.of(other, own_accounts=True).keep(connection())
