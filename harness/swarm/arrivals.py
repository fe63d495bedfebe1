"""What arrives on one connection, and what it is bound to: deliveries judged and told to the books.

Joins the stream (what a delivery is) and the doubts about its counts. Knows no link, no session and
nothing of what its participant says.
"""

from typing import Protocol

import msgspec

from harness.ledger.observations import Bound, Intruded, Opened, Received, Unbound
from harness.ledger.stream import ConnectionStream, Irregularity
from harness.ledger.tally import MessageKey
from harness.load_token import Corrupted, Reading, Token
from harness.swarm.stage import Stage
from harness.swarm.unread_doubts import UnreadDoubts
from schemas.clauses import clause
from schemas.findings import Finding, excerpt
from schemas.messages import InMsg

UNREAD_CLAUSE = "unread-count"


class Heard(msgspec.Struct, frozen=True):
    """A message of somebody else, as far as behaviours care. ``sn`` is its sender's."""

    sn: str
    kind: str
    titletype: str | None
    content: str
    at_ns: int


class Listener(Protocol):
    """Whoever wants to hear what others say."""

    def on_heard(self, heard: Heard) -> None:
        """A message of somebody else arrived."""


class Arrivals:
    """Of ``connection``, which is ``participant``'s. ``bound`` is what a staff word names."""

    __slots__ = (
        "_connection",
        "_conversation",
        "_doubts",
        "_intruded",
        "_is_staff",
        "_listener",
        "_participant",
        "_stage",
        "_stream",
        "bound",
        "sn",
    )

    def __init__(self, stage: Stage, connection: int, participant: int, listener: Listener) -> None:
        self._stage, self._listener = stage, listener
        self._connection, self._participant = connection, participant
        self._is_staff = stage.setup.is_staff(participant)
        self._conversation: int | None = None if self._is_staff else participant
        self._stream: ConnectionStream | None = None
        self._doubts = UnreadDoubts()
        self._intruded = False
        self.bound: str | None = None
        self.sn = stage.setup.account(participant).identity.sn

    def begin(self, asked_ns: int, at_ns: int) -> None:
        """The connection, for which dialling began at ``asked_ns``, is logged in."""
        stage, setup = self._stage, self._stage.setup
        is_slow = setup.is_slow(self._participant)
        opened = Opened(
            self._connection, self._participant, self._is_staff, asked_ns, at_ns, is_slow
        )
        stage.outbox.observe(opened)
        self._stream = ConnectionStream(
            opened,
            stage.reader,
            setup.roster,
            self._record,
            receipts_delivered=stage.receipts_delivered,
        )
        if self._is_staff and setup.url_binds:
            self._bind(setup.customer_sn(setup.assigned(self._participant)), at_ns)

    def saying_staff_word(self, message: InMsg, now_ns: int) -> None:
        """A staff word goes out now."""
        if self._stream is not None:
            self._stream.asking()
        closes = message.titletype == self._stage.setup.rules.close_word
        if closes and self._conversation is not None:
            self._stage.outbox.observe(Unbound(self._connection, self._conversation, now_ns))

    def settle_staff_word(self, message: InMsg, at_ns: int, *, accepted: bool) -> None:
        """A staff word was answered."""
        rules = self._stage.setup.rules
        if not accepted or message.titletype not in (rules.confirm_word, rules.close_word):
            self._bind(self.bound, at_ns)
        elif message.titletype == rules.confirm_word:
            self._bind(message.content, at_ns)
        else:
            self._bind(None, at_ns)

    def deliver(self, heard: Heard, sn: str | None, data: bytes) -> None:
        """One ``Receive``, of the account ``sn`` if it names any; ``data`` is its frame."""
        stage, at_ns = self._stage, heard.at_ns
        stage.meter.count("received", at_ns)
        if self._stream is None:
            return
        odd = self._stream.receive(at_ns, sn, heard.kind, heard.titletype, heard.content)
        if odd is Irregularity.FOREIGN:
            self._doubts.spoil()
            stage.outbox.foreseen(odd.value)
            self._intrude(at_ns)
        elif odd is not None:
            self._doubts.spoil()
            detail = f"at {self.sn}, from {sn}"
            about = _about(stage.reader.read(heard.content))
            stage.outbox.judged(odd.value, detail, at_ns, excerpt(data), about)
        self._tell_wrong_counts()
        if sn is not None and sn != self.sn:
            self._listener.on_heard(heard)

    def _intrude(self, at_ns: int) -> None:
        """Somebody from outside speaks to this customer: told once."""
        if not self._is_staff and self._conversation is not None and not self._intruded:
            self._intruded = True
            stage = self._stage
            stage.outbox.observe(Intruded(self._connection, self._conversation, at_ns))

    def doubt(self, finding: Finding) -> None:
        """A count was wrong, as it seems."""
        self._doubts.hold(finding)

    def conclude(self, promised: int, *, quiet: bool) -> None:
        """The drain is over. ``promised`` more messages were told of than came.

        ``quiet``: nothing was under way, so that they must have come (D11).
        """
        self._tell_wrong_counts()
        if quiet and promised and not self._is_staff and not self._doubts.spoilt:
            expected = f"a count lower by {promised}: nothing more came"
            finding = clause(UNREAD_CLAUSE).broken(expected=expected, actual="the last count told")
            detail = f"at {self.sn}: the last count told of {promised} more than came"
            self._stage.outbox.promise_unkept(finding, detail)

    def _bind(self, case: str | None, at_ns: int) -> None:
        """From here on this staff connection is bound to ``case`` (what a staff word names)."""
        self.bound = case
        roster = self._stage.setup.roster
        before, self._conversation = self._conversation, None
        if case is not None:
            self._conversation = roster.cases.get(case)
        if self._conversation != before:
            self._tell_wrong_counts()
            self._doubts.restart()
        if self._stream is not None:
            self._stream.bind(self._conversation)
        if self._conversation is not None:
            self._stage.outbox.observe(Bound(self._connection, self._conversation, at_ns))

    def _record(self, received: Received) -> None:
        if received.sender != self._participant:
            self._doubts.arrived(received)
        self._stage.outbox.observe(received)

    def _tell_wrong_counts(self) -> None:
        for finding in self._doubts.certain():
            outbox = self._stage.outbox
            outbox.broken(finding)
            detail = f"at {self.sn}: expected {finding.expected}, got {finding.actual}"
            outbox.judged("unread_wrong", detail, self._stage.clock(), finding.frame)


def _about(reading: Reading) -> MessageKey | None:
    """Which message of this run a content says to be."""
    token = reading.claimed if isinstance(reading, Corrupted) else reading
    return (token.sender, token.conversation, token.seq) if isinstance(token, Token) else None
