"""What a broken clause is worth against one target (contract §3)."""

from harness.target import Profile
from harness.target.keys import KeyStatus, register
from schemas.clauses import Clause, clause
from schemas.verdicts import Level, Outcome


def grade(clause: Clause, profile: Profile, *, strict: bool = False) -> Outcome:
    """The outcome of breaking ``clause``.

    A MUST fails always. A SHOULD fails when its key is declared, is non-strict at its default (or
    without a key) and not applicable when the key is off; ``strict`` treats defaults as declared.
    """
    if clause.level is Level.MUST:
        return Outcome.FAILED
    if clause.level is Level.INFO:
        return Outcome.INFORMATIONAL
    status = profile.status(clause.key) if clause.key is not None else KeyStatus.DEFAULT
    match status:
        case KeyStatus.OFF:
            return Outcome.NOT_APPLICABLE
        case KeyStatus.DEFAULT if not strict:
            return Outcome.NON_STRICT
        case _:
            return Outcome.FAILED


def off_clauses(clauses: dict[str, Clause], profile: Profile) -> frozenset[str]:
    """The ids of the clauses that are not to be judged against this target."""
    graded = ((slug, grade(clause, profile)) for slug, clause in clauses.items())
    return frozenset(slug for slug, outcome in graded if outcome is Outcome.NOT_APPLICABLE)


def describing_line(profile: Profile, slug: str) -> str:
    """The profile line under which a server that breaks ``slug`` is not at fault; "" for none."""
    key = register().get(clause(slug).key or "")
    if key is None or not key.can_be_off:
        return ""
    return profile.line(key.name, False if isinstance(key.default, bool) else "off")
