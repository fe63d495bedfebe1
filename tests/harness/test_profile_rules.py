"""What a profile's keys become for a session."""

import msgspec

from harness.profile_rules import session_rules
from harness.target import default_profile
from schemas.modes import ReadReceipt

PROFILE = default_profile("ws://shop/")


def test_the_rules_follow_the_dialect() -> None:
    dialect = msgspec.structs.replace(PROFILE.dialect, read_receipt=ReadReceipt.NONE)
    rules = session_rules(msgspec.structs.replace(PROFILE, dialect=dialect))
    assert rules.read_receipt is ReadReceipt.NONE


def test_counts_are_judged_on_an_account_that_is_alone_alone() -> None:
    assert session_rules(PROFILE).unread
    assert not session_rules(PROFILE, alone=False).unread
