"""Valid frames in an open conversation: each is accepted, and arrives as it was said."""

from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.generated.drafts import (
    Draft,
    breach_of,
    frame_of,
    is_acceptable,
    message_of,
    told,
)
from harness.conformance.generated.lexicon import Lexicon
from harness.conformance.generated.lodging import AttemptDoor
from harness.target import Profile, wire_dialect
from schemas.judge import FrameJudge
from schemas.modes import AckMode, ReadReceipt
from schemas.registry import Direction

Script = list[str]


def client_judge(profile: Profile) -> FrameJudge:
    """Our own judge of what clients send to this target."""
    return FrameJudge(Direction.CLIENT, wire_dialect(profile))


def opened(door: AttemptDoor) -> Conversation:
    """A conversation in which nothing is unread."""
    return Conversation(door).begin()


class Talk:
    """Does a row of drafts: all are sent at once, then answers and deliveries are looked at."""

    def __init__(self, profile: Profile) -> None:
        self._judge = client_judge(profile)

    def perform(self, example: tuple[Draft, ...], door: AttemptDoor, script: Script) -> None:
        """Say all of ``example``."""
        conversation = opened(door)
        _Course(conversation, self._judge, script).say(example)
        conversation.reckon()
        conversation.end()


class _Course:
    def __init__(self, conversation: Conversation, judge: FrameJudge, script: Script) -> None:
        self._conversation = conversation
        self._judge = judge
        self._script = script
        profile = conversation.bench.profile
        self._most_bytes = profile.limits.max_message_bytes
        dialect = profile.dialect
        self._receipts = (
            dialect.read_receipt is ReadReceipt.EMPTY_CONTENT and dialect.ack is not AckMode.NONE
        )

    def say(self, drafts: tuple[Draft, ...]) -> None:
        lexicon = Lexicon(self._conversation.bench)
        sn = self._conversation.customer.sn
        said = []
        for draft in drafts:
            message = message_of(draft, lexicon, sn, receipts=self._receipts)
            frame = frame_of(message, draft)
            if is_acceptable(frame, self._judge, self._most_bytes):
                self._script.append(told(draft, frame.text[:300]))
                said.append((draft, frame, self._sender(draft).say(message, frame.data)))
        for draft, frame, sent in said:
            self._sender(draft).accepted(sent, breach_of(frame.message, draft))

    def _sender(self, draft: Draft) -> Chatter:
        conversation = self._conversation
        return conversation.staff if draft.by_staff else conversation.customer
