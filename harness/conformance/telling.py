"""A case's record in words, for pytest's reports and whatever plugin shows them."""

from collections.abc import Callable, Generator, Iterator

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.spec import CaseSpec
from schemas.case_records import CaseRecord, TranscriptLine

TITLE = "conformance evidence"

_LINES = 80
_PAYLOAD_CHARS = 300


class Teller:
    """Puts a case's record where reporters of all kinds find it. ``run_of`` gives an item's run."""

    def __init__(self, run_of: Callable[[pytest.Item], CaseRun | None]) -> None:
        self._run_of = run_of

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Outcome and clauses as properties; of what did not pass, the evidence as a section."""
        run = self._run_of(item)
        record = run.record if run is not None else None
        if run is None or record is None or call.when == "teardown":
            return (yield)
        item.user_properties.append(("outcome", str(record.outcome)))
        item.user_properties.append(("clauses", " ".join(record.clauses)))
        report = yield
        if report.failed:
            report.sections.append((TITLE, evidence_text(record, run.spec)))
        return report


def evidence_text(record: CaseRecord, spec: CaseSpec) -> str:
    """Clauses, what was expected and what came, and the ends of the transcript."""
    return "\n".join(_lines(record, spec))


def _lines(record: CaseRecord, spec: CaseSpec) -> Iterator[str]:
    yield f"{record.id}: {record.outcome}"
    for finding in record.findings:
        yield f"clause {finding.clause} ({finding.level}): {spec.clause(finding.clause).sentence}"
        yield f"  expected {finding.expected}"
        yield f"  actual   {finding.actual}{f' at {finding.pointer}' if finding.pointer else ''}"
    if record.profile_line:
        yield f"the profile line that describes this target: {record.profile_line}"
    count = len(record.transcript)
    for number, line in enumerate(record.transcript):
        if number < _LINES // 2 or number >= count - _LINES // 2:
            yield _told(line)
        elif number == _LINES // 2:
            yield f"  … {count - _LINES} lines left out"


def _told(line: TranscriptLine) -> str:
    way = "->" if line.sent else "<-"
    fin = "" if line.fin else " FIN 0"
    said = " ".join(line.payload[:_PAYLOAD_CHARS].split())
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in said)
    return (
        f"{line.t_ms:10.1f} ms {line.actor} {way} {line.what}{fin} {line.size} B  {shown}".rstrip()
    )
