"""What a generated play may do against one target, and what of it may be judged."""

import msgspec

from harness.conformance.chatter import RECEIPT_MODES
from harness.conformance.conversation import closes_cases
from harness.conformance.generated.contract import Terms
from harness.target import KeyStatus, Profile
from schemas.modes import (
    AckMode,
    BadInput,
    Binding,
    ContentMode,
    ReadReceipt,
    ReplayCount,
    UnreadScope,
)


class Liberties(msgspec.Struct, frozen=True):
    """What may be done: pure receipts, leaving and returning, closing cases, contesting them, wrong
    input. What is judged: counts, and that a message is the same everywhere.

    Where a mode or a key that is off leaves open what must come, it is not done.
    """

    terms: Terms
    receipts: bool
    returns: bool
    closes: bool
    contests: bool
    wrongs: bool
    counts: bool
    same: bool

    @classmethod
    def of(cls, profile: Profile, *, clean: bool) -> "Liberties":
        """Those against ``profile``; ``clean``: its accounts are new."""
        dialect, capabilities = profile.dialect, profile.capabilities
        by_url = profile.binding is Binding.URL

        def on(key: str) -> bool:
            return profile.status(key) is not KeyStatus.OFF

        reads = on("dialect.read_receipt")
        receipts = reads and dialect.read_receipt in RECEIPT_MODES
        flags = dialect.read_receipt is ReadReceipt.FLAG and clean
        marks = reads and (receipts or flags)
        replays = on("capabilities.replay_unread") and capabilities.replay_unread
        lifecycle = on("capabilities.case_lifecycle") and capabilities.case_lifecycle
        content = dialect.content
        told_apart = ContentMode.ANY not in (content.text, content.image, content.title)
        offers = on("capabilities.offers") and capabilities.offers
        return cls(
            terms=Terms(
                marks=marks,
                closing_marks=not reads or dialect.read_receipt is not ReadReceipt.NONE,
                by_url=by_url,
                lifecycle=lifecycle and not by_url,
                running=dialect.replay_count is ReplayCount.RUNNING,
            ),
            receipts=receipts,
            returns=marks and replays,
            closes=closes_cases(profile) and marks and replays,
            contests=offers and not by_url,
            wrongs=dialect.on_bad_input is BadInput.ERROR_FRAME,
            counts=marks
            and told_apart
            and on("dialect.unread_scope")
            and on("dialect.replay_count")
            and dialect.unread_scope is UnreadScope.CONVERSATION,
            same=told_apart
            and on("dialect.same_msg")
            and dialect.same_msg
            and dialect.ack is AckMode.ECHO,
        )
