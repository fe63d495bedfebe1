"""The unread counts that one session is told, by conversation (decisions D10, D11).

Knows who reads what, and which counts no order of handling can explain; reports nothing itself.
"""

from harness.session_rules import SessionRules
from harness.unread import UnreadModel
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.modes import ReadReceipt
from schemas.words import MessageType, Role


class SessionCounts:
    """The counts of ``identity``; ``bound`` is the conversation that its connection is bound to."""

    __slots__ = ("_identity", "_is_customer", "_marks_read", "_models", "_running")

    def __init__(self, identity: Identity, rules: SessionRules) -> None:
        self._identity = identity
        self._is_customer = identity.role is Role.CUSTOMER
        self._marks_read = rules.read_receipt is not ReadReceipt.NONE
        self._running = rules.running_replay
        self._models: dict[str, UnreadModel] = {}

    def promised(self, conversation: str) -> int:
        """Messages of ``conversation`` that a count included and that have not come."""
        model = self._models.get(conversation)
        return model.promised if model is not None else 0

    def rebound(self, conversation: str) -> None:
        """This connection is bound to ``conversation`` now."""
        self._model(conversation).rebound()

    def marked_by(self, message: InMsg, bound: str | None) -> UnreadModel | None:
        """The model of the conversation that ``message`` marks as read, if it marks any."""
        if not message.read or not self._marks_read:
            return None
        conversation = message.content if message.type == MessageType.STAFF else bound
        return self._model(conversation) if conversation is not None else None

    def told(self, sender: object, count: int, bound: str | None) -> int | None:
        """A message of ``sender`` told ``count``: the least it could tell, if it told less."""
        conversation = bound if self._is_customer else sender
        if sender == self._identity.sn or not isinstance(conversation, str):
            return None
        model = self._model(conversation)
        least = model.received(count)
        if conversation != bound:
            model.rebound()
            return None
        return least if count < least and not self._running else None

    def _model(self, conversation: str) -> UnreadModel:
        found = self._models.get(conversation)
        if found is None:
            found = self._models[conversation] = UnreadModel()
        return found
