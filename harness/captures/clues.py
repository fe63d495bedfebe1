"""Whose connection a captured one is, told from its frames."""

import msgspec

from harness.captures.terms import Terms
from harness.events import Frame
from schemas.account_tokens import Identity
from schemas.words import MessageType, MsgStatus, Role


class Owner(msgspec.Struct, frozen=True):
    """The account of a connection; ``sure`` is false where its side is a guess."""

    identity: Identity
    sure: bool


class Clues:
    """Gathers what frames tell. What the user claims comes first.

    An accepted ``Send`` names its sender, and staff alone says staff words; failing these, whoever
    receives from one side only is of the other.
    """

    def __init__(self, terms: Terms) -> None:
        self._role = terms.claims.role
        self._sn = terms.claims.sn
        self._name = ""
        self._words = {terms.rules.customer_word: Role.CUSTOMER, terms.rules.staff_word: Role.STAFF}
        self._heard: set[Role] = set()

    @property
    def decided(self) -> bool:
        """Whether nothing more can be learnt."""
        return self._role is not None and bool(self._sn)

    def said(self, frame: Frame) -> None:
        """Look at a frame that the client sent."""
        if frame.get("type") == MessageType.STAFF:
            self._role = self._role or Role.STAFF

    def heard(self, frame: Frame) -> None:
        """Look at a frame that the client received."""
        msg = frame.get("msg")
        if not isinstance(msg, dict):
            return
        word, sn = msg.get("SendType"), msg.get("SendSn")
        side = self._words.get(word) if isinstance(word, str) else None
        match frame.get("MsgStatus"):
            case MsgStatus.SEND if frame.get("Result") is True:
                self._role = self._role or side
                self._sn = self._sn or (sn if isinstance(sn, str) else "")
                if sn == self._sn and not self._name:
                    self._name = str(msg.get("SendName") or "")
            case MsgStatus.RECEIVE if side is not None:
                self._heard.add(side)

    def owner(self) -> Owner:
        """The account as far as it is known now."""
        role = self._role
        if role is None and len(self._heard) == 1:
            role = next(iter(self._heard)).other
        return Owner(Identity(self._sn, role or Role.CUSTOMER, self._name), role is not None)
