"""What one sender has said in each conversation: its numbering, and when a token is due.

A title or a staff word carries no token, so that messages around it must (measurement §2).
"""

from collections import Counter

from harness.swarm.bookkeeping import Spoken, spoken_digest
from harness.swarm.content import Draft, Stamper
from schemas.messages import InMsg


class Speech:
    """Makes the messages of participant ``sender``. ``seq`` counts within a conversation from 0."""

    def __init__(self, stamper: Stamper, sender: int) -> None:
        self._stamper, self._sender = stamper, sender
        self._next: Counter[int] = Counter()
        self._last_tokened: dict[int, bool] = {}

    def word(
        self, draft: Draft, conversation: int, due_ns: int, *, read: bool
    ) -> tuple[InMsg, Spoken]:
        """The message that says ``draft`` next, and its place; :meth:`said` when it was sent."""
        seq = self._next[conversation]
        content = draft.rest
        if draft.tokened:
            content = self._stamper.stamp(self._sender, conversation, seq, due_ns, draft.rest)
        message = draft.message(content, read=read)
        return message, Spoken(
            conversation, seq, spoken_digest(message, tokened=draft.tokened), due_ns
        )

    def place(self, message: InMsg, conversation: int | None, due_ns: int) -> Spoken:
        """The place of an untokened ``message``; None: outside this run's conversations."""
        seq = self._next[conversation] if conversation is not None else -1
        return Spoken(conversation, seq, spoken_digest(message, tokened=False), due_ns)

    def said(self, spoken: Spoken) -> None:
        """A message went out."""
        if spoken.conversation is not None:
            self._next[spoken.conversation] += 1
            self._last_tokened[spoken.conversation] = spoken.digest == 0

    def token_needed(self, conversation: int) -> bool:
        """Whether the next message must carry a token: the first ones, and after an untokened."""
        return not self._last_tokened.get(conversation, False)

    def wants_token(self, conversation: int) -> bool:
        """Whether the last message here was an untokened one."""
        return self._last_tokened.get(conversation) is False

    def new_connection(self) -> None:
        """On another connection the first message carries a token again."""
        self._last_tokened = {c: False for c, tokened in self._last_tokened.items() if not tokened}
