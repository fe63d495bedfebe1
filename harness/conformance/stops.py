"""What ends a case before its end. Findings are values; these carry them out of a case's code."""

from schemas.clauses import clause
from schemas.findings import Finding


class Stop(Exception):
    """Whatever ends a case early, by design."""


class Broken(Stop):
    """A clause is broken, and the case cannot or need not go on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class Blocked(Stop):
    """Something else is broken, or missing, that this case stands on: ``finding``, if it is one."""

    def __init__(self, why: str, finding: Finding | None = None) -> None:
        super().__init__(why)
        self.finding = finding


class Inconclusive(Stop):
    """What was seen can have a harmless cause that cannot be ruled out."""


class NotApplicable(Stop):
    """The target's profile, or the accounts given, leave nothing to check."""


def broken(
    slug: str, expected: str, actual: object, *, pointer: str = "", frame: bytes | str = ""
) -> Broken:
    """The stop for ``slug``; ``actual`` is shown cut."""
    shown = actual if isinstance(actual, str) else repr(actual)
    return Broken(
        clause(slug).broken(expected=expected, actual=shown[:300], pointer=pointer, frame=frame)
    )
