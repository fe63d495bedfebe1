"""What a target's profile means for the sessions that talk to it."""

from collections.abc import Mapping

from harness.grading import off_clauses
from harness.session_rules import SessionRules
from harness.target import Profile
from schemas.clauses import register
from schemas.modes import ContentMode, ReplayCount, UnreadScope
from schemas.words import MessageType


def session_rules(profile: Profile, *, alone: bool = True) -> SessionRules:
    """The rules of a session; ``alone`` when its account has no other connection meanwhile."""
    dialect = profile.dialect
    contents: Mapping[str, ContentMode] = {
        MessageType.TEXT: dialect.content.text,
        MessageType.IMAGE: dialect.content.image,
        MessageType.TITLE: dialect.content.title,
    }
    customer_word, staff_word = dialect.send_types
    return SessionRules(
        login_frame=profile.login.frame,
        ack=dialect.ack,
        contents=contents,
        read_receipt=dialect.read_receipt,
        unread=alone and dialect.unread_scope is UnreadScope.CONVERSATION,
        running_replay=dialect.replay_count is ReplayCount.RUNNING,
        confirm_word=dialect.staff.assign,
        close_word=dialect.staff.close,
        customer_word=customer_word,
        staff_word=staff_word,
        off=off_clauses(dict(register()), profile),
    )
