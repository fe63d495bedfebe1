"""What a missing message says once a run has shown losses, and how one may be refused."""

from types import SimpleNamespace

import pytest

from harness.blocking.participant import Sent
from harness.blocking.wire import Cause
from harness.conformance.chatter import Chatter
from harness.conformance.evidence import Evidence
from harness.conformance.spec import CaseSpec
from harness.conformance.stops import Blocked, Broken, NotApplicable
from schemas.messages import confirm
from schemas.modes import AckMode, BadInput


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


def refusing(bad_input, code):
    """A participant whose connection has ended with ``code`` instead of an answer."""
    profile = SimpleNamespace(dialect=SimpleNamespace(on_bad_input=bad_input, ack=AckMode.BARE))
    bench = SimpleNamespace(reported=(), patience=lambda slug: slug, profile=profile, answer_s=1)
    channel = SimpleNamespace(ended=SimpleNamespace(cause=Cause.CLOSE, code=code))
    waits = SimpleNamespace(wait_for=lambda ends, patience, at: None, channel=channel)
    return Chatter(waits, bench, Evidence(CaseSpec(clauses=("confirm-bound-refused",))))


def test_where_bad_input_closes_any_refusal_may_close():
    chatter = refusing(BadInput.CLOSE, 1008)
    with pytest.raises(NotApplicable, match="refuses this by a Close"):
        chatter.refused(Sent(None, 0), "confirm-bound-refused")


@pytest.mark.parametrize(("mode", "code"), [(BadInput.CLOSE, 1011), (BadInput.ERROR_FRAME, 1008)])
def test_another_end_is_no_refusal(mode, code):
    with pytest.raises(Broken) as stop:
        refusing(mode, code).refused(Sent(None, 0), "confirm-bound-refused")
    assert stop.value.finding.clause == "refusal-one-send"


@pytest.mark.parametrize(
    ("mode", "slug"),
    [(BadInput.CLOSE, "confirm-binds"), (BadInput.ERROR_FRAME, "ack-one-per-message")],
)
def test_a_close_in_the_place_of_a_refusal_says_that_it_was_not_taken(mode, slug):
    with pytest.raises(Broken) as stop:
        refusing(mode, 1008).accepted(Sent(confirm("C1"), 0), "confirm-binds")
    assert stop.value.finding.clause == slug


class Piling:
    """A connection to which things come that never end, ``events`` or pings."""

    def __init__(self, *, events):
        self.events, self.pongs, self.heard, self._grows = [], [], 0, events
        self.channel = SimpleNamespace(ping=lambda payload, deadline: True)

    def hear(self, deadline):
        self.heard += 1
        self.events += [None] * self._grows
        return deadline.heard(self.heard)


class Patience:
    """Is over after three times of hearing."""

    def __init__(self, participant):
        self._until = participant.heard + 3

    def heard(self, times):
        return times <= self._until


def piling(monkeypatch, *, events, most_s):
    monkeypatch.setattr("harness.conformance.chatter.MOST_BACKLOG_S", most_s)
    participant = Piling(events=events)
    bench = SimpleNamespace(patience=lambda: Patience(participant))
    Chatter(participant, bench, Evidence(CaseSpec(clauses=()))).hear_backlog()
    return participant.heard


def test_a_backlog_of_pings_alone_is_none(monkeypatch):
    assert piling(monkeypatch, events=0, most_s=60) == 4


def test_a_backlog_without_end_is_given_up(monkeypatch):
    assert piling(monkeypatch, events=1, most_s=0.01) > 4
