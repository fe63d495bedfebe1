"""What one case saw: its transcript and the findings of all its connections, bounded."""

from collections import Counter

from msgspec.structs import replace

from harness.blocking.transcript import Transcript
from harness.conformance.spec import CaseSpec
from schemas.findings import Finding
from schemas.verdicts import Level

EXAMPLES = 5

# A server that takes what D17 lets it take says it again unchanged (D21): no fault of its own.
_PROVOKED = frozenset({"out-lone-surrogate"})


class Evidence:
    """Collects for one case. At most :data:`EXAMPLES` findings of a clause are kept."""

    def __init__(self, spec: CaseSpec) -> None:
        self.spec = spec
        self.transcript = Transcript()
        self.findings: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self._excused: frozenset[str] = frozenset()

    def excuse(self, slug: str) -> None:
        """From now on what breaks ``slug`` is the case's own doing, and no finding."""
        self._excused |= {slug}

    def report(self, finding: Finding) -> None:
        """Write down that a clause was broken."""
        if finding.clause in self._excused:
            return
        self._counts[finding.clause] += 1
        if self._counts[finding.clause] <= EXAMPLES:
            shown = self.transcript.redacted
            self.findings.append(
                replace(finding, actual=shown(finding.actual), frame=shown(finding.frame))
            )

    def own(self) -> list[Finding]:
        """The findings of the clauses that this case checks: only these can fail it."""
        return [finding for finding in self.findings if finding.clause in self.spec.clauses]

    def in_passing(self) -> list[Finding]:
        """The other findings; but not what is only recorded, where the case itself provoked it."""
        return [
            finding
            for finding in self.findings
            if finding.clause not in self.spec.clauses
            and not (self.spec.negative and _may_be_provoked(finding))
        ]

    def latest(self, since: int) -> Finding | None:
        """The last finding since number ``since`` that binds at all."""
        later = [found for found in self.findings[since:] if found.level is not Level.INFO]
        return later[-1] if later else None


def _may_be_provoked(finding: Finding) -> bool:
    return finding.level is Level.INFO or finding.clause in _PROVOKED
