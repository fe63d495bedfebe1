"""Whose connection it is, told from frames."""

from typing import Any

import pytest

from harness.captures.clues import Clues, Owner
from harness.captures.terms import Claims, Terms
from schemas.account_tokens import Identity
from schemas.words import Role
from tests.harness.captures.made_captures import PROFILE, ack, delivery, refusal, said


def owner(*frames: dict[str, Any], **claims: Any) -> Owner:
    clues = Clues(Terms.of(PROFILE, Claims(**claims)))
    for frame in frames:
        (clues.said if "type" in frame else clues.heard)(frame)
    return clues.owner()


def test_an_accepted_send_names_its_sender() -> None:
    found = owner(delivery("S1", "x", 1), ack("C1", "text", "hi"), ack("C2", "text", "again"))
    assert found == Owner(Identity("C1", Role.CUSTOMER, "name of C1"), True)


def test_staff_is_known_by_its_words() -> None:
    assert owner(said("staff", "C1", "confirm"), refusal()).identity.role is Role.STAFF


@pytest.mark.parametrize(("sender", "role"), [("S1", Role.CUSTOMER), ("C1", Role.STAFF)])
def test_who_hears_from_one_side_is_of_the_other(sender: str, role: Role) -> None:
    assert owner(delivery(sender, "x", 1)) == Owner(Identity("", role, ""), True)


def test_who_hears_from_both_sides_could_be_either() -> None:
    assert not owner(delivery("S1", "x", 1), delivery("C1", "y", 1)).sure
    assert not owner(refusal()).sure


def test_what_the_user_claims_comes_first() -> None:
    found = owner(ack("C1", "text", "hi"), role=Role.STAFF, sn="S7")
    assert found == Owner(Identity("S7", Role.STAFF, ""), True)


@pytest.mark.parametrize("msg", [None, [], {"SendSn": 7, "SendType": ["staff"]}, {"SendSn": None}])
def test_broken_frames_tell_nothing(msg: Any) -> None:
    frame = {"MsgStatus": "Send", "Result": True, "msg": msg}
    assert owner(frame) == Owner(Identity("", Role.CUSTOMER, ""), False)
