"""What one sender has said in each conversation: its numbering, and when a token is due.

A title or a staff word carries no token, so that messages around it must (measurement §2).
"""

from harness.load_token import LaneStamp
from harness.swarm.content import Draft, Stamper
from harness.swarm.spoken import Spoken, spoken_digest
from schemas.messages import InMsg


class _Lane:
    """One conversation: the next number, and whether the last message had a token (None: no)."""

    __slots__ = ("next", "stamp", "tokened")

    def __init__(self, stamp: LaneStamp) -> None:
        self.next = 0
        self.stamp = stamp.stamp
        self.tokened: bool | None = None


class Speech:
    """Makes the messages of participant ``sender``. ``seq`` counts within a conversation from 0."""

    __slots__ = ("_epoch_ns", "_lanes", "_sender", "_stamper")

    def __init__(self, stamper: Stamper, sender: int) -> None:
        self._stamper, self._sender = stamper, sender
        self._epoch_ns = stamper.epoch_ns
        self._lanes: dict[int, _Lane] = {}

    def word(
        self, draft: Draft, conversation: int, due_ns: int, *, read: bool
    ) -> tuple[InMsg, Spoken]:
        """The message that says ``draft`` next, and its place; :meth:`said` when it was sent."""
        lane = self._lanes.get(conversation) or self._lane(conversation)
        seq = lane.next
        if draft.tokened:
            since_ns = due_ns - self._epoch_ns
            due_us = since_ns // 1000 if since_ns > 0 else 0
            content = lane.stamp(seq, due_us, draft.rest, draft.raw)
            return draft.message(content, read=read), Spoken(conversation, seq, 0, due_ns)
        message = draft.message(draft.rest, read=read)
        return message, Spoken(conversation, seq, spoken_digest(message, tokened=False), due_ns)

    def place(self, message: InMsg, conversation: int | None, due_ns: int) -> Spoken:
        """The place of an untokened ``message``; None: outside this run's conversations."""
        seq = self._lane(conversation).next if conversation is not None else -1
        return Spoken(conversation, seq, spoken_digest(message, tokened=False), due_ns)

    def said(self, spoken: Spoken) -> None:
        """A message went out."""
        if spoken.conversation is not None:
            lane = self._lanes.get(spoken.conversation) or self._lane(spoken.conversation)
            lane.next += 1
            lane.tokened = not spoken.digest

    def token_needed(self, conversation: int) -> bool:
        """Whether the next message must carry a token: the first ones, and after an untokened."""
        lane = self._lanes.get(conversation)
        return lane is None or not lane.tokened

    def wants_token(self, conversation: int) -> bool:
        """Whether the last message here was an untokened one."""
        lane = self._lanes.get(conversation)
        return lane is not None and lane.tokened is False

    def new_connection(self) -> None:
        """On another connection the first message carries a token again."""
        for lane in self._lanes.values():
            lane.tokened = None if lane.tokened else lane.tokened

    def _lane(self, conversation: int) -> _Lane:
        found = self._lanes.get(conversation)
        if found is None:
            stamp = self._stamper.lane(self._sender, conversation)
            found = self._lanes[conversation] = _Lane(stamp)
        return found
