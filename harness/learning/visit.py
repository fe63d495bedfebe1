"""The visit to one target: its connections, what was said on them, and what came of that.

Knows the wire's words and how long to wait; what the answers mean is for the scenes.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import count

import msgspec

from harness.blocking.channel import Channel
from harness.blocking.deadline import Deadline
from harness.blocking.dial import Route
from harness.blocking.transcript import Transcript
from harness.blocking.wire import Cause, Diary, Ended
from harness.errors import TargetUnavailable, Unavailability, UsageError, shown
from harness.learning.heard import Heard, printable
from harness.learning.line import Line
from harness.learning.notebook import Notebook
from harness.target import Account, Credentials, Profile, credentials
from harness.target.secret_words import secret_words
from schemas.messages import InMsg, encode
from schemas.words import MessageType, MsgStatus

TOTAL_S = 90.0
QUIET_S = 1.0
SHORT_S = 0.3
LOGIN_S = 2.0
SLICE_S = 0.004


class Fate(StrEnum):
    """What became of a message on its own connection."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CLOSED = "the connection was closed"
    UNANSWERED = "no answer"


class Said(msgspec.Struct, eq=False):
    """``message`` as said on ``line``; ``token`` stands in its content, "" for none.

    ``marks`` tells how much each connection had heard before. ``posted`` is the answer of a message
    that went by plain HTTP.
    """

    message: InMsg
    line: Line
    token: str
    marks: dict[int, int]
    answer: Heard | None = None
    ended: Ended | None = None
    posted: Heard | None = None

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if self.answer is not None:
            return Fate.ACCEPTED if self.answer.succeeded else Fate.REFUSED
        return Fate.CLOSED if self.ended is not None else Fate.UNANSWERED

    @property
    def excerpt(self) -> str:
        """The message as one line of evidence."""
        text = json.dumps(json.loads(encode(self.message)), ensure_ascii=False)
        return f"{printable(self.line.name)} -> {printable(text)[:200]}"

    @property
    def error(self) -> str:
        """The reason of a refusal, "" for none."""
        return str(self.answer.frame.get("Error") or "") if self.answer is not None else ""

    @property
    def outcome(self) -> str:
        """What answered it, as one line of evidence."""
        if self.answer is not None:
            return self.answer.excerpt("Result", "Error")
        end = f"ended by {self.ended}" if self.ended is not None else str(Fate.UNANSWERED)
        return f"{printable(self.line.name)} <- {end}"

    def since(self, line: Line) -> int:
        """How much ``line`` had heard when it was said."""
        return self.marks.get(id(line), 0)

    def fits(self, msg: dict[str, object]) -> bool:
        """Whether ``msg`` is this message: by its token, else by sender and kind.

        A staff word's content is nobody's to change (D14); a topic's may be completed (D21).
        """
        if self.token:
            return self.token in str(msg.get("content"))
        if self.message.type == MessageType.STAFF and msg.get("content") != self.message.content:
            return False
        kind = (msg.get("SendSn"), msg.get("type"), msg.get("titletype") or None)
        mine = (self.line.account.sn, self.message.type, self.message.titletype)
        return kind == mine and bool(msg.get("content")) == bool(self.message.content)


class Visit:
    """One visit to the target of ``profile``. Everything it opened is closed by :meth:`end`.

    ``alone``: nobody else talks to the target, so what we do not get nobody does. ``answering`` is
    false once a message stayed without an answer: then none is waited for as long.
    """

    def __init__(self, profile: Profile, notes: Notebook, *, alone: bool) -> None:
        self.profile = profile
        self.notes = notes
        self.alone = alone
        self.lines: list[Line] = []
        self.said: list[Said] = []
        self.answering = True
        self.has_login_frames: bool | None = None
        self.route = Route.of(profile)
        self.transcript = Transcript()
        self._over = Deadline.after(TOTAL_S)
        self._run = secrets.token_hex(3)
        self._numbers = count(1)

    # In and out

    def open(self, account: Account, customer_sn: str = "") -> Line:
        """A connection of ``account`` as it is after the upgrade. Raises TargetUnavailable."""
        self._check_address(account)
        known = credentials(self.profile, account, customer_sn)
        self._hide(account, known, customer_sn)
        used = sum(line.account.sn == account.sn for line in self.lines)
        name = f"{account.sn} ({used + 1})" if used else account.sn
        diary = Diary(name, self.transcript, lambda _: None)
        channel = Channel.open(known, self.route, diary, self.within(self.answer_s))
        self.lines.append(Line(name, account, channel, self.transcript.redacted))
        return self.lines[-1]

    def enter(self, account: Account, customer_sn: str = "") -> Line:
        """A connection of ``account`` that was let in. Raises TargetUnavailable where it was not.

        As long as no ``Login`` has ever come the target may have none; then silence counts as in.
        """
        line = self.open(account, customer_sn)
        if self.has_login_frames is not False:
            patience = self.answer_s if self.has_login_frames else self.login_s
            self.until(lambda: bool(line.heard) or line.ended is not None, patience)
        self._check_in(line)
        return line

    def _check_address(self, account: Account) -> None:
        """Addresses are written into the profile as they were given, so they may hold no token."""
        token = account.token.reveal()
        if token and any(token in url for url in (self.profile.url, self.profile.staff_url)):
            raise UsageError(
                f"the URL holds the token of {shown(account.sn)}", "write {token} in its place"
            )

    def _check_in(self, line: Line) -> None:
        first = line.heard[0] if line.heard else None
        if first is not None and first.status == MsgStatus.LOGIN:
            self.has_login_frames = True
            if not first.succeeded:
                line.leave()
                error = str(first.frame.get("Error"))
                raise TargetUnavailable(self.route.shown, Unavailability.CREDENTIALS, error)
        elif line.ended is not None:
            raise TargetUnavailable(
                self.route.shown, _cause_of_end(line.ended), f"ended by {line.ended}"
            )
        elif self.has_login_frames is None:
            self.has_login_frames = False

    def end(self) -> None:
        """Close every connection. Harmless when repeated."""
        for line in self.lines:
            line.leave()

    # Time

    @property
    def answer_s(self) -> float:
        """How long an answer may take (D25)."""
        return self.profile.limits.answer_s

    @property
    def quiet_s(self) -> float:
        """How long to wait for what may well not come."""
        return min(QUIET_S, self.answer_s)

    @property
    def login_s(self) -> float:
        """How long to wait for a ``Login`` before it is known that there are such frames."""
        return min(LOGIN_S, self.answer_s)

    def within(self, seconds: float) -> Deadline:
        """``seconds`` from now, or the end of the visit where that comes first."""
        return self._over.sooner(seconds)

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Listen on all connections until ``condition`` holds; whether it does in time."""
        deadline = self.within(seconds)
        while not condition():
            living = [line for line in self.lines if line.ended is None]
            if deadline.passed or not living:
                return condition()
            for line in living:
                line.listen(SLICE_S)
        return True

    # Words

    def fresh(self, words: str = "") -> str:
        """A content nobody has sent before: a token, and then ``words``."""
        return f"{self._run}.{next(self._numbers):03x}{words}"

    def say(self, line: Line, message: InMsg, to: Line | None = None) -> Said:
        """Say ``message`` and see what becomes of it; ``to`` should hear it where it is taken.

        Where messages are not answered, its arrival there is waited for instead.
        """
        said = self.note(line, message)
        line.say(message, self.within(self.answer_s))
        patience = self.answer_s if self.answering else self.quiet_s if to is not None else SHORT_S
        grace = self.within(patience)

        def settled() -> bool:
            nonlocal grace
            said.answer = next(line.answers(said.since(line)), None)
            said.ended = line.ended
            if to is not None and self.delivered(said, to) is not None:
                # An answer leaves before what it makes arrive, or hardly later.
                grace = grace.sooner(self.quiet_s if self.answering else 0)
            return bool(said.answer or said.ended) or grace.passed

        self.until(settled, patience)
        self.answering = self.answering and said.fate is not Fate.UNANSWERED
        return said

    def note(self, line: Line, message: InMsg) -> Said:
        """Remember that ``message`` is being said for the account of ``line``."""
        marks = {id(each): len(each.heard) for each in self.lines}
        self.said.append(Said(message, line, self._token_in(message), marks))
        return self.said[-1]

    def delivered(self, said: Said, to: Line) -> Heard | None:
        """The ``Receive`` of ``said`` on ``to``, if it has come."""
        arrivals = to.deliveries(said.since(to))
        return next((heard for heard in arrivals if said.fits(heard.msg)), None)

    def arrival(self, said: Said, to: Line, seconds: float = 0) -> Heard | None:
        """The ``Receive`` of ``said`` on ``to``, waited for (by default as long as an answer)."""
        self.until(lambda: self.delivered(said, to) is not None, seconds or self.answer_s)
        return self.delivered(said, to)

    def views(self, said: Said) -> Iterator[Heard]:
        """Every frame that shows ``said``: its ``Send``, and its ``Receive`` wherever it came."""
        for answer in (said.answer, said.posted):
            if answer is not None and answer.msg:
                yield answer
        for line in self.lines:
            found = self.delivered(said, line) if line is not said.line else None
            if found is not None:
                yield found

    def _token_in(self, message: InMsg) -> str:
        if message.type == MessageType.STAFF or f"{self._run}." not in message.content:
            return ""
        at = message.content.index(f"{self._run}.")
        return message.content[at : at + len(self._run) + 4]

    def _hide(self, account: Account, known: Credentials, customer_sn: str) -> None:
        """Let no secret of a login into anything that is written down."""
        for secret in secret_words(account, known, customer_sn):
            self.transcript.hide(secret)


def _cause_of_end(end: Ended) -> Unavailability:
    violated = end.cause in (Cause.VIOLATION, Cause.OVERSIZE)
    return Unavailability.NOT_WEBSOCKET if violated else Unavailability.CLOSED
