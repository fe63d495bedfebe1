"""The conformance suite: pytest cases that judge one server clause by clause.

:func:`run_suite` runs it, :func:`list_cases` lists it; the cases are in :mod:`.cases`, in files
named after their groups. Non-conformance is in the records, never an exception.
"""

from harness.conformance.generated.budget import Generate, Generation
from harness.conformance.listing import CaseInfo
from harness.conformance.own_cases import own_folders
from harness.conformance.spec import Group, Manner, case, negative
from harness.conformance.suite import (
    SuiteOptions,
    SuiteResult,
    groups_named,
    list_cases,
    run_suite,
)

__all__ = [
    "CaseInfo",
    "Generate",
    "Generation",
    "Group",
    "Manner",
    "SuiteOptions",
    "SuiteResult",
    "case",
    "groups_named",
    "list_cases",
    "negative",
    "own_folders",
    "run_suite",
]
