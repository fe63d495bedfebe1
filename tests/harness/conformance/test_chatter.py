"""What a message that is missing says, once a run has shown that messages get lost."""

from types import SimpleNamespace

import pytest

from harness.conformance.chatter import Chatter
from harness.conformance.evidence import Evidence
from harness.conformance.spec import CaseSpec
from harness.conformance.stops import Blocked


def chatter(*clauses, reported=()):
    """A participant to whom nothing comes, in a case of ``clauses``."""
    bench = SimpleNamespace(reported=set(reported), patience=lambda slug: slug)
    participant = SimpleNamespace(delivery=lambda wanted, patience: None)
    return Chatter(participant, bench, Evidence(CaseSpec(clauses=clauses)))


def test_alone_it_is_for_the_case_to_judge():
    assert chatter("post-accepted", reported=["same-msg"]).receives_content("x") is None


def test_where_messages_get_lost_it_proves_nothing_else():
    with pytest.raises(Blocked, match="delivery-stored"):
        chatter("post-accepted", reported=["delivery-stored"]).receives_content("x")


def test_a_case_about_losses_judges_for_itself():
    listener = chatter("post-accepted", "delivery-stored", reported=["delivery-stored"])
    assert listener.receives_content("x") is None
