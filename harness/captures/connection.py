"""One captured connection from its first message to its last.

Holds the first messages back until they tell whose connection it is; leaves connections alone that
are no chat of ours.
"""

from harness.captures.book import Book
from harness.captures.clues import Clues
from harness.captures.ending import Ending
from harness.captures.steps import Message
from harness.captures.talk import Talk
from harness.captures.terms import Terms
from harness.events import Frame
from schemas.modes import Tier
from schemas.registry import URN, Direction, documents

HELD_MESSAGES = 500
HELD_BYTES = 4 << 20


def _documented(direction: Direction) -> frozenset[str]:
    schema = documents()[URN.format(tier=Tier.LITERAL, name=direction)]
    return frozenset(name.casefold() for name in schema["properties"])


_MEMBERS = {True: _documented(Direction.CLIENT), False: _documented(Direction.SERVER)}


class Connection:
    """The connection ``name``. ``messages`` counts what was judged, ``passed_by`` what was not.

    ``foreign``: it is this chat's only when a frame names a documented member. ``ours``: its client
    was this harness.
    """

    def __init__(self, name: str, terms: Terms, book: Book, *, foreign: bool, ours: bool) -> None:
        self.name = name
        self.messages = 0
        self.passed_by = 0
        self.lost = ""
        self._terms = terms
        self._book = book
        self._ours = ours
        self._is_chat = not foreign
        self._clues = Clues(terms)
        self._held: list[Message] = []
        self._held_bytes = 0
        self._talk: Talk | None = None
        self._began_ns: int | None = None
        self._ended_ns: int | None = None

    def take(self, message: Message) -> None:
        """One more message."""
        if message.at_ns is not None:
            self._began_ns = message.at_ns if self._began_ns is None else self._began_ns
            self._ended_ns = message.at_ns
        if self._talk is not None:
            self._judge(self._talk, message)
        elif self.passed_by:
            self.passed_by += 1
        else:
            self._hold(message)

    def lose(self, why: str) -> None:
        """Messages are missing from here on."""
        self._decide()
        if self._talk is not None and not self.lost:
            self.lost = why
            self._talk.lose()

    def close(self) -> Ending | None:
        """Nothing more comes. None for a connection that was not judged."""
        self._decide()
        talk = self._talk
        if talk is None:
            return None
        return Ending(
            name=self.name,
            sn=talk.identity.sn,
            began_ns=self._began_ns,
            ended_ns=self._ended_ns,
            has_other_device=talk.has_other_device,
            counted=talk.counted,
            doubt=talk.doubt,
            doubtful=talk.doubtful,
            waiting=talk.waiting,
        )

    def _hold(self, message: Message) -> None:
        self._held.append(message)
        self._held_bytes += len(message.data)
        judge = self._terms.client if message.sent else self._terms.server
        value = judge.judge(message.data).value if message.text and message.whole else None
        if value is not None:
            self._is_chat = self._is_chat or _is_documented(value, sent=message.sent)
            (self._clues.said if message.sent else self._clues.heard)(value)
        full = len(self._held) >= HELD_MESSAGES or self._held_bytes >= HELD_BYTES
        if full or self._clues.decided:
            self._decide()

    def _decide(self) -> None:
        """Whose connection it is is known, or will not be."""
        held, self._held = self._held, []
        if self._talk is not None or self.passed_by:
            return
        if not self._is_chat:
            self.passed_by = len(held)
            return
        owner = self._clues.owner()
        self._talk = Talk(self.name, owner, self._terms, self._book, ours=self._ours)
        for message in held:
            self._judge(self._talk, message)

    def _judge(self, talk: Talk, message: Message) -> None:
        self.messages += 1
        why = talk.take(message)
        if why and not self.lost:
            self.lost = why
            talk.lose()


def _is_documented(frame: Frame, *, sent: bool) -> bool:
    return any(name.casefold() in _MEMBERS[sent] for name in list(frame)[:100])
