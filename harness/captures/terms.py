"""What a capture is held to: the target's profile, as plain values, and what the user claims."""

import msgspec
from msgspec.structs import replace

from harness.profile_rules import session_rules
from harness.session_rules import SessionRules
from harness.target import Profile, wire_dialect
from schemas.judge import FrameJudge
from schemas.modes import BadInput, BinaryMode, Binding
from schemas.registry import Direction, WireDialect
from schemas.words import Role


class Claims(msgspec.Struct, frozen=True):
    """What the user says about a capture; what is not said is inferred.

    ``midway``: it begins in the middle of a connection, so no ``Login`` is due. ``server_only``:
    the client's own mistakes are recorded and held against nobody.
    """

    role: Role | None = None
    sn: str = ""
    midway: bool = False
    server_only: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every connection of a capture."""

    claims: Claims
    rules: SessionRules
    dialect: WireDialect
    server: FrameJudge
    client: FrameJudge
    answer_ns: int
    closes_on_bad_input: bool
    takes_binary: bool
    binds_by_url: bool

    @classmethod
    def of(cls, profile: Profile, claims: Claims) -> "Terms":
        """The terms under which captures of the target of ``profile`` are judged."""
        rules, dialect = session_rules(profile), wire_dialect(profile)
        return cls(
            claims=claims,
            rules=replace(rules, login_frame=rules.login_frame and not claims.midway),
            dialect=dialect,
            server=FrameJudge(Direction.SERVER, dialect),
            client=FrameJudge(Direction.CLIENT, dialect),
            answer_ns=int(profile.limits.answer_s * 1e9),
            closes_on_bad_input=profile.dialect.on_bad_input is BadInput.CLOSE,
            takes_binary=profile.limits.binary is BinaryMode.ACCEPT,
            binds_by_url=profile.binding is Binding.URL,
        )
