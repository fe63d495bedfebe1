"""What every report says of a case: what went wrong in a line, and how to run it again."""

import shlex

from schemas.case_records import CaseRecord


def what_went_wrong(case: CaseRecord) -> str:
    """Its own words, else what its first finding says; hostile text, as long as it comes."""
    if case.message or not case.findings:
        return case.message
    first = case.findings[0]
    return f"expected {first.expected}; got {first.actual}"


def replay_command(folder: str, case_id: str) -> str:
    """What to type to run the case of the run in ``folder`` again."""
    return f"chatsocket replay {shlex.quote(folder)} {shlex.quote(case_id)}"
