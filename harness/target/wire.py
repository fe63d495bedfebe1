"""What a profile changes in the frame schemas."""

from harness.target.checks import RFC3339
from harness.target.keys import KeyStatus
from harness.target.target_profile import Profile
from schemas.clauses import register
from schemas.modes import MsgRead
from schemas.registry import WireDialect


def wire_dialect(profile: Profile) -> WireDialect:
    """The words and the switched-off clauses with which frames of this target are judged."""
    dialect = profile.dialect
    return WireDialect(
        tier=dialect.tier,
        types=tuple(dialect.types),
        staff_words=(dialect.staff.assign, dialect.staff.close),
        send_types=dialect.send_types,
        off=frozenset(_off(profile)),
    )


def _off(profile: Profile) -> set[str]:
    clauses = {
        slug
        for slug, clause in register().items()
        if clause.key and profile.status(clause.key) is KeyStatus.OFF
    }
    if profile.dialect.time_formats != (RFC3339,):
        clauses.add("time-format")  # strptime patterns are beyond a schema
    if profile.dialect.msg_read is not MsgRead.FALSE:
        clauses.add("msg-read-false")
    return clauses
