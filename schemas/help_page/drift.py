"""The vocabulary of drift: what can differ between two pages, and what each difference breaks."""

from enum import StrEnum

import msgspec

from schemas.help_page.model import Side


class DriftClass(StrEnum):
    """What a difference does to those who rely on the first page."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    COSMETIC = "cosmetic"


class ChangeKind(StrEnum):
    """What differs."""

    METHOD = "method changed"
    PATH = "path changed"
    BODY_ADDED = "body added"
    BODY_REMOVED = "body removed"
    BODY_RETYPED = "body retyped"
    MEDIA_TYPE_ADDED = "media type added"
    MEDIA_TYPE_REMOVED = "media type removed"
    PARAMETER_ADDED = "parameter added"
    PARAMETER_REMOVED = "parameter removed"
    PARAMETER_RETYPED = "parameter retyped"
    MEMBER_ADDED = "member added"
    MEMBER_REMOVED = "member removed"
    MEMBER_RETYPED = "member retyped"
    MEMBER_RESPELLED = "member respelled"
    WORD_ADDED = "word added"
    WORD_REMOVED = "word removed"
    RULE_ADDED = "rule added"
    RULE_REMOVED = "rule removed"
    TYPE_RENAMED = "type renamed"
    ORDER = "order changed"
    PROSE = "prose changed"
    SAMPLE = "sample changed"


_B, _C, _S = DriftClass.BREAKING, DriftClass.COMPATIBLE, DriftClass.COSMETIC

# Kind: its class in a request and in a response. Who sends may say less and who reads must take
# more; so a word that servers add breaks readers, and one they take away breaks senders.
_CLASSES = {
    ChangeKind.METHOD: (_B, _B),
    ChangeKind.PATH: (_B, _B),
    ChangeKind.BODY_ADDED: (_B, _C),
    ChangeKind.BODY_REMOVED: (_B, _B),
    ChangeKind.BODY_RETYPED: (_B, _B),
    ChangeKind.MEDIA_TYPE_ADDED: (_C, _C),
    ChangeKind.MEDIA_TYPE_REMOVED: (_B, _B),
    ChangeKind.PARAMETER_ADDED: (_C, _C),
    ChangeKind.PARAMETER_REMOVED: (_B, _B),
    ChangeKind.PARAMETER_RETYPED: (_B, _B),
    ChangeKind.MEMBER_ADDED: (_C, _C),
    ChangeKind.MEMBER_REMOVED: (_B, _B),
    ChangeKind.MEMBER_RETYPED: (_B, _B),
    ChangeKind.MEMBER_RESPELLED: (_B, _B),
    ChangeKind.WORD_ADDED: (_C, _B),
    ChangeKind.WORD_REMOVED: (_B, _C),
    ChangeKind.RULE_ADDED: (_B, _C),
    ChangeKind.RULE_REMOVED: (_C, _B),
    ChangeKind.TYPE_RENAMED: (_S, _S),
    ChangeKind.ORDER: (_S, _S),
    ChangeKind.PROSE: (_S, _S),
    ChangeKind.SAMPLE: (_S, _S),
}


class Change(msgspec.Struct, frozen=True):
    """One difference. ``place`` is the member, the type or the part of the page."""

    kind: ChangeKind
    drift: DriftClass
    place: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        parts = filter(None, (self.before, self.after))
        arrow = " → " if self.before and self.after else ""
        detail = f": {arrow.join(parts)}" if self.before or self.after else ""
        return f"{self.kind}: {self.place}{detail}"


def change(kind: ChangeKind, side: Side, place: str, before: str = "", after: str = "") -> Change:
    """A change of ``kind`` on ``side``, in the class that the two give it."""
    drift = _CLASSES[kind][side is Side.RESPONSE]
    return Change(kind, drift, place, before, after)


def graded(plain: Change, drift: DriftClass) -> Change:
    """``plain`` in another class, where the case at hand knows better than the table."""
    return msgspec.structs.replace(plain, drift=drift)
