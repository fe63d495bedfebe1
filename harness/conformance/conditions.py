"""Under which profiles a case applies: small predicates that say why it does not."""

from harness.conformance.spec import Condition
from harness.target import KeyStatus, Profile
from schemas.modes import (
    AckMode,
    BadInput,
    BinaryMode,
    Binding,
    ContentMode,
    InfoMode,
    MsgRead,
    ReadReceipt,
    ReplayCount,
    UnreadScope,
)
from schemas.words import MessageType


def on(key: str) -> Condition:
    """``key`` is not off, and not false."""

    def check(profile: Profile) -> str | None:
        off = profile.status(key) is KeyStatus.OFF or profile.value(key) is False
        return f"{key} is off" if off else None

    return check


def is_set(key: str) -> Condition:
    """``key`` has something in it."""
    return lambda profile: None if profile.value(key) else f"{key} is empty"


def being(key: str, *values: object) -> Condition:
    """``key`` has one of ``values`` and is not off."""

    def check(profile: Profile) -> str | None:
        if profile.status(key) is KeyStatus.OFF:
            return f"{key} is off"
        return None if profile.value(key) in values else f"{key} is {profile.value(key)}"

    return check


def speaks(kind: MessageType) -> Condition:
    """Messages of ``kind`` are in use (D1)."""
    return lambda profile: None if kind in profile.dialect.types else f"dialect.types has no {kind}"


def one_token(profile: Profile) -> str | None:
    """Tokens are ours to spoil: no command makes them."""
    return "login.token_command makes the tokens" if profile.login.token_command else None


def room_for(count: int) -> Condition:
    """An account may hold ``count`` connections: some that were reset may still be counted."""

    def check(profile: Profile) -> str | None:
        most = profile.limits.max_connections_per_account
        return f"limits.max_connections_per_account is {most}" if 0 < most < count else None

    return check


def texts_told_apart(profile: Profile) -> str | None:
    """One text that arrives can be told from another of the same sender."""
    rewritten = profile.dialect.content.text is ContentMode.ANY
    return "dialect.content.text is any: texts cannot be told apart" if rewritten else None


LOGIN_FRAMES = on("login.frame")
REJECTS = on("login.reject")
EXPIRED = is_set("accounts.expired_token")
ACKS = being("dialect.ack", AckMode.ECHO, AckMode.BARE)
ECHOES = being("dialect.ack", AckMode.ECHO)
FRAME_BINDING = being("binding", Binding.FRAME)
CASES = on("capabilities.case_lifecycle")
OFFERS = on("capabilities.offers")
REPLAYS = on("capabilities.replay_unread")
TOTAL_REPLAY = being("dialect.replay_count", ReplayCount.TOTAL)
DEVICES = on("capabilities.multi_device")
POSTS = on("capabilities.http_post")
RECEIPTS = being("dialect.read_receipt", ReadReceipt.EMPTY_CONTENT)
READS = being("dialect.read_receipt", ReadReceipt.EMPTY_CONTENT, ReadReceipt.FLAG)
COUNTS = being("dialect.unread_scope", UnreadScope.CONVERSATION)
ERROR_FRAMES = being("dialect.on_bad_input", BadInput.ERROR_FRAME)
INFO = being("dialect.info", InfoMode.TITLES)
PLACES = on("dialect.location")
READ_IS_FALSE = being("dialect.msg_read", MsgRead.FALSE)
SAME_MSG = on("dialect.same_msg")
BINARY_CLOSES = being("limits.binary", BinaryMode.CLOSE)
