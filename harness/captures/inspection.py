"""Judges whole captures and sums up: one case a clause, with what was seen of it."""

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from harness.captures import reach
from harness.captures.book import Book, Page
from harness.captures.connection import Connection
from harness.captures.ending import Ending, accompanied_among
from harness.captures.hiding import Hiding
from harness.captures.steps import (
    Author,
    Closed,
    Lost,
    Message,
    Opened,
    Remark,
    Secret,
    Step,
    Steps,
)
from harness.captures.terms import Claims, Terms
from harness.grading import describing_line, grade
from harness.target import Profile
from schemas.case_records import CaseRecord
from schemas.clauses import Clause, register
from schemas.findings import Finding
from schemas.verdicts import Outcome

GROUP = "capture"
MAX_REMARKS = 20
MAX_ENDINGS = 10_000

_NO_FRAMING = "a capture holds messages: no opening handshake, no framing, no closing"
_NO_HTTP = "a capture of a WebSocket holds no plain HTTP request"
_NOT_PASSIVE = "not to be seen from one connection: it takes a conversation made for it"
_ADVICE = {
    "login-first": "if the capture begins in the middle of a connection, say --midway",
}


class Inspection:
    """Takes captures of one target one after another. ``messages`` counts what was judged."""

    def __init__(self, profile: Profile, claims: Claims, *, strict: bool = False) -> None:
        self.messages = 0
        self._profile = profile
        self._strict = strict
        self._terms = Terms.of(profile, claims)
        self._judged = reach.judged_under(self._terms.dialect)
        self._book = Book()
        self._hiding = Hiding()
        self._open: dict[str, Connection] = {}
        self._endings: list[Ending] = []
        self._remarks: list[str] = []
        self._counts: dict[str, int] = defaultdict(int)
        self._prefix = ""
        self._ours = False

    def read(self, steps: Steps, prefix: str = "") -> None:
        """Judge one capture; ``prefix`` goes before the names of its connections.

        What its reader raises passes through; what came before is judged all the same.
        """
        self._prefix, self._ours = prefix, False
        try:
            for step in steps:
                self._take(step)
        finally:
            for connection in list(self._open):
                self._close(connection)

    def cases(self) -> Iterator[CaseRecord]:
        """The result: one record for each clause of the register."""
        self._settle_unread()
        for entry in register().values():
            yield self._case(entry, self._book.page(entry.id))

    def notes(self) -> Iterator[str]:
        """What a reader should know beside the cases."""
        judged, connections = self.messages, self._counts["judged"]
        yield f"{judged} messages on {connections} connections were judged"
        yield from (self._hiding.shown(remark) for remark in self._remarks)
        passed_by, alien = self._counts["passed_by"], self._counts["alien"]
        if alien:
            yield f"{passed_by} messages on {alien} connections are not this chat's: not judged"
        if waiting := self._counts["waiting"]:
            yield f"{waiting} messages had no answer yet where the capture ends: not judged"

    # Steps

    def _take(self, step: Step) -> None:
        match step:
            case Message(connection=connection):
                open_one = self._open.get(connection)
                if open_one is not None:
                    open_one.take(step)
            case Opened(connection=connection, foreign=foreign):
                name = self._prefix + connection
                self._open[connection] = Connection(
                    name,
                    self._terms,
                    self._book,
                    foreign=foreign and not self._ours,
                    ours=self._ours,
                )
            case Closed(connection=connection):
                self._close(connection)
            case Lost(connection=connection, why=why):
                if connection in self._open:
                    self._open[connection].lose(why)
            case Remark(text=text):
                self._remark(f"{self._prefix}{text}")
            case Author():
                self._ours = True
            case Secret(text=text):
                self._hiding.hide(text)

    def _close(self, name: str) -> None:
        connection = self._open.pop(name, None)
        if connection is None:
            return
        ending = connection.close()
        self.messages += connection.messages
        self._counts["passed_by"] += connection.passed_by
        self._counts["alien"] += connection.passed_by > 0
        self._counts["judged"] += connection.messages > 0
        if connection.lost:
            self._remark(f"{connection.name}: judged frame by frame from where {connection.lost}")
        if ending is not None:
            self._counts["waiting"] += ending.waiting
            if len(self._endings) < MAX_ENDINGS:
                self._endings.append(ending)
            elif ending.counted:
                self._remark(f"{ending.name}: unread counts not judged, one connection too many")

    def _remark(self, text: str) -> None:
        if len(self._remarks) < MAX_REMARKS:
            self._remarks.append(text)
        elif len(self._remarks) == MAX_REMARKS:
            self._remarks.append("more remarks of this kind are left out")

    # Unread counts

    def _settle_unread(self) -> None:
        """Another device may read unseen, so counts are judged where an account had no other."""
        accompanied = accompanied_among(self._endings)
        for ending in self._endings:
            if not ending.counted:
                continue
            if ending.name in accompanied:
                why = "its account had others open"
                self._remark(f"{ending.name}: unread counts not judged, {why}")
            else:
                self._count_unread(ending)
        self._endings.clear()

    def _count_unread(self, ending: Ending) -> None:
        page = self._book.page("unread-count")
        page.at_stake += ending.counted
        if ending.doubt is not None:
            page.broken += ending.doubtful - 1
            self._book.broken(ending.doubt.finding, ending.doubt.context)

    # Cases

    def _case(self, entry: Clause, page: Page) -> CaseRecord:
        outcome, message = self._outcome(entry, page)
        line = describing_line(self._profile, entry.id) if outcome is Outcome.NON_STRICT else ""
        return CaseRecord(
            id=f"{GROUP}-{entry.id}",
            group=GROUP,
            level=entry.level,
            outcome=outcome,
            clauses=[entry.id],
            title=entry.sentence,
            message=self._hiding.shown(message),
            profile_line=line,
            findings=[self._shown(finding) for finding in page.examples],
            transcript=[replace(x, payload=self._hiding.shown(x.payload)) for x in page.lines],
        )

    def _outcome(self, entry: Clause, page: Page) -> tuple[Outcome, str]:
        if page.broken:
            return self._broken(entry, page)
        if grade(entry, self._profile) is Outcome.NOT_APPLICABLE:
            return Outcome.NOT_APPLICABLE, "off in the profile"
        if entry.id not in self._judged:
            return Outcome.NOT_APPLICABLE, self._why_not(entry)
        if not page.at_stake:
            return Outcome.NOT_APPLICABLE, "did not occur in the capture"
        return Outcome.PASSED, f"kept {page.at_stake} times"

    def _broken(self, entry: Clause, page: Page) -> tuple[Outcome, str]:
        times = f"{page.broken} times" if page.broken > 1 else "once"
        message = f"broken {times}; first: {page.examples[0]}"
        if advice := _ADVICE.get(entry.id):
            message = f"{message} ({advice})"
        if page.excused == page.broken:
            return Outcome.INFORMATIONAL, f"by the client, {message}"
        return grade(entry, self._profile, strict=self._strict), message

    def _why_not(self, entry: Clause) -> str:
        if entry.id in reach.STRICT:
            return "not judged in the literal tier"
        if entry.source.startswith("RFC 6455"):
            return _NO_FRAMING
        return _NO_HTTP if entry.source == "decision D20" else _NOT_PASSIVE

    def _shown(self, finding: Finding) -> Finding:
        shown = self._hiding.shown
        return replace(
            finding,
            expected=shown(finding.expected),
            actual=shown(finding.actual),
            frame=shown(finding.frame),
        )
