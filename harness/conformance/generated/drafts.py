"""Frames that every server must take: drafted by hypothesis, said with a lexicon."""

import msgspec
from hypothesis import strategies as st

from harness.conformance.generated.lexicon import Lexicon
from harness.conformance.generated.spelling import (
    ABSENT,
    NULL,
    Spelling,
    members,
    spellings,
    written,
)
from harness.conformance.generated.words import EDGED, PIECES, Numbers, number, numbers, one_of
from schemas.json_texts import Expectation
from schemas.judge import FrameJudge
from schemas.messages import InMsg, is_receipt, receipt
from schemas.treatment import treatment
from schemas.words import MessageType

RECEIPT = 9
_KINDS = (0, 1, 2, RECEIPT)


class Draft(msgspec.Struct, frozen=True):
    """A frame before it is said. ``kind`` counts text, image, title, and :data:`RECEIPT`."""

    by_staff: bool = False
    kind: int = 0
    words: Numbers = ()
    edge: int = 0
    read: bool = False
    spelling: Spelling = Spelling()


class Frame(msgspec.Struct, frozen=True):
    """A frame as it is sent: what it says, and its text."""

    message: InMsg
    text: str

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.text.encode()


def drafts() -> st.SearchStrategy[Draft]:
    """One frame of either side."""
    return st.builds(
        Draft,
        by_staff=st.booleans(),
        kind=one_of(*_KINDS),
        words=numbers(len(PIECES)),
        edge=number(EDGED),
        read=st.booleans(),
        spelling=spellings(),
    )


def message_of(draft: Draft, lexicon: Lexicon, customer_sn: str, *, receipts: bool) -> InMsg:
    """What ``draft`` says, in the conversation of ``customer_sn``."""
    if draft.kind == RECEIPT and receipts:
        return receipt()
    sender = "" if draft.by_staff else customer_sn
    return lexicon.message(draft.kind % 3, draft.words, sender, read=draft.read, edge=draft.edge)


def frame_of(message: InMsg, draft: Draft) -> Frame:
    """``message`` as ``draft`` spells it."""
    return Frame(message, written(message, draft.spelling))


def is_acceptable(frame: Frame, judge: FrameJudge, most_bytes: int) -> bool:
    """Whether the final bytes are what an honest server must take (D17, D18)."""
    fits = len(frame.data) < most_bytes
    expectation = treatment(frame.data, judge.judge(frame.data)).expectation
    return fits and expectation is Expectation.ACCEPT


def breach_of(message: InMsg, draft: Draft) -> str:
    """The clause that a server breaks which refuses this frame: by what is odd about it."""
    spelling, names = draft.spelling, [name for name, _ in members(message, draft.spelling)]
    if len(names) > 4 or (spelling.extras and spelling.unsaid == ABSENT):
        return "ignore-unknown-member"
    if spelling.noise and message.type in (MessageType.TEXT, MessageType.IMAGE):
        return "ignore-titletype"
    if spelling.unsaid in (NULL, ABSENT) and len(names) > 0:
        return "null-is-absent"
    if is_receipt(message):
        return "receipt-acknowledged"
    return "in-titletype-word" if message.type == MessageType.TITLE else "in-type-word"


def told(draft: Draft, text: str) -> str:
    """The frame in words."""
    return f"{'staff' if draft.by_staff else 'customer'} sends {text}"
