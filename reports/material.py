"""What every report is drawn from: a run's log, its verdict and the summary of both.

Reads the run folder and nothing else. A folder without a verdict is drawn as not judged yet.
"""

from pathlib import Path

import msgspec

from schemas.rulings import ruled
from schemas.run_log import Run, read_run
from schemas.summary import Summary, summarize
from schemas.verdict_file import VerdictFile, read_verdict
from schemas.verdicts import ExitCode, Verdict

NOT_JUDGED = VerdictFile(
    verdict=Verdict.NO_VERDICT,
    exit_code=ExitCode.NO_VERDICT,
    reasons=["unjudged: not judged yet; no verdict file that can be read lies beside the log"],
)


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """One run as its reports see it, its cases with the outcomes that the verdict gives them.

    ``judged`` is false where nobody has decided about it yet. Where it was put together,
    ``shards`` has the folder of each case.
    """

    run: Run
    verdict: VerdictFile
    summary: Summary
    judged: bool
    folder: str = ""
    shards: dict[str, str] = {}

    def replay_folder(self, case_id: str) -> str:
        """The folder from which a case can be run again; "" where its log does not say how."""
        alone = self.folder if self.run.suite is not None else ""
        return self.shards.get(case_id, alone)


def read_material(folder: Path) -> Material:
    """The material in ``folder``; :class:`schemas.run_log.RunLogUnreadable` without a run log."""
    found = read_verdict(folder)
    verdict = found or NOT_JUDGED
    run = ruled(read_run(folder), verdict.expectations)
    return Material(
        run=run,
        verdict=verdict,
        summary=summarize(run, verdict),
        judged=found is not None,
        folder=str(folder),
    )
