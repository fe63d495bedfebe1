"""What is sent on each way that a message goes, and when it is the same there."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from harness.conformance.bench import Bench
from harness.conformance.contents import WORDS
from harness.conformance.likeness import check_same, everything, forms
from harness.conformance.stops import Broken
from harness.target import MintedAccounts, default_profile
from harness.target.accounts import ListedAccounts
from schemas.modes import ReadReceipt
from schemas.words import MessageType, Role

PROFILE = default_profile("ws://127.0.0.1:1/")
LISTED = ListedAccounts(MintedAccounts("").take(Role.CUSTOMER, 1), "a list")


def bench(accounts=None, read_receipt=ReadReceipt.EMPTY_CONTENT, data=None, types=None, **limits):
    dialect = replace(
        PROFILE.dialect, read_receipt=read_receipt, types=types or PROFILE.dialect.types
    )
    profile = replace(
        PROFILE,
        dialect=dialect,
        data=replace(PROFILE.data, **(data or {})),
        limits=replace(PROFILE.limits, **limits),
    )
    return Bench(profile, accounts or MintedAccounts("t"))


def test_words_of_all_kinds_long_ones_and_a_picture_are_everything():
    here = bench()
    said = everything(here)
    assert len(said) > len(WORDS) + 3
    assert max(len(message.content) for message in said) > 8_000
    assert {message.type for message in said} == {MessageType.TEXT, MessageType.IMAGE}
    assert all(here.is_ours(message.content) for message in said)


def test_a_target_is_sent_no_more_than_it_takes():
    said = everything(bench(max_message_bytes=2_000, max_backlog=12))
    assert len(said) == 6
    assert all(len(message.content.encode()) < 2_000 for message in said)


@pytest.mark.parametrize("no_pictures", [{"data": {"images": ("/a.jpg",)}}, {"types": ("text",)}])
def test_no_picture_is_made_up_where_only_some_are_known(no_pictures):
    assert {message.type for message in everything(bench(**no_pictures))} == {MessageType.TEXT}


PRODUCTS = {"products": ("P-1", "P-2"), "images": ("/a.jpg",)}


def test_a_message_of_each_kind_and_a_product_are_the_forms():
    said = [(message.type, message.content) for message in forms(bench(data=PRODUCTS))]
    assert [kind for kind, _ in said] == ["text", "image", "title", "title"]
    assert said[1][1] == "/a.jpg"
    assert said[3][1] == "P-1"


def test_products_of_single_customers_are_nobody_elses():
    own = {"products": {"C1": ("P-1",)}}
    assert "P-1" not in {message.content for message in forms(bench(data=own))}


def test_where_earlier_cases_come_again_only_what_has_a_token_is_said():
    here = bench(LISTED, ReadReceipt.NONE, PRODUCTS)
    assert [message.type for message in forms(here)] == ["text", "title"]
    assert all(here.is_ours(message.content) for message in forms(here))
    assert len(forms(bench(LISTED, ReadReceipt.FLAG, PRODUCTS))) == 4


def told(*msgs):
    """A listener that was sent these."""
    events = [SimpleNamespace(msg=msg, frame={"msg": msg}) for msg in msgs]
    return SimpleNamespace(receives=lambda sender, *messages: events)


def test_what_differs_in_a_member_is_not_the_same():
    echoed = [{"content": "a", "time": "1"}, {"content": "b", "time": "2"}]
    check_same(echoed, told(*echoed), None, [None, None])
    with pytest.raises(Broken) as stop:
        check_same(echoed, told(echoed[0], {"content": "b", "time": "3"}), None, [None, None])
    assert stop.value.finding.clause == "same-msg"
    assert stop.value.finding.pointer == "/msg/time"


def test_a_member_that_is_missing_differs():
    with pytest.raises(Broken):
        check_same([{"info": {"name": "x"}}], told({}), None, [None])
