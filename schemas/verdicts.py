"""The words in which results are given: levels, outcomes, verdicts and exit codes."""

from enum import IntEnum, StrEnum


class Level(StrEnum):
    """How binding a clause is: ``MUST`` more than ``SHOULD`` more than ``INFO``."""

    MUST = "must"
    SHOULD = "should"
    INFO = "info"

    def binds_at(self, gated: "Level") -> bool:
        """Whether a failure at this level counts when ``gated`` is the lowest level that counts."""
        order = (Level.MUST, Level.SHOULD, Level.INFO)
        return order.index(self) <= order.index(gated)


class Outcome(StrEnum):
    """What became of one conformance case."""

    PASSED = "passed"
    NON_STRICT = "non-strict"
    INFORMATIONAL = "informational"
    FAILED = "failed"
    EXPECTED_FAILURE = "expected-failure"
    UNEXPECTED_PASS = "unexpected-pass"  # noqa: S105 - no password
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class Verdict(StrEnum):
    """The one word about a whole run."""

    PASSED = "passed"
    FAILED = "failed"
    NO_VERDICT = "no-verdict"


class ExitCode(IntEnum):
    """What a pipeline sees. Nothing ran is ``NO_VERDICT``, never ``PASSED``."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    NO_VERDICT = 3
