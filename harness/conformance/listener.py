"""One logged-in participant as a listener: what has come to it, and what must come.

An expectation that is not met raises or reports its clause. Says nothing.
"""

import json
from collections.abc import Sequence

from harness.blocking.deadline import Deadline
from harness.blocking.participant import Participant
from harness.conformance.bench import Bench
from harness.conformance.deliveries import Matched, fits, judge, match, repeated
from harness.conformance.evidence import Evidence
from harness.conformance.stops import Blocked
from harness.events import Answered, Delivered
from harness.session_rules import SessionRules
from harness.target import Account
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.messages import InMsg

LOSS = "delivery-stored"


class Listener:
    """``participant`` with expectations. ``said`` is what it said and had accepted, in order.

    ``missed`` is what the other side said while the account was away.
    """

    def __init__(self, participant: Participant, bench: Bench, evidence: Evidence) -> None:
        self.participant = participant
        self.bench = bench
        self.evidence = evidence
        self.said: list[InMsg] = []
        self.missed: Sequence[InMsg] = ()

    @property
    def account(self) -> Account:
        """Who this is."""
        return self.participant.account

    @property
    def sn(self) -> str:
        """The account's ``SendSn``."""
        return self.account.sn

    @property
    def rules(self) -> SessionRules:
        """What the target may do with messages."""
        return self.participant.terms.rules

    @property
    def now(self) -> int:
        """A mark: what comes after it comes after now."""
        return len(self.participant.events)

    @property
    def has_talked(self) -> bool:
        """Whether it has said or been sent anything of the matter at hand."""
        return bool(self.said or self.participant.deliveries())

    # Receiving

    def received(self, sender: "Listener", since: int = 0) -> list[Delivered]:
        """Every ``Receive`` of ``sender``'s messages so far."""
        events = self.participant.deliveries(since)
        return [event for event in events if event.msg.get("SendSn") == sender.sn]

    def receives(self, sender: "Listener", *expected: InMsg, since: int = 0) -> list[Delivered]:
        """The first deliveries of ``expected``, which are all that ``sender`` has said since.

        What is wrong breaks delivery-stored, -once, -order or the clause of the content.
        """
        matched, arrived = self._await(sender, expected, since)
        found = [
            *self._misattributed(sender, matched, expected, since),
            *judge(matched, expected, [event.msg for event in arrived], self.missed),
        ]
        for finding in (*found, *self._repeated(sender)):
            self.evidence.report(finding)
        if not matched.complete:
            raise Blocked(f"could not go on: {found[0]}", found[0])
        return [arrived[places[0]] for places in matched.expected]

    def receives_one(self, sender: "Listener", message: InMsg, since: int = 0) -> Delivered:
        """The one delivery of ``message``."""
        return self.receives(sender, message, since=since)[0]

    def receives_content(self, message: InMsg) -> Delivered | None:
        """The first delivery that fits ``message``, whoever it claims to be from."""
        patience = self.bench.patience(LOSS)
        came = self.participant.delivery(lambda msg: fits(self.rules, message, msg), patience)
        if came is None:
            self.misses()
        return came

    def misses(self) -> None:
        """What must come has not: Blocked where the run has shown that messages get lost.

        It proves nothing else then, but in a case that looks for losses itself.
        """
        if LOSS in self.bench.reported and LOSS not in self.evidence.spec.clauses:
            raise Blocked(f"could not go on: a message is missing, as others were ({LOSS})")

    def has_received(self, sender: "Listener", message: InMsg, since: int = 0) -> bool:
        """Whether ``message`` has arrived so far."""
        return any(fits(self.rules, message, event.msg) for event in self.received(sender, since))

    def _await(
        self, sender: "Listener", expected: Sequence[InMsg], since: int
    ) -> tuple[Matched, list[Delivered]]:
        """Read until all that is expected has come, something else has, or patience ends.

        What comes after a gap shows that the gap is no slowness: then patience is short.
        """
        patience = self._patience_for(expected)
        others = [message for message in sender.said if message not in expected]
        while True:
            arrived = self.received(sender, since)
            matched = match(self.rules, expected, [event.msg for event in arrived], others)
            if matched.has_gap:
                patience = patience.sooner(self.bench.short_s)
            changed = [arrived[place].msg.get("content") for place in matched.strangers]
            if changed and not any(self.bench.is_ours(content) for content in changed):
                patience = patience.sooner(self.bench.moment_s)  # the server may speak for itself
                changed = []
            if matched.complete or changed or not self.participant.hear(patience):
                return matched, arrived

    def _patience_for(self, expected: Sequence[InMsg]) -> Deadline:
        missed = any(message in self.missed for message in expected)
        return self.bench.patience("replay-unread" if missed else LOSS)

    def _misattributed(
        self, sender: "Listener", matched: Matched, expected: Sequence[InMsg], since: int
    ) -> list[Finding]:
        """What of ``expected`` has come under another name than ``sender``'s."""
        strangers = [
            event
            for event in self.participant.deliveries(since)
            if event.msg.get("SendSn") != sender.sn
        ]
        return [
            clause("sender-identity").broken(
                expected=repr(sender.sn),
                actual=repr(event.msg.get("SendSn"))[:200],
                pointer="/msg/SendSn",
                frame=shown(event),
            )
            for message, places in zip(expected, matched.expected, strict=True)
            if not places
            for event in strangers
            if message.content and fits(self.rules, message, event.msg)
        ]

    def _repeated(self, sender: "Listener") -> list[Finding]:
        return repeated(self.rules, sender.said, [event.msg for event in self.received(sender)])

    def order_of(self, sender: "Listener", *expected: InMsg) -> list[int]:
        """The numbers of ``expected``, from 1, in the order in which they have come.

        Reads until all have, or patience ends; that some came twice is another clause's matter.
        """
        patience = self._patience_for(expected)
        while True:
            arrived = [event.msg for event in self.received(sender)]
            matched = match(self.rules, expected, arrived)
            if matched.complete or not self.participant.hear(patience):
                break
        if not matched.complete:
            self.misses()
        return matched.order


def shown(event: Answered | Delivered) -> str:
    """A frame as JSON, for findings."""
    return json.dumps(event.frame, ensure_ascii=False)
