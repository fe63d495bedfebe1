"""Who may say what, here and now: what a message is refused for that is right in itself.

Knows the conversations and who is bound to which; changes nothing.
"""

from collections.abc import Iterable

from reference_server import catalogue
from reference_server.composing import Composer
from reference_server.conversation import Connection, Past, recall
from reference_server.dialect import Dialect
from reference_server.inbound import Blame, Refusal
from schemas.messages import InMsg
from schemas.words import MessageType, Role


def circumstance(error: str) -> Refusal:
    """A refusal of a message that is right in itself, but not here and now (D13, D14, D16)."""
    return Refusal(error, Blame.CIRCUMSTANCE)


UNBOUND = Refusal("No case is open on this connection: confirm a customer first.")
ASSIGNED = circumstance("This customer's case is already assigned.")


class Rights:
    """The conversations as one dialect has them, and each sender's rights in them."""

    def __init__(self, dialect: Dialect, past: Iterable[Past]) -> None:
        self.dialect = dialect
        self._composer = Composer(dialect)
        self._conversations = {each.sn: recall(each) for each in past}

    @property
    def conversations(self) -> int:
        """How many customers were ever seen."""
        return len(self._conversations)

    def _refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        if message.type == MessageType.STAFF:
            return self._staff_word_refusal(connection, message)
        if connection.side is Role.STAFF and connection.bound_to is None:
            return UNBOUND
        if message.type == MessageType.TITLE and catalogue.is_unknown(
            message.titletype, message.content
        ):
            return circumstance("The shop knows no product or order of this number.")
        return None

    def _staff_word_refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        if connection.side is Role.CUSTOMER:
            return Refusal("Only staff may take or close a case.")
        sn = self._composer.customer_named(message)
        if message.titletype == self.dialect.staff_close:
            return self._closing_refusal(connection, sn)
        return self._confirming_refusal(connection, sn)

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if connection.bound_to is not None:
            return circumstance("A case is open on this connection: close it first.")
        conversation = self._conversations.get(sn or "")
        if conversation is None:
            return circumstance("No customer of this number has ever logged in.")
        return ASSIGNED if conversation.bound_to is not None else None

    def _closing_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if not self.dialect.case_lifecycle:
            return circumstance("Cases are not closed here.")
        bound = connection.bound_to
        if bound is None or bound.sn != sn or bound.bound_to is not connection:
            return circumstance("This customer's case is not open on this connection.")
        return None
