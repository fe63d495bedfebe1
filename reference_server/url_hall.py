"""The hall where a staff connection belongs to the conversation that its URL names (D7).

It is bound from login on and may send at once; several may be. Nothing is offered. ``confirm`` only
claims the case, and the first to do so has it until it closes the case or leaves.
"""

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.hall import ASSIGNED, Hall, circumstance
from reference_server.inbound import Refusal
from reference_server.steps import Step
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import Role


class UrlHall(Hall):
    """``Conversation.bound_to`` is here who has claimed the case."""

    def admission_refusal(self, identity: Identity, wanted: str) -> str | None:
        """Staff must name a customer."""
        if identity.role is Role.STAFF and not wanted:
            return "Name the customer to serve in the query: conversation=SN."
        return None

    def _admit_staff(self, connection: Connection, wanted: str, step: Step) -> None:
        conversation = self._conversation_of(wanted, step)
        connection.bound_to = conversation
        conversation.attendants[connection.id] = connection
        self._replay(connection, conversation, step)

    def _dismiss_staff(self, connection: Connection, step: Step) -> None:  # noqa: ARG002
        conversation = connection.bound_to
        if conversation is not None:
            del conversation.attendants[connection.id]
            if conversation.bound_to is connection:
                conversation.bound_to = None

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        mine = connection.bound_to
        if mine is None or mine.sn != sn:
            return circumstance("This connection serves another customer.")
        return ASSIGNED if mine.bound_to is not None else None

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        for attendant in conversation.attendants.values():
            self._deliver(attendant, conversation, entry, step)

    def _others_of(self, sender: Connection, conversation: Conversation) -> list[Connection]:
        if sender.side is Role.CUSTOMER:
            return super()._others_of(sender, conversation)
        attendants = conversation.attendants.values()
        return [each for each in attendants if each is not sender and each.is_same_account(sender)]

    def _move(
        self,
        connection: Connection,
        conversation: Conversation,
        message: InMsg,
        step: Step,  # noqa: ARG002
    ) -> None:
        claims = message.titletype == self.dialect.staff_assign
        conversation.bound_to = connection if claims else None
