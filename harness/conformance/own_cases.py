"""A team's own cases: folders of ``test_*.py`` files beside the suite's.

They are written like the suite's own, with :func:`~harness.conformance.spec.case` and the same
fixtures, and make the group ``own``. Whatever is wrong with such a file is a UsageError.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from harness.errors import UsageError, one_line

PATTERN = "test_*.py"

_UNKNOWN = re.compile(r"^harness\.errors\.\w+: ")


def own_folders(names: Iterable[str]) -> tuple[str, ...]:
    """The folders of these names, absolute; UsageError for one without a file of cases."""
    return tuple(str(_folder(name)) for name in names)


def unloadable(report: pytest.CollectReport) -> UsageError:
    """What to tell a user whose file of cases could not be loaded."""
    lines = [line.strip() for line in report.longreprtext.splitlines() if line.strip()]
    said = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    why = one_line(_UNKNOWN.sub("", (said or lines or ["for an unknown reason"])[-1]))
    return UsageError(f"the cases in {report.nodeid or 'the folder'} cannot be loaded: {why}")


def undeclared(item: pytest.Item) -> UsageError:
    """What to tell a user whose test names nothing that it checks."""
    return UsageError(
        f"{item.nodeid} is a test and no case: it names nothing that it checks",
        'put @case("a-clause") or @case(must="a sentence") above it',
    )


def ambiguous(case_id: str) -> UsageError:
    """What to tell a user two of whose cases cannot be told apart."""
    return UsageError(f"there are two cases {case_id}", "give their files different names")


def _folder(name: str) -> Path:
    folder = Path(name).expanduser().absolute()
    try:
        found = any(folder.rglob(PATTERN)) if folder.is_dir() else folder.match(PATTERN)
        readable = folder.exists()
    except OSError as error:
        raise UsageError(f"cannot read the cases in {name}: {error.strerror or error}") from None
    if not readable:
        raise UsageError(f"there is no folder {name} of cases")
    if not found:
        raise UsageError(f"{name} holds no cases", f"name the files {PATTERN}")
    return folder
